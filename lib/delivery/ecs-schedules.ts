import type { EcsService } from './ecs.ts'
import { seconds } from './schema/fields.ts'

export type EcsSchedule = NonNullable<EcsService['schedules']>[string]

const UNITS = { minute: 60, hour: 3600, day: 86_400 }

/** Seconds for which a run waits at most while a deployment is under way. */
const LONGEST_WAIT = 1800

/**
 * Seconds for which a run may wait until what was proven can be run again: never so long that the next one comes, since all
 * that waited would then run at once.
 */
export const waitOf = ({ at }: EcsSchedule): number => {
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)/.exec(at) ?? []
  if (amount !== undefined) return Math.min(LONGEST_WAIT, Number(amount) * UNITS[unit as keyof typeof UNITS])
  // A minute of the hour is named: it comes once an hour at most.
  return /^cron\(\d+ /.test(at) ? LONGEST_WAIT : UNITS.minute
}

/** Seconds after which the task of a run is stopped. */
export const timeoutOf = ({ timeout = '1h' }: EcsSchedule): number => seconds(timeout)
