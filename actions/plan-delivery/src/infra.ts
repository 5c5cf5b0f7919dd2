import type { Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { Ports } from './ports.ts'

/** What the templates are made of beside the configuration, from the root of the repository: the CDK app and what it imports. */
const INFRA = ['infra', 'lib/delivery', 'lib/host', 'lib/refusal.ts', 'cdk.json', 'package-lock.json']

/** What travels with the branch and not with an image. */
export const travelling = (config: string): string[] => [config, ...INFRA]

export type Compared = 'same' | 'other' | 'unknown'

/**
 * Whether infrastructure and configuration are those with which the release that stands there was delivered. That is not known
 * where none does, where the clone does not have its commit, and of a hotfix, which brings images alone.
 */
export const comparedInfrastructure = async (
  { config }: { config: string },
  standing: Release | undefined,
  { source, objectsAt }: Pick<Ports, 'source' | 'objectsAt'>,
): Promise<Compared> => {
  if (standing === undefined) return 'unknown'
  const paths = travelling(config)
  const [before, now] = await Promise.all([objectsAt(standing.commit, paths), source.objects(paths)])
  if (before === undefined) return 'unknown'
  if (!areSame(paths, before, now)) return 'other'
  return standing.kind === 'hotfix' ? 'unknown' : 'same'
}

const areSame = (paths: readonly string[], one: GitObjects, other: GitObjects): boolean =>
  paths.every((path) => one.get(path)?.id === other.get(path)?.id)
