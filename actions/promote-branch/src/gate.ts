import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { isLast } from '../../../lib/delivery/gates/hotfix.ts'
import type { LoggedCommit } from '../../../lib/git/history.ts'
import type { Deployments } from '../../../lib/github/deployments.ts'
import type { Pull } from '../../../lib/github/pulls.ts'
import { type Downstream, downstreams, firstOf } from './environments.ts'
import { outcomeOfMerge } from './outcome-of-merge.ts'
import { ownCommits } from './own-commits.ts'
import type { Ports } from './ports.ts'
import { postVerdict } from './post.ts'
import { askStanding, type Judged } from './standing.ts'
import { judge, type Outcome, type Verdict } from './verdict.ts'

/** Commits to look back over for what a branch has of its own. */
const MOST = 500

export type Settings = {
  configuration: Configuration
  /** Path of the configuration, to be read from the merge. */
  config: string
  now: number
  runUrl: string
  dryRun: boolean
}

export type Answer =
  | { pull: Pull; place: Downstream; verdict: Verdict; own: LoggedCommit[]; status: 'posted' | 'unchanged' | 'not-permitted' }
  | { pull: Pull; place: Downstream; unseen: string }

/** Asks the gate about one pull request and posts what it says on its head, for this environment alone. */
export const askGate = async (
  settings: Settings,
  ports: Ports,
  pull: Pull,
  place: Downstream,
  mergeCommit?: string,
): Promise<Answer> => {
  const { configuration, config, now } = settings
  const merged = await outcomeOfMerge(ports.clone, pull, place, config, mergeCommit)
  if ('unseen' in merged) return { pull, place, ...merged }
  const own = await ownOf(ports, pull.head.commit, merged.base)
  const verdict = judge({
    place,
    entry: firstOf(configuration, place.name).branch,
    isLast: isLast(place.name, configuration.environments),
    pull: pull.head,
    outcome: merged.outcome,
    upstream: merged.upstream,
    own: own.length,
    standing: await standing(configuration, place, merged.outcome, ports.deployments),
    now,
  })
  return { pull, place, verdict, own, status: await postVerdict(settings, ports, pull, place, verdict) }
}

/** Every open pull request into an environment that takes promotions; with `only`, into that one or from it. */
export const askAll = async (settings: Settings, ports: Ports, only?: string): Promise<Answer[]> => {
  const answers: Answer[] = []
  for (const place of downstreams(settings.configuration)) {
    if (only !== undefined && place.name !== only && place.upstream.name !== only) continue
    for (const pull of await ports.pulls.open(place.branch)) answers.push(await askGate(settings, ports, pull, place))
  }
  return answers
}

const ownOf = async ({ clone }: Ports, head: string, base: string): Promise<LoggedCommit[]> => {
  const commits = await clone.between(head, base, MOST)
  return ownCommits(commits, await clone.treesOf([...new Set(commits.flatMap(({ parents }) => parents))]))
}

const standing = async (
  { environments }: Configuration,
  { upstream }: Downstream,
  outcome: Outcome,
  deployments: Deployments,
): Promise<Judged> =>
  outcome.kind === 'tree'
    ? askStanding(outcome.merged, upstream.name, Object.keys(environments), deployments)
    : { standing: 'unknown', hasOlder: false }
