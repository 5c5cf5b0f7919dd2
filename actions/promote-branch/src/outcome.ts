import type { StatusState } from '../../../lib/github/statuses.ts'
import type { Answer } from './gate.ts'
import type { Proposal } from './propose.ts'

/** What one run did. */
export type Result = { gates: Answer[]; proposals: Proposal[] }

type Judged = Extract<Answer, { verdict: object }>

export const isJudged = (answer: Answer): answer is Judged => 'verdict' in answer

/** Gates that were asked, those of proposals among them. */
export const allGates = ({ gates, proposals }: Result): Answer[] => [
  ...gates,
  ...proposals.flatMap(({ gate }) => (gate === undefined ? [] : [gate])),
]

export const outputs = (result: Result): Record<string, string> => {
  const judged = allGates(result).filter(isJudged)
  const pulls = result.proposals.flatMap(({ opened }) => ('pull' in opened && opened.pull ? [opened.pull.number] : []))
  const numbers = new Set([...pulls, ...judged.map(({ pull }) => pull.number)])
  return {
    outcome: outcomeOf(result),
    'pull-request': [...numbers].join(' '),
    gate: worst(judged.map(({ verdict }) => verdict.state)),
    gates: JSON.stringify(
      judged.map(({ pull, place, verdict }) => ({
        pullRequest: pull.number,
        commit: pull.head.commit,
        environment: place.name,
        state: verdict.state,
        reason: verdict.reason,
      })),
    ),
  }
}

/** What counts most of what was done. */
const outcomeOf = ({ gates, proposals }: Result): string => {
  const outcomes: string[] = [
    ...proposals.map(({ opened }) => opened.outcome),
    ...gates.filter(isJudged).map(({ status }) => status),
  ]
  return ['opened', 'refreshed', 'posted', 'unchanged', 'not-permitted'].find((name) => outcomes.includes(name)) ?? 'nothing'
}

const worst = (states: readonly StatusState[]): StatusState | '' =>
  (['failure', 'pending', 'success'] as const).find((state) => states.includes(state)) ?? ''

/** Lines of the log. Words of people are in none of them but subjects of commits, which the log makes inert. */
export const describe = (result: Result, dryRun: boolean): string[] => {
  const mark = dryRun ? 'dry run: ' : ''
  const proposed = result.proposals.map(({ head, base, opened }) => {
    if (opened.outcome === 'nothing') return `${mark}${head} → ${base}: nothing to bring: ${opened.reason}`
    const { pull } = opened
    return `${mark}${head} → ${base}: ${pull === undefined ? 'would be opened' : `pull request ${pull.number} ${opened.outcome}: ${pull.url}`}`
  })
  return [...proposed, ...allGates(result).flatMap((answer) => describeGate(answer, mark))]
}

const describeGate = (answer: Answer, mark: string): string[] => {
  const { pull, place } = answer
  if (!isJudged(answer)) return [`${mark}pull request ${pull.number} into ${place.branch}: not asked: ${answer.unseen}`]
  const { verdict, own, status } = answer
  return [
    `${mark}pull request ${pull.number} into ${place.branch}: ${verdict.state}: ${verdict.reason} (status ${status})`,
    ...(verdict.next === undefined ? [] : [`  next: ${verdict.next}`]),
    ...(verdict.state === 'failure' ? own.slice(0, 10).map((commit) => `  of its own: ${commit.id.slice(0, 12)}`) : []),
  ]
}
