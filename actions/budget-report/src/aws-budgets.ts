import {
  type Budget as AwsBudget,
  BudgetsClient,
  paginateDescribeBudgetNotificationsForAccount,
  paginateDescribeBudgets,
} from '@aws-sdk/client-budgets'
import { call } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Budget, TimeUnit } from './budget.ts'
import { type Day, dayOf, monthOf } from './calendar.ts'
import { CREDITS } from './costs.ts'
import { type Money, money } from './money.ts'

/** Budgets that one page takes; the API allows 1,000 (API reference). */
const PAGE = 100

/** All budgets of the account. Free of charge. The session signs for the region; the service has one address for all of them. */
export const readBudgets = async (session: Session, today: Day): Promise<Budget[]> => {
  const client = session.client(BudgetsClient)
  const request = { AccountId: session.account, ShowFilterExpression: true }
  const budgets = await call('budgets:DescribeBudgets', async () => {
    const found: AwsBudget[] = []
    for await (const page of paginateDescribeBudgets({ client, pageSize: PAGE }, request)) found.push(...(page.Budgets ?? []))
    return found
  })
  const thresholds = budgets.length === 0 ? new Map<string, number[]>() : await readThresholds(session).catch(() => new Map())
  return budgets.map((budget) => budgetOf(budget, thresholds.get(budget.BudgetName ?? '') ?? [], today))
}

/** Notifications in percent of the limit, by budget. Not every role may read them: without, the input `warn` counts. */
const readThresholds = async (session: Session): Promise<Map<string, number[]>> => {
  const client = session.client(BudgetsClient)
  const thresholds = new Map<string, number[]>()
  await call('budgets:DescribeBudgetNotificationsForAccount', async () => {
    const pages = paginateDescribeBudgetNotificationsForAccount({ client, pageSize: PAGE }, { AccountId: session.account })
    for await (const { BudgetNotificationsForAccount = [] } of pages)
      for (const { BudgetName = '', Notifications = [] } of BudgetNotificationsForAccount)
        thresholds.set(
          BudgetName,
          Notifications.flatMap(({ NotificationType, ThresholdType = 'PERCENTAGE', Threshold }) =>
            NotificationType === 'ACTUAL' && ThresholdType === 'PERCENTAGE' && Threshold !== undefined ? [Threshold] : [],
          ),
        )
  })
  return thresholds
}

/** Reads the fields of before April 2025 (`CostTypes`, `CostFilters`) and those of after it; a budget may have either or none. */
const budgetOf = (budget: AwsBudget, thresholds: number[], today: Day): Budget => {
  const { BudgetName = '', BudgetType = 'COST', TimeUnit = 'MONTHLY', TimePeriod, CalculatedSpend, HealthStatus } = budget
  const limit = limitOf(budget, today)
  const actual = amountOf(CalculatedSpend?.ActualSpend)
  const forecast = amountOf(CalculatedSpend?.ForecastedSpend)
  const { CostTypes: types, FilterExpression: expression } = budget
  const left = expression?.Not?.Dimensions
  const leavesOutCredits = left?.Key === 'RECORD_TYPE' && (left.Values ?? []).every((value) => CREDITS.includes(value))
  return {
    name: BudgetName,
    type: BudgetType,
    unit: budget.BudgetLimit?.Unit ?? CalculatedSpend?.ActualSpend?.Unit ?? 'USD',
    timeUnit: TimeUnit as TimeUnit,
    ...(TimeUnit === 'CUSTOM' &&
      TimePeriod?.Start &&
      TimePeriod.End && { custom: { start: dayOf(TimePeriod.Start.getTime()), end: dayOf(TimePeriod.End.getTime()) } }),
    ...(limit && { limit }),
    ...(actual && { actual }),
    ...(forecast && { forecast }),
    autoAdjusting: budget.AutoAdjustData !== undefined,
    ...(HealthStatus?.Status === 'UNHEALTHY' && { unhealthy: HealthStatus.StatusReason ?? 'no reason given' }),
    metric: budget.Metrics?.[0] ?? metricOf(types),
    withCredits: types?.IncludeCredit !== false && !leavesOutCredits,
    filtered: (expression !== undefined && !leavesOutCredits) || Object.keys(budget.CostFilters ?? {}).length > 0,
    partial: Object.entries(types ?? {}).some(([name, value]) => OTHER_CHARGES.test(name) && value === false),
    thresholds,
  }
}

/** Charges that a budget can leave out and that are no credits. */
const OTHER_CHARGES = /^Include(?!Credit|Refund)/

const metricOf = (types: AwsBudget['CostTypes']): string =>
  types?.UseAmortized ? 'AmortizedCost' : types?.UseBlended ? 'BlendedCost' : 'UnblendedCost'

const amountOf = (spend: { Amount?: string | undefined } | undefined): Money | undefined =>
  spend?.Amount === undefined ? undefined : money(spend.Amount)

/** Planned limits are keyed by the start of their period in seconds; after the last one it stays (API reference). */
const limitOf = ({ BudgetLimit, PlannedBudgetLimits = {} }: AwsBudget, today: Day): Money | undefined => {
  const month = monthOf(today).end
  const begun = Object.entries(PlannedBudgetLimits)
    .map(([start, spend]) => ({ start: dayOf(Number(start) * 1000), spend }))
    .filter(({ start }) => start < month)
    .toSorted((a, b) => a.start.localeCompare(b.start))
  return amountOf(BudgetLimit ?? begun.at(-1)?.spend)
}
