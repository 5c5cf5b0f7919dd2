import type { DeploymentPlan } from '../plan.ts'
import { type Gate, stamp } from './gate.ts'
import { localTime, nextDate, startOfDate } from './local-time.ts'

export type Freeze = NonNullable<DeploymentPlan['freeze']>[number]

/**
 * Nothing is promoted on the days of a freeze, first and last included, as the calendar of `timezone` has them: that of the
 * window, UTC where there is none.
 */
export const noFreeze = (freezes: readonly Freeze[] | undefined, timezone: string | undefined, now: number): Gate => {
  const zone = timezone ?? 'UTC'
  const { date } = localTime(now, zone)
  const evidence = { today: `${date} ${zone}` }
  const current = freezes?.find((freeze) => covers(freeze, date))
  if (current === undefined) return { gate: 'freeze', result: 'pass', reason: 'no freeze today', evidence }
  const thaw = afterFreezes(freezes ?? [], date)
  const opensAt = stamp(startOfDate(thaw, zone))
  const reason = `nothing is promoted from ${current.from} to ${current.to} (${current.reason}); it ends with the beginning of ${thaw} (${opensAt}), and reconcile starts it then`
  return { gate: 'freeze', result: 'pending', reason, evidence: { ...evidence, from: current.from, to: current.to }, opensAt }
}

const covers = ({ from, to }: Freeze, date: string): boolean => from <= date && date <= to

/** One freeze may begin where another ends. */
const afterFreezes = (freezes: readonly Freeze[], date: string): string => {
  const covering = freezes.find((freeze) => covers(freeze, date))
  return covering === undefined ? date : afterFreezes(freezes, nextDate(covering.to))
}
