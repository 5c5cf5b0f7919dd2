import { type Day, daysOf, lengthOf, monthName } from './calendar.ts'
import type { EnvironmentReport } from './environment-report.ts'
import { sampled } from './slack/blocks.ts'

export type Chart = {
  title: string
  unit: string
  month: string
  labels: string[]
  /** The limit, spread evenly over the month. */
  pace: number[]
  /** What was spent up to each day, and from today on the way to the forecast. */
  spend: number[]
}

/**
 * The running month against its budget. Undefined where there is nothing to draw: no monthly limit, no costs, or the first
 * days of a month. Without a forecast the chart ends yesterday, because a day that nobody knows has no value.
 */
export const monthChart = ({ main, costs, forecast, basis }: EnvironmentReport, most?: number): Chart | undefined => {
  if (main?.limit === undefined || main.timeUnit !== 'MONTHLY' || costs === undefined || costs.daily.length < 2) return undefined
  // Costs of the whole account say nothing of a budget that covers a part of it, or counts otherwise.
  if (costs.unit !== main.unit || main.filtered) return undefined
  if (main.metric !== basis.metric || main.withCredits !== basis.withCredits) return undefined
  const { limit, period } = main
  const days = daysOf(forecast === undefined ? costs.month : period)
  const known = cumulated(costs.daily.map(({ amount }) => amount.toNumber()))
  const spent = known.at(-1) ?? 0
  const left = lengthOf(period) - known.length
  const rest = forecast === undefined ? 0 : forecast.amount.toNumber() - spent
  const spend = (index: number): number => known[index] ?? spent + (rest * (index + 1 - known.length)) / left
  const shown = sampled(
    days.map((_, index) => index),
    most,
  )
  return {
    title: `Cumulative spend vs budget (${main.unit})`,
    unit: main.unit,
    month: monthName(period.start),
    labels: shown.map((index) => String(Number((days[index] as Day).slice(8)))),
    pace: shown.map((index) => cents((limit.toNumber() * (index + 1)) / lengthOf(period))),
    spend: shown.map((index) => cents(spend(index))),
  }
}

const cents = (value: number): number => Math.round(value * 100) / 100

const cumulated = (values: readonly number[]): number[] => {
  let total = 0
  return values.map((value) => {
    total += value
    return total
  })
}
