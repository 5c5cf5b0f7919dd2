import type { Kind } from '../../../lib/delivery/plan.ts'
import { short } from '../../../lib/image.ts'
import { code, inert, table } from '../../../lib/markdown.ts'
import type { Decision } from './decision.ts'
import { opensAt, outcomeOf } from './outcome.ts'

const MARKS = { pass: '✅ pass', fail: '❌ fail', pending: '⏳ pending' }

/** The section of the job summary: what comes where, and what the gates said. */
export const summary = (decision: Decision, dryRun: boolean): string => {
  const { plan, gates, isTrial } = decision
  const opening = opensAt(decision)
  const outcome = outcomeOf(decision)
  const until = outcome === 'pending' && opening !== undefined ? ` until ${opening}` : ''
  const mark = isTrial ? ' (pull request)' : dryRun ? ' (dry run)' : ''
  return [
    `### Plan for ${plan.environment}: ${outcome}${until}${mark}`,
    '',
    `${heading(decision)} · commit ${code(plan.release.commit.slice(0, 12))} · account ${plan.account} · ${plan.region}`,
    '',
    ...(plan.reason === undefined ? [] : [`Reason: ${inert(plan.reason)}`, '']),
    ...table(
      ['gate', 'result', 'reason'],
      gates.map(({ gate, result, reason }) => [gate, MARKS[result], inert(reason)]),
    ),
    '',
    ...(plan.services.length === 0
      ? []
      : [...table(['service', 'target', 'image', 'content tag', 'digest'], serviceRows(decision)), '']),
  ].join('\n')
}

export const refusalSummary = (reason: string): string => `### Plan: refused\n\n${reason.split('\n').map(inert).join('  \n')}\n`

const heading = ({ plan }: Decision): string => {
  const words: Record<Kind, string> = {
    first: 'Images are built here',
    promotion: `Promotion from ${plan.from}`,
    hotfix: `Hotfix past ${plan.from}`,
    rollback: `Rollback${plan.rejects === undefined ? '' : `, leaves ${plan.rejects} for good`}`,
    hold: 'Hold: automation stands still',
    resume: 'Resume: the next new candidate goes',
  }
  return words[plan.kind]
}

const serviceRows = ({ plan }: Decision): string[][] =>
  plan.services.map(({ name, target, image }) => {
    const { tag = '', digest } = plan.release.images[image] ?? {}
    return [inert(name), target, inert(image), code(tag), digest === undefined ? missing(plan.kind) : code(short(digest))]
  })

const missing = (kind: Kind): string => (kind === 'first' || kind === 'hotfix' ? 'to be built' : 'missing')
