import { describe, expect, it } from 'vitest'
import { monthChart } from './chart.ts'
import type { Basis } from './cost-explorer.ts'
import { movers } from './costs.ts'
import { costs, failing, monthly, options, place, sources } from './environment-report.case.ts'
import { reportEnvironment } from './environment-report.ts'
import { money } from './money.ts'
import { verdictOf } from './outputs.ts'
import { messages } from './slack/message.ts'
import { summary } from './summary.ts'
import { facts, headline, sentences } from './words.ts'

const report = (over = {}, wish = {}, where = {}) => reportEnvironment(place(where), sources(over), options(wish))

it('takes the verdict from the budget and the figures from the costs', async () => {
  const found = await report()
  expect(found).toMatchObject({ status: 'ok', incomplete: false, notes: [], forecast: { by: 'AWS Budgets' } })
  expect(found.costs?.monthToDate.toFixed()).toBe('180')
})

it('counts the costs as the budget counts them', async () => {
  let asked: Basis | undefined
  const budgets = () => Promise.resolve([monthly({ metric: 'AmortizedCost', withCredits: false })])
  const read = (basis: Basis) => {
    asked = basis
    return Promise.resolve(costs())
  }
  await report({ budgets, costs: read })
  expect(asked).toEqual({ metric: 'AmortizedCost', withCredits: false })
})

it('says where the costs are counted differently because the caller wants it so', async () => {
  const { notes } = await report({}, { metric: 'AmortizedCost' })
  expect(notes).toContain('the costs are counted differently from the budget (UnblendedCost, with credits)')
})

it('a missing forecast is said, and never 0', async () => {
  const { forecast: _, ...young } = monthly()
  const found = await report({ budgets: () => Promise.resolve([young]) })
  expect(found.forecast).toBeUndefined()
  expect(found.notes).toContain('no forecast yet: AWS needs about five weeks of data')
})

it('asks Cost Explorer for a forecast only where no budget has one, and adds it to what is spent', async () => {
  const forecast = () => Promise.resolve({ rest: money('120'), low: money('100'), high: money('140') })
  expect((await report({ forecast }, { level: 'full' })).forecast?.by).toBe('AWS Budgets')
  const { forecast: _, ...young } = monthly()
  const found = await report({ forecast, budgets: () => Promise.resolve([young]) }, { level: 'full' })
  expect(found.forecast?.amount.toFixed()).toBe('300')
  expect(found.forecast?.by).toBe('Cost Explorer')
})

it('judges a budget without a forecast by that of Cost Explorer', async () => {
  const { forecast: _, ...young } = monthly()
  const forecast = () => Promise.resolve({ rest: money('900'), low: money('800'), high: money('1000') })
  const found = await report({ forecast, budgets: () => Promise.resolve([young]) }, { level: 'full' })
  expect(found).toMatchObject({ status: 'at risk', reason: 'the forecast is above the limit' })
})

it.each([
  [
    'User not enabled for cost explorer access',
    'AccessDeniedException',
    /Cost Explorer is not enabled .* enable it in the payer account/,
  ],
  ['ce:GetCostAndUsage was denied: allow ce:GetCostAndUsage', 'AccessDeniedException', /allow ce:GetCostAndUsage/],
  ['too fast', 'LimitExceededException', /one too many/],
  ['no data', 'DataUnavailableException', /no cost data for this account yet/],
  ['ce:GetCostAndUsage: the credentials of this job have expired', 'ExpiredTokenException', /expired/],
])('without costs (%s) the budget is still reported', async (message, name, words) => {
  const found = await report({ costs: failing(message, name) })
  expect(found).toMatchObject({ status: 'ok', incomplete: true })
  expect(found.costs).toBeUndefined()
  expect(found.notes.join('\n')).toMatch(words)
})

it('without budgets the costs are still reported, without a verdict', async () => {
  const found = await report({ budgets: failing('budgets:DescribeBudgets was denied') })
  expect(found).toMatchObject({ status: 'unknown', incomplete: true, budgets: [] })
  expect(found.costs?.monthToDate.toFixed()).toBe('180')
})

it('an account that cannot be opened is reported as such, and nothing else is asked', async () => {
  const never = () => {
    throw new Error('asked')
  }
  const found = await report({ open: failing('wrong account'), budgets: never, costs: never })
  expect(found).toMatchObject({ status: 'unknown', incomplete: true, notes: ['account: wrong account'] })
})

it('an account without a budget is judged by the limit of delivery.json, and that is said', async () => {
  const found = await report({ budgets: () => Promise.resolve([]) }, {}, { limits: [{ limit: 100, currency: 'USD' }] })
  expect(found.status).toBe('over')
  expect(found.notes.join('\n')).toContain('the limit is that of delivery.json')
})

it('an account with no budget at all has no verdict', async () => {
  const found = await report({ budgets: () => Promise.resolve([]) })
  expect(found).toMatchObject({ status: 'unknown', reason: 'there is no budget of costs', incomplete: false })
})

