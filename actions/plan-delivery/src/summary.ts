import type { Kind } from '../../../lib/delivery/plan.ts'
import { short } from '../../../lib/image.ts'
import { objections } from './outcome.ts'
import type { Decision } from './plan.ts'

const MARKS = { pass: '✅ pass', fail: '❌ fail', pending: '⏳ pending' }

/** The section of the job summary: what comes where, and what the gates said. */
export const summary = (decision: Decision, dryRun: boolean): string => {
  const { plan, gates } = decision
  const refused = objections(decision).length > 0
  const from = plan.from === undefined ? '' : ` from ${plan.from}`
  return [
    `### Plan for ${plan.environment}: ${refused ? 'refused' : 'planned'}${dryRun ? ' (dry run)' : ''}`,
    '',
    `${plan.kind === 'first' ? 'Images are built here' : `Promotion${from}`} · commit ${code(plan.release.commit.slice(0, 12))} · account ${plan.account} · ${plan.region}`,
    '',
    ...table(
      ['gate', 'result', 'reason'],
      gates.map(({ gate, result, reason }) => [gate, MARKS[result], reason]),
    ),
    '',
    ...table(['service', 'target', 'image', 'content tag', 'digest'], serviceRows(decision)),
    '',
  ].join('\n')
}

export const refusalSummary = (reason: string): string => `### Plan: refused\n\n${reason.split('\n').map(text).join('  \n')}\n`

const serviceRows = ({ plan }: Decision): string[][] =>
  plan.services.map(({ name, target, image }) => {
    const { tag = '', digest } = plan.release.images[image] ?? {}
    return [name, target, image, code(tag), digest === undefined ? missing(plan.kind) : code(short(digest))]
  })

const missing = (kind: Kind): string => (kind === 'first' || kind === 'hotfix' ? 'to be built' : 'missing')

const table = (head: string[], rows: string[][]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---|').join('')}`,
  ...rows.map((row) => `| ${row.map(text).join(' | ')} |`),
]

const code = (value: string): string => `\`${value}\``

/** Words from elsewhere must not break the table or become HTML. */
const text = (value: string): string =>
  value
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n\s*/g, ' ')
