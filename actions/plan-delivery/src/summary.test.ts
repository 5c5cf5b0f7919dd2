import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planDelivery } from './plan.ts'
import { refusalSummary, summary } from './summary.ts'
import { push, tag, world } from './world.case.ts'

it('shows what is to be built, without breaking the table', async () => {
  const decision = await planDelivery(push('dev'), world().ports)
  expect(summary(decision, true)).toContain('### Plan for dev: planned (dry run)')
  expect(summary(decision, true)).toContain(`| api | ecs | app | \`${tag}\` | to be built |`)
  const odd = { ...decision, gates: [{ gate: 'account' as const, result: 'fail' as const, reason: 'a|b\n<c>', evidence: {} }] }
  expect(summary(odd, false)).toContain('| account | ❌ fail | a\\|b &lt;c&gt; |')
})

it('says why nothing could be decided', () => {
  expect(refusalSummary('a <b>\nc')).toBe('### Plan: refused\n\na &lt;b&gt;  \nc\n')
})

it('keeps its table whatever a gate says', async () => {
  const decision = await planDelivery(push('dev'), world().ports)
  const lines = summary(decision, false).split('\n').length
  const parts = fc.constantFrom('|', '`', '<img>', '\n', '[a](b)', '\\', '&lt;', 'x', '::error::', '![p](q)')
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 9 }), (words) => {
      const [first, ...rest] = decision.gates
      const gates = [
        { gate: 'account' as const, result: 'pass' as const, evidence: first?.evidence ?? {}, reason: words.join('') },
        ...rest,
      ]
      const shown = summary({ ...decision, gates }, false)
      expect(shown.split('\n')).toHaveLength(lines)
      const row = shown.split('\n').find((line) => line.startsWith('| account |')) ?? ''
      expect(row).not.toMatch(/<|(?<!\\)(?:\\\\)*\[/)
      expect(row.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(4)
    }),
    { numRuns: 300 },
  )
})
