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
    task({ stoppedReason: 'ResourceInitializationError: unable to pull secrets: ResourceNotFoundException' }),
    'ResourceInitializationError: unable to pull secrets: ResourceNotFoundException',
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

const pull = (account: string, digest: string, why: string): string =>
  `CannotPullContainerError: failed to resolve ref ${account}.dkr.ecr.eu-west-1.amazonaws.com/shop/app@sha256:${digest}: ${why}`
const secrets = 'ResourceInitializationError: unable to pull secrets or registry auth: service call has been retried 5 time(s):'
const digest = '7'.repeat(64)

test.each([
  ['no route, and an account with 403 in it', pull('264030111111', digest, 'dial tcp 10.0.0.1:443: i/o timeout'), false, /route/],
  ['no route, and a digest with 403 in it', pull('111111111111', `403${digest.slice(3)}`, 'i/o timeout'), false, /route/],
  ['a registry that forbids', pull('111111111111', digest, 'unexpected status from HEAD request: 403 Forbidden'), true, /role/],
  ['a registry that answers 403', pull('111111111111', digest, 'unexpected status code: 403'), true, /role/],
  ['a throttled secret', `${secrets} ThrottlingException: Rate exceeded`, false, /log group/],
  ['no route to a secret', `${secrets} RequestError: dial tcp 10.0.0.1:443: i/o timeout`, false, /route/],
  ['a secret that is denied', `${secrets} AccessDeniedException: User is not authorized to perform this`, true, /may read it/],
  ['a parameter that is not there', `${secrets} invalid parameters: /shop/dev/DATABASE_URL`, true, /exists/],
])('whether a further task may start after %s', (_, stoppedReason, hopeless, remedy) => {
  const failure = failureOf(task({ stopCode: 'TaskFailedToStart', stoppedReason }))
  expect(failure).toMatchObject({ hopeless, reason: stoppedReason, remedy: expect.stringMatching(remedy) })
})