it('the verdict is that of the worst budget', async () => {
  const budgets = () =>
    Promise.resolve([
      monthly(),
      monthly({ name: 'tripwire', limit: money('10') }),
      monthly({ name: 'hours', type: 'USAGE', unit: 'Hrs' }),
    ])
  const found = await report({ budgets })
  expect(found.main?.name).toBe('tripwire')
  expect(found.budgets.map(({ name }) => name)).toEqual(['tripwire', 'month', 'hours'])
})

it('costs and budget that are far apart are explained', async () => {
  const { notes } = await report({ budgets: () => Promise.resolve([monthly({ actual: money('90') })]) })
  expect(notes.join()).toContain('the budget has booked $90.00, Cost Explorer $180.00')
})

describe('on the first of a month', () => {
  const first = () => report({}, { today: '2026-12-01' })

  it('nothing that is not known yet is shown as 0, and nothing has moved', async () => {
    const found = await first()
    expect(sentences(found).join()).not.toContain('$0.00')
    expect(facts(found).map(([name]) => name)).toContain('Last month (1–30 Nov)')
    expect(facts(found).map(([name]) => name)).not.toContain('Spent (1 Dec)')
    expect(movers(found.costs?.services ?? [], 3)).toEqual([])
    expect(found.notes.join()).not.toContain('Cost Explorer $0.00')
    expect(summary([found])).toMatch(/service \(1–30 Nov\)[\s\S]*n\/a/)
  })

  it('an account without a budget has spent what it spent last month', async () => {
    const found = await report({ budgets: () => Promise.resolve([]) }, { today: '2026-12-01' })
    expect(sentences(found)[0]).toMatch(/^\$[1-9][\d.]+ spent last month \(1–30 Nov\)$/)
  })
})

describe('a forecast of the account for the month is not set against', () => {
  const forecast = () => Promise.resolve({ rest: money('900'), low: money('800'), high: money('1000') })
  const young = (over: object) => {
    const { forecast: _, ...budget } = monthly(over)
    return { forecast, budgets: () => Promise.resolve([budget]) }
  }

  it.each([
    ['a daily budget', { timeUnit: 'DAILY' as const, limit: money('50'), actual: money('13') }],
    ['a yearly budget', { timeUnit: 'ANNUALLY' as const, limit: money('300'), actual: money('100') }],
    ['a budget of a part of the account', { filtered: true, limit: money('300') }],
    ['a budget in another currency', { unit: 'EUR', limit: money('300') }],
  ])('%s', async (_, over) => {
    const found = await report(young(over), { level: 'full' })
    expect(found.forecast).toBeUndefined()
    expect(found.status).toBe('ok')
    expect(verdictOf([found]).forecastOver).toBe(false)
  })
})

it('a daily budget is told to have no forecast ever', async () => {
  const { forecast: _, ...daily } = monthly({ timeUnit: 'DAILY' })
  expect((await report({ budgets: () => Promise.resolve([daily]) })).notes).toContain('AWS forecasts no daily budget')
})

it('a budget of a part of the account gets no chart of all of it', async () => {
  expect(monthChart(await report())).toBeDefined()
  expect(monthChart(await report({ budgets: () => Promise.resolve([monthly({ filtered: true })]) }))).toBeUndefined()
})

it('an unhealthy budget is said to be, and raises no alarm from its stale numbers', async () => {
  const sick = monthly({ unhealthy: 'FILTER_INVALID', forecast: money('5000') })
  const found = await report({ budgets: () => Promise.resolve([sick]) })
  expect(headline(found)).toContain('status unknown')
  expect(found.notes.join()).toContain('unhealthy (FILTER_INVALID)')
  expect(verdictOf([found]).forecastOver).toBe(false)
})

it('names that no budget has are an error, and not an account without a budget', async () => {
  const found = await report({}, { choose: () => () => false })
  expect(found).toMatchObject({ status: 'unknown', incomplete: true })
  expect(found.notes.join()).toContain("no budget is called as 'budget-names' says; there are month")
})

it('where budgets could not be read, the limit of delivery.json is said to be that', async () => {
  const found = await report({ budgets: failing('denied') }, {}, { limits: [{ limit: 1000, currency: 'USD' }] })
  expect(found.notes.join()).toContain('the budgets could not be read: the limit is that of delivery.json')
})

it('of five accounts one that fails is told as such, and the others with their figures', async () => {
  const reports = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((environment) =>
      report(environment === 'c' ? { open: failing('wrong account: …') } : {}, {}, { environment }),
    ),
  )
  const [full] = messages({ reports, links: [], mention: undefined, top: 8, short: false })
  const text = JSON.stringify(full?.blocks)
  for (const environment of ['a', 'b', 'd', 'e']) expect(text).toContain(`${environment} · AWS budget · ok, 18% used`)
  expect(text).toContain('c: account: wrong account')
  expect(summary(reports)).toContain('⚪ c')
  expect(verdictOf(reports)).toMatchObject({ status: 'ok', incomplete: true })
})
