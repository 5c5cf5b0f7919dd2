import type { EcsService } from './ecs.ts'
import type { Finding } from './finding.ts'
import { NAME, NAME_EXPECTED } from './schema/fields.ts'

type At = (key: keyof EcsService, ...inner: string[]) => string[]

/** Scheduled commands that could not be made, and services that would run nothing at all, or something that nobody proved. */
export const checkSchedules = ({ schedules = {}, count, autoscaling, preDeploy }: EcsService, at: At): Finding[] => {
  const keys = Object.keys(schedules)
  return [
    ...keys
      .filter((key) => !NAME.test(key))
      .map((key) => ({
        path: at('schedules', key),
        at: 'key' as const,
        message: `has a name that must be ${NAME_EXPECTED}, got "${key}"`,
      })),
    ...(count === 0 && autoscaling === undefined ? checkAsleep(keys.length > 0, preDeploy !== undefined, at) : []),
  ]
}

const checkAsleep = (hasSchedules: boolean, isTried: boolean, at: At): Finding[] => {
  const path = at('count')
  if (!hasSchedules) {
    const message = "must be 1 or more, as nothing would run, got 0; or add 'schedules', whose commands then run alone"
    return [{ path, at: 'value', message }]
  }
  if (isTried) return []
  const message =
    "must be 1 or more without 'preDeploy', got 0: of a service without tasks that command alone shows that a new image runs; add it"
  return [{ path, at: 'value', message }]
}
