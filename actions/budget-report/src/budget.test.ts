import { describe, expect, it } from 'vitest'
import { type Budget, judge, periodOf, type Status, type TimeUnit, worst } from './budget.ts'
import { money } from './money.ts'

const budget = (
  over: Partial<Record<'limit' | 'actual' | 'forecast', string>> & Partial<Omit<Budget, 'limit' | 'actual' | 'forecast'>> = {},
): Budget => {
  const { limit = '1000', actual = '500', forecast, ...rest } = over
  return {
    name: 'b',
    type: 'COST',
    unit: 'USD',
    timeUnit: 'MONTHLY',
    limit: money(limit),
    actual: money(actual),
    ...(forecast !== undefined && { forecast: money(forecast) }),
    autoAdjusting: false,
    metric: 'UnblendedCost',
    withCredits: true,
    filtered: false,
    partial: false,
    thresholds: [],
    ...rest,
  }
}

describe('the status on 19 November, 60% of the month gone', () => {
  it.each<[string, Budget, Status]>([
    ['at the limit', budget({ actual: '1000' }), 'over'],
    ['above it, though the forecast is below', budget({ actual: '1000.01', forecast: '900' }), 'over'],
    ['a cent below the limit', budget({ actual: '999.99' }), 'at risk'],
    ['forecast above the limit', budget({ actual: '300', forecast: '1000.01' }), 'at risk'],
    ['forecast at the limit', budget({ actual: '300', forecast: '1000' }), 'ok'],
    ['80% spent', budget({ actual: '800' }), 'at risk'],
    ['79.99% spent, ahead of the calendar', budget({ actual: '799.90' }), 'watch'],
    ['10 points ahead', budget({ actual: '700' }), 'ok'],
    ['more than 10 points ahead', budget({ actual: '700.01' }), 'watch'],
    ['its own notice at 65% passed', budget({ actual: '650', thresholds: [50, 65, 100] }), 'at risk'],
    ['only an early notice passed', budget({ actual: '600', thresholds: [50, 90] }), 'ok'],
    ['unhealthy', budget({ actual: '2000', unhealthy: 'FILTER_INVALID' }), 'unknown'],
    ['a budget of usage', budget({ type: 'USAGE', unit: 'GB' }), 'unknown'],
    ['a limit of 0 and no spend', budget({ limit: '0', actual: '0' }), 'over'],
  ])('%s', (_, given, status) => {
    expect(judge(given, '2026-11-19', 80).status).toBe(status)
  })
})

it('a budget without spend or limit is unknown, and no figure is NaN', () => {
  const { limit: _, ...without } = budget()
  expect(judge(without, '2026-11-19', 80)).toMatchObject({ status: 'unknown', percentUsed: undefined, safePace: undefined })
})

it('the safe pace spreads what is left over the days that are left, today included', () => {
  const { safePace, pace, daysLeft, percentElapsed } = judge(budget({ actual: '740' }), '2026-11-19', 80)
  expect([daysLeft, percentElapsed, safePace?.toFixed(2), pace?.toFixed(2)]).toEqual([12, 60, '21.67', '41.11'])
})

it('on the first day nothing is gone, and there is no pace yet', () => {
  expect(judge(budget({ actual: '0' }), '2026-11-01', 80)).toMatchObject({
    percentElapsed: 0,
    pace: undefined,
    daysLeft: 30,
    status: 'ok',
  })
})

it.each<[TimeUnit, string, string]>([
  ['DAILY', '2026-11-19', '2026-11-20'],
  ['MONTHLY', '2026-11-01', '2026-12-01'],
  ['QUARTERLY', '2026-10-01', '2027-01-01'],
  ['ANNUALLY', '2026-01-01', '2027-01-01'],
  ['CUSTOM', '2026-11-10', '2026-11-25'],
])('the period of a %s budget on 19 November is %s to before %s', (timeUnit, start, end) => {
  expect(periodOf({ timeUnit, custom: { start: '2026-11-10', end: '2026-11-25' } }, '2026-11-19')).toEqual({ start, end })
})

it('the worst counts, and what is unknown only where there is nothing else', () => {
  expect(worst(['ok', 'unknown', 'at risk'])).toBe('at risk')
  expect(worst(['unknown', 'ok'])).toBe('ok')
  expect(worst([])).toBe('unknown')
})
