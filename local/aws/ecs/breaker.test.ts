import { expect, test } from 'vitest'
import { backOff, failedHealthChecks, hasFailed, threshold } from './breaker.ts'
import { usualPace } from './pace.ts'

test.each([
  [0, 3],
  [1, 3],
  [6, 3],
  [7, 4],
  [10, 5],
  [25, 13],
  [400, 200],
  [1_000, 200],
])('with a desired count of %i the breaker trips at %i', (desired, trips) => {
  expect(threshold(desired, undefined)).toBe(trips)
})

test.each([
  [{ type: 'COUNT', value: 2 }, 2],
  [{ type: 'UNBOUNDED_PERCENT', value: 10 }, 1],
  [{ type: 'BOUNDED_PERCENT', value: 100 }, 10],
] as const)('with %o it trips at %i of 10', (thresholdConfiguration, trips) => {
  expect(threshold(10, { enable: true, rollback: true, thresholdConfiguration })).toBe(trips)
})

test('the back-off doubles up to 27 minutes', () => {
  expect([0, 1, 2, 3, 30].map((failures) => backOff(failures, usualPace.backOff))).toEqual([0, 1_000, 2_000, 4_000, 1_620_000])
})

const exited = { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' } as const
const scheduled = { stopCode: 'ServiceSchedulerInitiated', wasHealthy: true, startedAt: 1 } as const

test.each<[string, Parameters<typeof hasFailed>[0], boolean, boolean]>([
  ['could not start', { stopCode: 'TaskFailedToStart', wasHealthy: false }, false, true],
  ['exited before it ran', { ...exited, wasHealthy: false }, false, true],
  ['ran and exited, without health check', { ...exited, wasHealthy: true, startedAt: 1 }, false, false],
  ['ran and exited before it was healthy', { ...exited, wasHealthy: false, startedAt: 1 }, true, true],
  ['was healthy and exited', { ...exited, wasHealthy: true, startedAt: 1 }, true, false],
  ['failed its health check', { ...scheduled, stoppedReason: failedHealthChecks }, true, true],
  ['was scaled away', { ...scheduled, stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' }, true, false],
  ['was stopped by a user', { stopCode: 'UserInitiated', wasHealthy: false }, false, false],
  ['runs', { wasHealthy: true, startedAt: 1 }, false, false],
])('a task that %s counts as failed or not', (_, task, hasHealthCheck, failed) => {
  expect(hasFailed(task, hasHealthCheck)).toBe(failed)
})
