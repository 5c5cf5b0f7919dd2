import { expect, it } from 'vitest'
import { planDelivery } from './plan.ts'
import { refusalSummary, summary } from './summary.ts'
import { push, tag, world } from './world.case.ts'

it('shows what is to be built, without breaking the table', async () => {
  const decision = await planDelivery(push('dev'), world().ports)
  expect(summary(decision, true)).toContain('### Plan for dev: planned (dry run)')
  expect(summary(decision, true)).toContain(`| api | ecs | app | \`${tag}\` | to be built |`)
  const odd = { ...decision, gates: [{ gate: 'account' as const, result: 'fail' as const, reason: 'a|b\n<c>', evidence: {} }] }
  expect(summary(odd, false)).toContain('| account | ❌ fail | a\\|b &lt;c> |')
})

it('says why nothing could be decided', () => {
  expect(refusalSummary('a <b>\nc')).toBe('### Plan: refused\n\na &lt;b>  \nc\n')
})
