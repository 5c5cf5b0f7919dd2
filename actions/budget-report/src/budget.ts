import { type Day, daysBetween, lengthOf, monthOf, type Period, quarterOf, yearOf } from './calendar.ts'
import { type Money, percentOf } from './money.ts'

export type TimeUnit = 'DAILY' | 'MONTHLY' | 'QUARTERLY' | 'ANNUALLY' | 'CUSTOM'

/** A budget as AWS Budgets has it, with what it says of itself. */
export type Budget = {
  name: string
  /** `COST` is money; the others are listed without a status. */
  type: string
  unit: string
  timeUnit: TimeUnit
  /** Of a `CUSTOM` budget; the others follow the calendar, not their date of birth. */
  custom?: Period
  limit?: Money
  actual?: Money
  /** Absent until AWS has about five weeks of data. Absent is not 0. */
  forecast?: Money
  autoAdjusting: boolean
  /** Why AWS calls the budget unhealthy: its numbers are stale then. */
  unhealthy?: string
  /** What it counts: Cost Explorer's name of the metric. */
  metric: string
  /** Credits and refunds lower the figures. */
  withCredits: boolean
  /** It covers a part of the account only. */
  filtered: boolean
  /** It leaves out charges that costs cannot be asked without, such as tax. */
  partial: boolean
  /** Percentages of the limit at which it notifies of actual spend; empty where that could not be read. */
  thresholds: number[]
}

/** Worst first. `unknown` is no verdict: there is no budget with numbers to judge by. */
export const STATUSES = ['over', 'at risk', 'watch', 'ok', 'unknown'] as const
export type Status = (typeof STATUSES)[number]

export type Judged = Budget & {
  period: Period
  status: Status
  reason: string
  percentUsed: number | undefined
  percentElapsed: number
  percentForecast: number | undefined
  /** What may be spent on each day that is left, today included; undefined where nothing is left of it. */
  safePace: Money | undefined
  /** What was spent a day so far; undefined on the first day. */
  pace: Money | undefined
  daysLeft: number
}

export const periodOf = ({ timeUnit, custom }: Pick<Budget, 'timeUnit' | 'custom'>, today: Day): Period => {
  switch (timeUnit) {
    case 'DAILY':
      return { start: today, end: new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10) }
    case 'QUARTERLY':
      return quarterOf(today)
    case 'ANNUALLY':
      return yearOf(today)
    case 'CUSTOM':
      return custom ?? monthOf(today)
    default:
      return monthOf(today)
  }
}

/** How far ahead of the calendar spending may be, in points of a percentage. */
const AHEAD = 10

/** @param warn percentage of the limit from which a budget without notifications of its own is at risk */
export const judge = (budget: Budget, today: Day, warn: number): Judged => {
  const period = periodOf(budget, today)
  const { limit, actual, forecast } = budget
  const length = Math.max(1, lengthOf(period))
  const gone = Math.min(Math.max(daysBetween(period.start, today), 0), length)
  const daysLeft = length - gone
  const percentElapsed = (gone / length) * 100
  const figures = {
    percentElapsed,
    percentUsed: limit && actual && percentOf(actual, limit),
    percentForecast: limit && forecast && percentOf(forecast, limit),
    daysLeft,
    safePace: limit && actual?.lt(limit) && daysLeft > 0 ? limit.minus(actual).div(daysLeft) : undefined,
    pace: actual && gone > 0 ? actual.div(gone) : undefined,
  }
  return { ...budget, period, ...figures, ...verdict(budget, figures, warn) }
}

type Figures = Pick<Judged, 'percentUsed' | 'percentElapsed'>

const verdict = (budget: Budget, { percentUsed, percentElapsed }: Figures, warn: number): { status: Status; reason: string } => {
  const { limit, actual, forecast, type, unhealthy, thresholds } = budget
  if (type !== 'COST') return { status: 'unknown', reason: `a ${type} budget counts no money` }
  if (unhealthy !== undefined)
    return { status: 'unknown', reason: `AWS calls it unhealthy (${unhealthy}): its numbers are stale` }
  if (limit === undefined || actual === undefined)
    return { status: 'unknown', reason: 'AWS gives no limit or no actual spend for it' }
  if (actual.gte(limit)) return { status: 'over', reason: 'the limit is spent' }
  if (forecast?.gt(limit)) return { status: 'at risk', reason: 'the forecast is above the limit' }
  const used = percentUsed ?? 0
  // The last call before the limit itself: an early notice at 50% is no verdict.
  const passed = Math.max(0, ...thresholds.filter((threshold) => threshold < 100)) || warn
  if (used >= passed) return { status: 'at risk', reason: `${passed}% of the limit are spent` }
  // Before a day of the period is over there is nothing to be ahead of.
  if (percentElapsed > 0 && used - percentElapsed > AHEAD) return { status: 'watch', reason: 'spending is ahead of the calendar' }
  return { status: 'ok', reason: forecast === undefined ? 'within the limit; no forecast yet' : 'within the limit' }
}

export const worst = (statuses: readonly Status[]): Status =>
  STATUSES.find((status) => status !== 'unknown' && statuses.includes(status)) ?? 'unknown'
