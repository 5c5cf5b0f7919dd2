import type { Status } from './budget.ts'
import { addDays, lastDayOf, lengthOf, shortDay, shortPeriod } from './calendar.ts'
import type { EnvironmentReport } from './environment-report.ts'
import { format, formatChange, formatPercent, percentOf } from './money.ts'

/** Never colour alone: the word stands beside it. */
export const SIGNS: Record<Status, string> = { over: '🔴', 'at risk': '🟠', watch: '🟡', ok: '🟢', unknown: '⚪' }

/** `🟠 prod: at risk, forecast over by 20%` */
export const headline = ({ status, main, place, forecast }: EnvironmentReport): string =>
  `${SIGNS[status]} ${place.environment} · AWS budget · ${verdict(status, main, forecast)}`

const verdict = (status: Status, main: EnvironmentReport['main'], forecast: EnvironmentReport['forecast']): string => {
  if (main?.limit === undefined || status === 'unknown') return 'status unknown'
  const over = forecast?.amount.gt(main.limit) ? percentOf(forecast.amount.minus(main.limit), main.limit) : undefined
  if (status === 'over') return `over the limit, ${formatPercent(main.percentUsed)} used`
  if (over !== undefined) return `forecast over by ${formatPercent(over)}`
  return `${status}, ${formatPercent(main.percentUsed)} used`
}

/** What was spent, what is expected, and what that leaves; one sentence each. */
export const sentences = ({ main, forecast, costs, reason, notes }: EnvironmentReport): string[] => {
  if (main === undefined || main.actual === undefined || main.limit === undefined) {
    const isFirst = costs !== undefined && lengthOf(costs.month) === 0
    const spent =
      costs &&
      (isFirst
        ? `${format(costs.lastMonthTotal, costs.unit)} spent last month (${shortPeriod(costs.lastMonth)})`
        : `${format(costs.monthToDate, costs.unit)} spent ${shortPeriod(costs.month)}`)
    return [...(spent ? [spent] : []), `No verdict: ${reason === notes[0] ? 'see below' : reason}`]
  }
  const { actual, limit, unit, period, daysLeft, safePace, pace } = main
  const money = (amount: typeof actual): string => format(amount, unit)
  const end = shortDay(lastDayOf(period))
  const gone = lengthOf(period) - daysLeft
  return [
    `${money(actual)} of ${money(limit)} spent (${formatPercent(main.percentUsed)}); ${gone} of ${lengthOf(period)} days gone (${formatPercent(main.percentElapsed)})`,
    forecast === undefined
      ? 'No forecast yet'
      : `Forecast ${money(forecast.amount)} by ${end}: ${
          forecast.amount.gt(limit)
            ? `${money(forecast.amount.minus(limit))} over`
            : `${money(limit.minus(forecast.amount))} under`
        }`,
    ...(safePace === undefined
      ? [actual.gte(limit) ? `${money(actual.minus(limit))} above the limit, ${daysLeft} days to go` : 'Nothing is left to spend']
      : [`Safe pace for the rest: ${money(safePace)} a day${pace === undefined ? '' : `, so far ${money(pace)}`}`]),
  ]
}

/** Name and value of each figure. What is not known is not listed. */
export const facts = ({ main, forecast, costs }: EnvironmentReport): [name: string, value: string][] => {
  const unit = main?.unit ?? costs?.unit ?? 'USD'
  const list: [string, string | undefined][] = [
    [
      costs && lengthOf(costs.month) > 0
        ? `${main?.filtered ? 'Whole account' : 'Spent'} (${shortPeriod(costs.month)})`
        : 'Spent',
      costs && lengthOf(costs.month) > 0 ? format(costs.monthToDate, costs.unit) : main?.actual && format(main.actual, unit),
    ],
    ['Budget', main?.limit && format(main.limit, unit)],
    [
      forecast?.low && forecast.high
        ? `Forecast (80%: ${format(forecast.low, unit)} to ${format(forecast.high, unit)})`
        : 'Forecast',
      forecast ? format(forecast.amount, unit) : 'not yet',
    ],
    ['Left', main?.limit && main.actual && `${format(main.limit.minus(main.actual), unit)}, ${main.daysLeft} days`],
    [
      costs ? `${shortDay(costs.day)}, against the 7 days before` : '',
      costs && `${format(costs.dayTotal, costs.unit)}, mean ${format(costs.weekAverage, costs.unit)}`,
    ],
    [
      costs ? `Same days last month (${shortPeriod(costs.sameDays)})` : '',
      costs && lengthOf(costs.sameDays) > 0
        ? `${format(costs.sameDaysBefore, costs.unit)} (${formatChange(costs.monthToDate.minus(costs.sameDaysBefore), costs.unit)})`
        : undefined,
    ],
    [costs ? `Last month (${shortPeriod(costs.lastMonth)})` : '', costs && format(costs.lastMonthTotal, costs.unit)],
    ['Credits and refunds', costs && !costs.credits.isZero() ? format(costs.credits, costs.unit) : undefined],
  ]
  return list.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]))
}

/** What the figures rest on: to be read before two of them are compared. */
export const basisLine = ({ basis, costs, place, requests, notes }: EnvironmentReport): string[] => [
  costs ? `data through ${addDays(costs.month.end, -1)} UTC` : 'AWS Budgets only',
  `${basis.metric}, ${basis.withCredits ? 'credits included' : 'without credits and refunds'}`,
  `account ${place.account}`,
  `Cost Explorer requests: ${requests} ($${(requests * 0.01).toFixed(2)})`,
  ...notes,
]

/** `▓▓▓▓▓▓▓░░░` of the limit; full at 100% and above. */
export const bar = (percent: number | undefined, width = 20): string => {
  const filled = Math.max(0, Math.min(width, Math.round(((percent ?? 0) / 100) * width)))
  return '▓'.repeat(filled) + '░'.repeat(width - filled)
}
