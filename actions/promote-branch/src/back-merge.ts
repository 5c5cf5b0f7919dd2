import { changesOf } from './changes.ts'
import { firstOf, type Place, requireEnvironment } from './environments.ts'
import type { Settings } from './gate.ts'
import { openPull } from './open-pull.ts'
import { ownCommits } from './own-commits.ts'
import type { Clone, Ports } from './ports.ts'
import { type Proposal, requireBranch } from './propose.ts'
import { withChanges } from './section.ts'

const MOST = 1000

/** Opens or refreshes the pull request that brings what a branch has of its own, a hotfix say, back to where everything enters. */
export const backMerge = async (
  { configuration, dryRun }: Settings,
  { clone, pulls }: Ports,
  environment: string,
): Promise<Proposal> => {
  const place = requireEnvironment(configuration, environment)
  const entry = firstOf(configuration, environment)
  const branches = { head: place.branch, base: entry.branch }
  const head = await requireBranch(clone, branches.head)
  const base = await requireBranch(clone, branches.base, head)
  const log = await clone.between(base, head, MOST)
  const own = ownCommits(log, await clone.treesOf([...new Set(log.flatMap(({ parents }) => parents))]))
  const reason = await nothingToBring(clone, place, entry, head, base, own.length)
  if (reason !== undefined) return { ...branches, opened: { outcome: 'nothing', reason } }
  const changes = changesOf(
    own,
    Object.values(configuration.environments).map(({ branch }) => branch),
  )
  const section = withChanges(
    [
      `Brings back to \`${entry.branch}\` what branch \`${place.branch}\` has of its own.`,
      `Until this is merged and has come up again, promotions to **${place.name}** would mix both and are refused.`,
    ],
    changes,
    [
      'Merge with a merge commit, so that git knows from then on that both belong together.',
      'Slipway keeps this section up to date; what is written outside of it stays.',
    ],
  )
  const title = `Bring ${place.branch} back to ${entry.branch}`
  return { ...branches, opened: await openPull(pulls, { ...branches, title, section }, dryRun) }
}

const nothingToBring = async (
  clone: Clone,
  place: Place,
  entry: Place,
  head: string,
  base: string,
  own: number,
): Promise<string | undefined> => {
  if (place.name === entry.name) return `${place.name} is where everything enters`
  if (await clone.isAncestor(head, base)) return `${entry.branch} has everything that ${place.branch} has`
  const trees = await clone.treesOf([head, base])
  const tree = trees.get(base)
  if (trees.get(head) === tree) return `${place.branch} and ${entry.branch} are the same, file by file`
  if (own > 0) return undefined
  const merge = await clone.merge(base, head)
  return 'tree' in merge && merge.tree === tree ? `${place.branch} has nothing of its own, only promotions` : undefined
}
