import { cell, codeSpan } from './inert.ts'
import { allGates, isJudged, type Result } from './outcome.ts'
import { subject } from './own-commits.ts'

const MARKS = { success: '✅ success', failure: '❌ failure', pending: '⏳ pending' }

/** The section of the job summary. */
export const summary = (result: Result, dryRun: boolean): string =>
  [
    `### Promotion${dryRun ? ' (dry run)' : ''}`,
    '',
    ...proposals(result),
    ...gates(result),
    ...(result.proposals.length + allGates(result).length === 0 ? ['No open pull request asks for a promotion.', ''] : []),
  ].join('\n')

export const refusalSummary = (reason: string): string => `### Promotion: refused\n\n${codeSpan(reason, 2000)}\n`

const proposals = ({ proposals: all }: Result): string[] =>
  all.flatMap(({ head, base, opened }) => {
    const pull = 'pull' in opened && opened.pull ? `pull request #${opened.pull.number} ` : ''
    const why = opened.outcome === 'nothing' ? `: ${opened.reason}` : ''
    return [`\`${head}\` → \`${base}\`: ${pull}${opened.outcome}${why}`, '']
  })

const gates = (result: Result): string[] => {
  const answers = allGates(result)
  if (answers.length === 0) return []
  const rows = answers.map((answer) => {
    const { pull, place } = answer
    const from = cell(codeSpan(pull.head.branch, 100))
    const [state, reason] = isJudged(answer)
      ? [MARKS[answer.verdict.state], codeSpan(answer.verdict.reason, 500)]
      : ['not asked', codeSpan(answer.unseen, 500)]
    return `| #${pull.number} | ${from} → \`${place.branch}\` | ${state} | ${cell(reason)} |`
  })
  return [
    '| pull request | merges | gate | reason |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...answers.filter(isJudged).flatMap(advice),
  ]
}

const advice = ({ pull, place, verdict, own }: Extract<ReturnType<typeof allGates>[number], { verdict: object }>): string[] => [
  ...(verdict.next === undefined ? [] : [`#${pull.number}, next: ${codeSpan(verdict.next, 500)}`, '']),
  ...(verdict.state === 'success' || own.length === 0
    ? []
    : [
        `What \`${place.branch}\` has of its own:`,
        '',
        ...own.slice(0, 20).map((commit) => `- ${commit.id.slice(0, 12)} ${codeSpan(subject(commit), 200)}`),
        '',
      ]),
]
