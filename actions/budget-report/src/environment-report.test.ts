import { expect, it } from 'vitest'
import type { Basis } from './cost-explorer.ts'
import { costs, failing, monthly, options, place, sources } from './environment-report.case.ts'
import { reportEnvironment } from './environment-report.ts'
import { money } from './money.ts'

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
  expect(found).toMatchObject({ status: 'unknown', reason: 'there is no budget', incomplete: false })
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
