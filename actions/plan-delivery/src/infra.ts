import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { hasInfrastructure } from '../../../lib/delivery/infrastructure.ts'
import { infrastructureOf, type Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { Ports } from './ports.ts'

/** What the templates are made of beside the configuration, from the root of the repository: the CDK app and what it imports. */
const INFRA = ['infra', 'lib/delivery', 'lib/host', 'lib/refusal.ts', 'cdk.json', 'package-lock.json']

/** What travels with the branch and not with an image. */
export const travelling = (config: string): string[] => [config, ...INFRA]

export type Compared = 'same' | 'other' | 'unknown'

/**
 * Whether infrastructure and configuration are those that were delivered last, where infrastructure makes anything. That is not known where no release stands, and where
 * the clone does not have the commit.
 */
export const comparedInfrastructure = async (
  { config, configuration, environment }: { config: string; configuration: Configuration; environment: string },
  standing: Release | undefined,
  { source, objectsAt }: Pick<Ports, 'source' | 'objectsAt'>,
): Promise<Compared> => {
  if (!hasInfrastructure(configuration, environment)) return 'same'
  if (standing === undefined) return 'unknown'
  const paths = travelling(config)
  const [before, now] = await Promise.all([objectsAt(infrastructureOf(standing), paths), source.objects(paths)])
  if (before === undefined) return 'unknown'
  return areSame(paths, before, now) ? 'same' : 'other'
}

const areSame = (paths: readonly string[], one: GitObjects, other: GitObjects): boolean =>
  paths.every((path) => one.get(path)?.id === other.get(path)?.id)
