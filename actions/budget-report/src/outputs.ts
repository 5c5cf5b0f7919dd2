import { type Status, worst } from './budget.ts'
import type { EnvironmentReport } from './environment-report.ts'

export type Verdict = { status: Status; incomplete: boolean; forecastOver: boolean }

export const verdictOf = (reports: readonly EnvironmentReport[]): Verdict => ({
  status: worst(reports.map(({ status }) => status)),
  incomplete: reports.some(({ incomplete }) => incomplete),
  forecastOver: reports.some(({ budgets }) =>
    budgets.some(
      ({ type, unhealthy, limit, forecast }) =>
        type === 'COST' && unhealthy === undefined && limit !== undefined && forecast?.gt(limit) === true,
    ),
  ),
})

/** What a script can branch on. Amounts are exact decimals without currency; what is not known is empty. */
export const outputsOf = (reports: readonly EnvironmentReport[]): Record<string, string> => {
  const { status, incomplete } = verdictOf(reports)
  const only = reports.length === 1 ? reports[0] : undefined
  return {
    status,
    incomplete: String(incomplete),
    actual: only?.main?.actual?.toFixed() ?? '',
    forecast: only?.forecast?.amount.toFixed() ?? '',
    limit: only?.main?.limit?.toFixed() ?? '',
    'percent-used': only?.main?.percentUsed?.toFixed(1) ?? '',
    'ce-requests': String(reports.reduce((total, { requests }) => total + requests, 0)),
    'report-json': JSON.stringify(reports.map(plain)),
  }
}

const plain = ({ place, status, reason, main, costs, forecast, basis, notes, incomplete, requests }: EnvironmentReport) => ({
  environment: place.environment,
  account: place.account,
  status,
  reason,
  incomplete,
  ...(main && {
    budget: main.name,
    unit: main.unit,
    period: main.period,
    limit: main.limit?.toFixed(),
    actual: main.actual?.toFixed(),
    percentUsed: main.percentUsed,
    percentElapsed: main.percentElapsed,
  }),
  ...(forecast && { forecast: forecast.amount.toFixed(), forecastBy: forecast.by }),
  ...(costs && {
    costs: {
      unit: costs.unit,
      monthToDate: costs.monthToDate.toFixed(),
      sameDaysLastMonth: costs.sameDaysBefore.toFixed(),
      lastMonth: costs.lastMonthTotal.toFixed(),
      day: costs.day,
      dayTotal: costs.dayTotal.toFixed(),
      estimated: costs.estimated,
    },
  }),
  basis,
  notes,
  ceRequests: requests,
})
