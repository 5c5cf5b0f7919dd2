import { Refusal } from '../../../lib/refusal.ts'
import { candidateOf } from './candidate.ts'
import { changesOf } from './changes.ts'
import { type Downstream, downstreams, requireEnvironment } from './environments.ts'
import { type Answer, askGate, type Settings } from './gate.ts'
import { type Opened, openPull } from './open-pull.ts'
import type { Clone, Ports } from './ports.ts'
import { promotionText } from './promotion-text.ts'
import { askStanding } from './standing.ts'

/** Commits to read for the list of changes; what is beyond is not counted. */
const MOST = 1000

export type Proposal = { head: string; base: string; opened: Opened; gate?: Answer }

/** Opens or refreshes the pull requests by which what was just verified in an environment goes on, and asks their gate. */
export const propose = async (
  settings: Settings,
  ports: Ports,
  environment: string,
  release: string | undefined,
): Promise<Proposal[]> => {
  requireEnvironment(settings.configuration, environment)
  const proposals: Proposal[] = []
  for (const place of downstreams(settings.configuration, environment)) {
    proposals.push(await proposeTo(settings, ports, place, release))
  }
  return proposals
}

const proposeTo = async (settings: Settings, ports: Ports, place: Downstream, release: string | undefined): Promise<Proposal> => {
  const { clone, pulls } = ports
  const branches = { head: place.upstream.branch, base: place.branch }
  const head = await requireBranch(clone, branches.head)
  const base = await requireBranch(clone, branches.base, head)
  const reason = await nothingToBring(clone, branches, head, base)
  if (reason !== undefined) return { ...branches, opened: { outcome: 'nothing', reason } }
  const tree = (await clone.treesOf([head])).get(head) ?? head
  const candidate = await candidateOf(settings.configuration, clone.source(tree, `branch ${branches.head}`))
  const { environments } = settings.configuration
  const standing = await askStanding(candidate, place.upstream.name, Object.keys(environments), ports.deployments)
  const changes = changesOf(
    await clone.between(base, head, MOST),
    Object.values(environments).map(({ branch }) => branch),
  )
  const title = `Promote ${place.upstream.name} to ${place.name}`
  const section = promotionText({ place, candidate, standing, release, changes })
  const opened = await openPull(pulls, { ...branches, title, section }, settings.dryRun)
  const pull = 'pull' in opened ? opened.pull : undefined
  return { ...branches, opened, ...(pull && { gate: await askGate(settings, ports, pull, place) }) }
}

const nothingToBring = async (
  clone: Clone,
  branches: { head: string; base: string },
  head: string,
  base: string,
): Promise<string | undefined> => {
  if (await clone.isAncestor(head, base)) return `${branches.base} has everything that ${branches.head} has`
  const trees = await clone.treesOf([head, base])
  return trees.get(head) === trees.get(base) ? `${branches.head} and ${branches.base} are the same, file by file` : undefined
}

/** `from` is where the branch is to begin, if it is missing everywhere. */
export const requireBranch = async (clone: Clone, branch: string, from?: string): Promise<string> => {
  const head = await clone.branchHead(branch)
  if (head !== undefined) return head
  const create =
    from === undefined ? '' : `; where GitHub has no such branch either: git push origin ${from}:refs/heads/${branch}`
  throw new Refusal(`branch ${branch} is not in the clone: give actions/checkout 'fetch-depth: 0'${create}`)
}
