import { expect, test } from 'vitest'
import { gravest, isGreen } from './outcome.ts'

test.each([
  [['succeeded', 'no-change'], 'succeeded'],
  [['no-change', 'no-change'], 'no-change'],
  [['succeeded', 'failed-rolled-back'], 'failed-rolled-back'],
  [['cancelled', 'failed-not-rolled-back', 'succeeded'], 'failed-not-rolled-back'],
  [['succeeded', 'superseded'], 'superseded'],
] as const)('the outcome of %j is %s', (outcomes, expected) => {
  expect(gravest(outcomes)).toBe(expected)
})

test('only a digest that was seen running, or nothing to do, is green', () => {
  const all = [
    'succeeded',
    'no-change',
    'skipped',
    'failed-rolled-back',
    'failed-not-rolled-back',
    'superseded',
    'cancelled',
    'timed-out',
    'refused',
  ] as const
  expect(all.filter(isGreen)).toEqual(['succeeded', 'no-change', 'skipped'])
})
