const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What a clock and a calendar on a wall show. */
export type LocalTime = { date: string; day: string; time: string }

const formats = new Map<string, Intl.DateTimeFormat>()

const formatIn = (timezone: string): Intl.DateTimeFormat => {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(timezone, format)
  return format
}

/** `{ date: '2026-11-21', day: 'sat', time: '09:05' }` at an instant (milliseconds since the epoch). */
export const localTime = (instant: number, timezone: string): LocalTime => {
  const parts = Object.fromEntries(
    formatIn(timezone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  )
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    day: (parts['weekday'] ?? '').slice(0, 3).toLowerCase(),
    time: `${parts['hour']}:${parts['minute']}`,
  }
}

/**
 * When a date begins in a time zone. Where summer time takes its midnight away, or a country left the date out, that is the
 * first instant after it. Found by halving, since a date never comes back once it is over.
 */
export const startOfDate = (date: string, timezone: string): number => {
  const noon = Date.parse(`${date}T12:00:00Z`)
  let before = noon - 2 * DAY
  let after = noon + 2 * DAY
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE
    if (localTime(middle, timezone).date < date) before = middle
    else after = middle
  }
  return after
}

/** The date that follows in the calendar, `2026-12-31` → `2027-01-01`. */
export const nextDate = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10)

/** The first whole minute from `from` to before `to` that the clock on the wall shows as told; undefined where there is none. */
export const firstMinute = (from: number, to: number, timezone: string, shows: (time: string) => boolean): number | undefined => {
  for (let instant = Math.ceil(from / MINUTE) * MINUTE; instant < to; instant += MINUTE) {
    if (shows(localTime(instant, timezone).time)) return instant
  }
  return undefined
}
