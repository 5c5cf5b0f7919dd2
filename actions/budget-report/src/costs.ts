import { addDays, type Day, daysOf, lengthOf, monthOf, type Period } from './calendar.ts'
import { type Money, rounded, sum, ZERO } from './money.ts'

/** One amount of one day, as Cost Explorer groups it. */
export type CostRow = { day: Day; service: string; recordType: string; amount: Money }

/** All that one request gave: from the first of the previous month to the day before `today`. */
export type Costs = { rows: readonly CostRow[]; unit: string; estimated: boolean }

/** `before`: the same days of the month before; undefined where there is nothing to compare with. */
export type ServiceCost = { service: string; amount: Money; before: Money | undefined }

/** What the request must cover, on whatever day it is asked: it is never empty, and ends before today, which is not over. */
export const requestPeriod = (today: Day): Period => ({ start: monthOf(today, -1).start, end: today })

/** The figures of one account. Days are UTC; amounts are exact. */
export type CostFigures = {
  unit: string
  estimated: boolean
  /** The running month up to yesterday. On the first of a month it has no days, and the month before is what is shown. */
  month: Period
  monthToDate: Money
  /** As many days of the month before, or all of it where it was shorter. */
  sameDays: Period
  sameDaysBefore: Money
  lastMonth: Period
  lastMonthTotal: Money
  /** The newest day that has settled, and its cost. */
  day: Day
  dayTotal: Money
  /** Mean of the seven days before `day`. */
  weekAverage: Money
  /** Credits and refunds within the running month; negative as AWS gives them. */
  credits: Money
  /** Cost of each day of the running month, without gaps. */
  daily: { day: Day; amount: Money }[]
  /** What `services` are of: the running month, or on its first day the month before. */
  servicePeriod: Period
  /** Costs by service, largest first. */
  services: ServiceCost[]
}

/** Record types that are shown by themselves, and left out where usage alone is counted. */
export const CREDITS = ['Credit', 'Refund']

export const costFigures = ({ rows, unit, estimated }: Costs, today: Day, lagDays: number): CostFigures => {
  const month = { start: monthOf(today).start, end: today }
  const lastMonth = monthOf(today, -1)
  const end = addDays(lastMonth.start, lengthOf(month))
  const sameDays = { start: lastMonth.start, end: end < lastMonth.end ? end : lastMonth.end }
  const total = (period: Period, of = rows): Money =>
    sum(of.filter(({ day }) => day >= period.start && day < period.end).map(({ amount }) => amount))
  const day = addDays(today, -lagDays)
  const week = { start: addDays(day, -7), end: day }
  const shown = lengthOf(month) === 0 ? { now: lastMonth, before: undefined } : { now: month, before: sameDays }
  return {
    unit,
    estimated,
    month,
    monthToDate: total(month),
    sameDays,
    sameDaysBefore: total(sameDays),
    lastMonth,
    lastMonthTotal: total(lastMonth),
    day,
    dayTotal: total({ start: day, end: addDays(day, 1) }),
    weekAverage: total(week).div(7),
    credits: total(
      month,
      rows.filter(({ recordType }) => CREDITS.includes(recordType)),
    ),
    daily: daysOf(month).map((each) => ({ day: each, amount: total({ start: each, end: addDays(each, 1) }) })),
    servicePeriod: shown.now,
    services: [...new Set(rows.map(({ service }) => service))]
      .map((service) => {
        const own = rows.filter((row) => row.service === service)
        return { service, amount: total(shown.now, own), before: shown.before && total(shown.before, own) }
      })
      .filter(({ amount, before = ZERO }) => !amount.isZero() || !before.isZero())
      .toSorted((a, b) => b.amount.cmp(a.amount) || a.service.localeCompare(b.service)),
  }
}

export type Row = { name: string; amount: Money; before: Money | undefined; services: number }

/**
 * The largest services and one row for the others. Amounts are rounded, and the last row takes what rounding left, so
 * that the rows always add up to the rounded total.
 */
export const topServices = (services: readonly ServiceCost[], count: number, unit: string): Row[] => {
  const top = services.slice(0, count)
  const rest = services.slice(count)
  const shown: Row[] = top.map(({ service, amount, before }) => ({
    name: service,
    amount: rounded(amount, unit),
    before: before && rounded(before, unit),
    services: 1,
  }))
  const left = (key: 'amount' | 'before'): Money =>
    rounded(sum(services.map((each) => each[key] ?? ZERO)), unit).minus(sum(shown.map((each) => each[key] ?? ZERO)))
  if (rest.length === 0 && left('amount').isZero() && left('before').isZero()) return shown
  const before = services.some((each) => each.before !== undefined) ? left('before') : undefined
  return [...shown, { name: rest.length === 0 ? 'Rounding' : 'Other', amount: left('amount'), before, services: rest.length }]
}

/** The services that changed most against the same days of the month before, in either direction. */
export const movers = (services: readonly ServiceCost[], count: number): { service: string; change: Money }[] =>
  services
    .flatMap(({ service, amount, before }) => (before === undefined ? [] : [{ service, change: amount.minus(before) }]))
    .filter(({ change }) => !change.isZero())
    .toSorted((a, b) => b.change.abs().cmp(a.change.abs()))
    .slice(0, count)
