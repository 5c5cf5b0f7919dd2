import type { DeploymentConfiguration, Task } from './model.ts'
import type { Pace } from './pace.ts'

/**
 * Failures that trip the circuit breaker: half of the latest desired count, at least 3 and at most 200, unless configured
 * otherwise (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html).
 */
export const threshold = (desired: number, breaker: DeploymentConfiguration['deploymentCircuitBreaker']): number => {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {}
  if (type === 'COUNT') return value
  const share = Math.ceil((desired * value) / 100)
  return type === 'BOUNDED_PERCENT' ? Math.min(200, Math.max(3, share)) : Math.max(1, share)
}

/** Nominal milliseconds before the next start after so many tasks in a row that never ran. */
export const backOff = (failures: number, { first, longest }: Pace['backOff']): number =>
  failures === 0 ? 0 : Math.min(longest, first * 2 ** (failures - 1))

/** From this many starts in a row on, ECS says that it is unable to consistently start tasks. */
export const impairedAfter = 3

export const failedHealthChecks = 'Task failed container health checks'

export const failedTargetChecks = (targetGroup: string): string =>
  `Task failed ELB health checks in (target-group ${targetGroup})`

/**
 * Whether a stopped task counts as failed: it never ran, or its health check failed. A task without health check that ran
 * and ended later does not, so a slow crash loop never trips the breaker.
 */
export const hasFailed = (
  task: Pick<Task, 'stopCode' | 'stoppedReason' | 'startedAt' | 'wasHealthy'>,
  hasHealthCheck: boolean,
): boolean => {
  if (task.stopCode === 'TaskFailedToStart') return true
  if (task.stopCode === 'ServiceSchedulerInitiated') return /^Task failed .* health checks/.test(task.stoppedReason ?? '')
  if (task.stopCode !== 'EssentialContainerExited') return false
  return task.startedAt === undefined || (hasHealthCheck && !task.wasHealthy)
}
