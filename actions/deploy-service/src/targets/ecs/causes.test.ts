import type { Task } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { failureOf, groupCauses, isHopeless } from './causes.ts'

const task = (change: Partial<Task>): Task => ({ taskArn: 'arn:task/shop/1', containers: [{ name: 'app' }], ...change })

const failures: [what: string, task: Task, reason: string, remedy: RegExp | undefined][] = [
  [
    'an exit',
    task({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 1 }],
    }),
    "container 'app' exited with 1: Essential container in task exited",
    undefined,
  ],
  [
    'the container with the error, not its sidecar',
    task({
      stoppedReason: 'Essential container in task exited',
      containers: [
        { name: 'proxy', exitCode: 0 },
        { name: 'app', exitCode: 139 },
      ],
    }),
    "container 'app' exited with 139, segmentation fault: Essential container in task exited",
    undefined,
  ],
  [
    'out of memory',
    task({
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    }),
    "container 'app' exited with 137, killed (OutOfMemoryError: Container killed due to memory usage): Essential container in task exited",
    /memory/,
  ],
  [
    'a missing image',
    task({ stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: x: not found' }),
    'CannotPullContainerError: x: not found',
    /not in the registry/,
  ],
  [
    'a denied pull',
    task({ stoppedReason: 'CannotPullContainerError: pull access denied' }),
    'CannotPullContainerError: pull access denied',
    /execution role/,
  ],
  [
    'a missing secret',
    task({ stoppedReason: 'ResourceInitializationError: unable to pull secrets' }),
    'ResourceInitializationError: unable to pull secrets',
    /secret or parameter/,
  ],
  [
    'another processor',
    task({
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 255, reason: 'exec format error' }],
    }),
    "container 'app' exited with 255 (exec format error): Essential container in task exited",
    /platform/,
  ],
  [
    'a failed health check, without the exit code of being stopped',
    task({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      containers: [{ name: 'app', exitCode: 143 }],
    }),
    'Task failed container health checks',
    /health check command/,
  ],
  [
    'a failed load balancer check',
    task({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed ELB health checks in (target-group x)' }),
    'Task failed ELB health checks in (target-group x)',
    /load balancer/,
  ],
]

test.each(failures)('names %s', (_, given, reason, remedy) => {
  const failure = failureOf(given)
  expect(failure?.reason).toBe(reason)
  if (remedy) expect(failure?.remedy).toMatch(remedy)
  else expect(failure?.remedy).toBeUndefined()
})

test.each([
  ['scaled in', { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' }],
  ['stopped by a person', { stopCode: 'UserInitiated', stoppedReason: 'by hand' }],
  ['taken by the spot market', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
] as [string, Partial<Task>][])('a task that was %s is no failure', (_, change) => {
  expect(failureOf(task(change))).toBeUndefined()
})

const failed = (arn: string, exitCode: number) =>
  failureOf(task({ taskArn: arn, stoppedReason: 'Essential container in task exited', containers: [{ name: 'app', exitCode }] }))

test('equal failures are one cause with a count, the most frequent first, with the log of any of them', () => {
  const all = [failed('a', 2), failed('b', 1), failed('c', 1)].flatMap((failure) => failure ?? [])
  expect(groupCauses(all, new Map([['c', ['boom']]]))).toMatchObject([{ count: 2, log: ['boom'] }, { count: 1 }])
})

test('it is hopeless after as many failures of one cause as allowed, or at the first that cannot heal', () => {
  const [one, same, other] = [failed('a', 1), failed('b', 1), failed('c', 2)].flatMap((failure) => failure ?? [])
  const gone = failureOf(task({ stoppedReason: 'CannotPullContainerError: manifest unknown' }))
  if (!one || !same || !other || !gone) throw new Error('these are failures')
  expect(isHopeless([one, other], 2)).toBe(false)
  expect(isHopeless([one, other, same], 2)).toBe(true)
  expect(isHopeless([gone], 100)).toBe(true)
})
