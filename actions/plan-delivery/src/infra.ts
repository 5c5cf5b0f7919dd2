import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { hasInfrastructure } from '../../../lib/delivery/infrastructure.ts'
import type { Confirmed, Infrastructure, Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { Ports } from './ports.ts'

/** What the templates are made of beside the configuration, from the root of the repository: the CDK app and what it imports. */
const INFRA = ['infra', 'lib/delivery', 'lib/host', 'lib/refusal.ts', 'cdk.json', 'package-lock.json']

/** What travels with the branch and not with an image. */
export const travelling = (config: string): string[] => [config, ...INFRA]

export type Compared = 'same' | 'other' | 'unknown'

type Recorded = { infra?: Infrastructure; release?: Release }

/**
 * Whether infrastructure and configuration are those that stand, as whoever deployed them has recorded it and not as a release says,
 * which is not recorded where its deployment failed. `other` also where a change was begun and not ended. Not known where nothing is
 * recorded, and where the clone does not have the commit.
 */
export const comparedInfrastructure = async (
  { config, configuration, environment }: { config: string; configuration: Configuration; environment: string },
  { infra, release }: Recorded,
  { source, objectsAt }: Pick<Ports, 'source' | 'objectsAt'>,
): Promise<Compared> => {
  if (!hasInfrastructure(configuration, environment)) return 'same'
  if (infra === undefined) return 'unknown'
  if (infra.state !== 'done') return 'other'
  const confirmed = release?.infrastructure
  const paths = travelling(config)
  const commits = [infra.commit, ...(confirmed?.since === infra.at ? [confirmed.commit] : [])]
  const [now, ...before] = await Promise.all([source.objects(paths), ...commits.map((commit) => objectsAt(commit, paths))])
  if (before.some((objects) => objects !== undefined && areSame(paths, objects, now))) return 'same'
  return before.includes(undefined) ? 'unknown' : 'other'
}

/**
 * What is recorded with a release: where infrastructure is brought before it, or is the same, that of its commit; otherwise what was
 * known before.
 */
export const confirmedBy = (
  { commit, isSure }: { commit: string; isSure: boolean },
  { infra, release }: Recorded,
): Confirmed | undefined => {
  if (!isSure) return release?.infrastructure
  return infra?.state === 'done' ? { commit, since: infra.at } : undefined
}

const areSame = (paths: readonly string[], one: GitObjects, other: GitObjects): boolean =>
  paths.every((path) => one.get(path)?.id === other.get(path)?.id)
