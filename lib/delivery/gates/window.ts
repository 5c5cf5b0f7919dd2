import type { DeploymentPlan } from '../plan.ts'
import { type Gate, stamp } from './gate.ts'
import { firstMinute, type LocalTime, localTime, nextDate, startOfDate } from './local-time.ts'

export type Window = NonNullable<DeploymentPlan['window']>

/** Days to look ahead: a window of one day a week whose hour summer time takes away opens a week later. */
const DAYS_AHEAD = 15

/** Promotions start in the window only. `now` in milliseconds since the epoch; without a window they may always start. */
export const openWindow = (window: Window | undefined, now: number): Gate => {
  if (window === undefined) {
    return { gate: 'window', result: 'pass', reason: 'promotions may start at any time', evidence: { window: 'none' } }
  }
  const { days, from, to, timezone } = window
  const here = localTime(now, timezone)
  const words = `${days.join(', ')} from ${from} to ${to} ${timezone}`
  const evidence = { window: words, now: `${here.day} ${here.date} ${here.time} ${timezone}` }
  if (isOpen(window, here)) return { gate: 'window', result: 'pass', reason: `the window is open (${words})`, evidence }
  const opening = nextOpening(window, now)
  const closed = `promotions start ${words}, and it is ${here.day} ${here.time} there`
  if (opening === undefined)
    return { gate: 'window', result: 'fail', reason: `${closed}; the window never opens, correct it in delivery.json`, evidence }
  const opensAt = stamp(opening)
  const there = localTime(opening, timezone)
  const reason = `${closed}; the window opens ${there.day} ${there.date} ${there.time} (${opensAt}), and reconcile starts it then`
  return { gate: 'window', result: 'pending', reason, evidence, opensAt }
}

const isOpen = ({ days, from, to }: Window, { day, time }: LocalTime): boolean =>
  days.some((open) => open === day) && from <= time && time < to

const nextOpening = (window: Window, now: number): number | undefined => {
  const { days, from, to, timezone } = window
  let { date } = localTime(now, timezone)
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const start = startOfDate(date, timezone)
    const next = nextDate(date)
    const shows = (time: string): boolean => from <= time && time < to
    if (days.some((open) => open === localTime(start, timezone).day)) {
      const opening = firstMinute(Math.max(start, now), startOfDate(next, timezone), timezone, shows)
      if (opening !== undefined) return opening
    }
    date = next
  }
  return undefined
}
