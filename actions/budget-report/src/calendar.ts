/** A day of the UTC calendar, `2026-11-21`. AWS bills by these, wherever the runner stands. */
export type Day = string

/** `end` is the first day after it, as in Cost Explorer's `TimePeriod`. */
export type Period = { start: Day; end: Day }

const MILLISECONDS = 86_400_000

/** The day of a moment, given in milliseconds since the epoch. */
export const dayOf = (moment: number): Day => new Date(moment).toISOString().slice(0, 10)

export const addDays = (day: Day, count: number): Day => dayOf(Date.parse(day) + count * MILLISECONDS)

/** Days from one to the other; negative where `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / MILLISECONDS

export const daysOf = ({ start, end }: Period): Day[] =>
  Array.from({ length: Math.max(0, daysBetween(start, end)) }, (_, index) => addDays(start, index))

export const lengthOf = ({ start, end }: Period): number => daysBetween(start, end)

export const lastDayOf = ({ end }: Period): Day => addDays(end, -1)

/** The month that is `offset` months after that of `day`. Counted in months, so that 31 March less one is February. */
export const monthOf = (day: Day, offset = 0): Period => monthsFrom(day, offset, 1)

export const quarterOf = (day: Day): Period => monthsFrom(day, -((Number(day.slice(5, 7)) - 1) % 3), 3)

export const yearOf = (day: Day): Period => ({ start: `${day.slice(0, 4)}-01-01`, end: `${Number(day.slice(0, 4)) + 1}-01-01` })

const monthsFrom = (day: Day, offset: number, length: number): Period => {
  const year = Number(day.slice(0, 4))
  const month = Number(day.slice(5, 7)) - 1 + offset
  return { start: dayOf(Date.UTC(year, month, 1)), end: dayOf(Date.UTC(year, month + length, 1)) }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `18 Nov` */
export const shortDay = (day: Day): string => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`

/** `Nov 2026` */
export const monthName = (day: Day): string => `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`

/** `1–18 Nov`, `30 Oct–2 Nov`, or one day; the last day is included. */
export const shortPeriod = (period: Period): string => {
  const { start } = period
  const last = lastDayOf(period)
  if (last <= start) return shortDay(start)
  return start.slice(0, 7) === last.slice(0, 7)
    ? `${Number(start.slice(8))}–${shortDay(last)}`
    : `${shortDay(start)}–${shortDay(last)}`
}
