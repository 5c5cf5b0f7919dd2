import type { HealthCheck } from './runtime.ts'

/** What decides of either kind of check. */
export type Counting = Omit<HealthCheck, 'command'>

export type Health = { status: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'; failures: number }

export const unknownHealth: Health = { status: 'UNKNOWN', failures: 0 }

/**
 * Health after one more check, by Docker's rules, which are those of ECS: a failure within the start period does not count
 * until a check has passed, and `retries` failures in a row make the container unhealthy.
 */
export const afterCheck = (health: Health, passed: boolean, sinceStart: number, check: Counting): Health => {
  if (passed) return { status: 'HEALTHY', failures: 0 }
  if (health.status === 'UNKNOWN' && sinceStart < check.startPeriod) return health
  const failures = health.failures + 1
  return { status: failures >= check.retries ? 'UNHEALTHY' : health.status, failures }
}

/** Nominal milliseconds until a container that never passes its check is unhealthy. */
export const unhealthyAfter = (check: Counting): number =>
  Math.max(1, Math.ceil(check.startPeriod / check.interval)) * check.interval + (check.retries - 1) * check.interval
