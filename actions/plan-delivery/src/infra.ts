import type { Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { Ports } from './ports.ts'

/** Folder of the infrastructure, from the root of the repository. */
const INFRA = 'infra'

/** What travels with the branch and not with an image. */
export const travelling = (config: string): string[] => [config, INFRA]

/** Whether infrastructure or configuration are others than those of the release that stands there; true where that is not known. */
export const hasOtherInfrastructure = async (
  { config }: { config: string },
  standing: Release | undefined,
  { source, objectsAt }: Pick<Ports, 'source' | 'objectsAt'>,
): Promise<boolean> => {
  if (standing === undefined) return true
  const paths = travelling(config)
  const [before, now] = await Promise.all([objectsAt(standing.commit, paths), source.objects(paths)])
  return before === undefined || !areSame(paths, before, now)
}

const areSame = (paths: readonly string[], one: GitObjects, other: GitObjects): boolean =>
  paths.every((path) => one.get(path)?.id === other.get(path)?.id)
