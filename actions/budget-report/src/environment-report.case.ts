import type { Budget } from './budget.ts'
import { daysOf } from './calendar.ts'
import { type Costs, requestPeriod } from './costs.ts'
import type { Options, Place, Sources } from './environment-report.ts'
import { money } from './money.ts'

export const TODAY = '2026-11-19'

export const place = (over: Partial<Place> = {}): Place => ({
  environment: 'prod',
  account: '444444444444',
  region: 'eu-west-1',
  role: undefined,
  limits: [],
  ...over,
})

export const options = (over: Partial<Options> = {}): Options => ({
  today: TODAY,
  warn: 80,
  lagDays: 2,
  level: 'standard',
  metric: 'auto',
  chargeTypes: 'auto',
  choose: () => () => true,
  ...over,
})

export const monthly = (over: Partial<Budget> = {}): Budget => ({
  name: 'month',
  type: 'COST',
  unit: 'USD',
  timeUnit: 'MONTHLY',
  limit: money('1000'),
  actual: money('180'),
  forecast: money('300'),
  autoAdjusting: false,
  metric: 'UnblendedCost',
  withCredits: true,
  filtered: false,
  partial: false,
  thresholds: [],
  ...over,
})

/** $10 on each day, half of it for each of two services. */
export const costs = (over: Partial<Costs> = {}): Costs => ({
  rows: daysOf(requestPeriod(TODAY)).flatMap((day) =>
    ['Amazon ECS', 'AWS Lambda'].map((service) => ({ day, service, recordType: 'Usage', amount: money('5') })),
  ),
  unit: 'USD',
  estimated: false,
  ...over,
})

export const sources = (over: Partial<Sources> = {}): Sources => ({
  open: () => Promise.resolve(),
  budgets: () => Promise.resolve([monthly()]),
  costs: () => Promise.resolve(costs()),
  forecast: () => Promise.resolve(undefined),
  anomalies: () => Promise.resolve([]),
  requests: () => 1,
  ...over,
})

export const failing =
  (message: string, name = 'Error') =>
  (): Promise<never> =>
    Promise.reject(Object.assign(new Error(message), { name }))
