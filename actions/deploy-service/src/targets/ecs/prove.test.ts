import type { Task } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import type { TargetTools } from '../../target.ts'
import type { Place } from './observe.ts'
import { proveDigests } from './prove.ts'

const digest = `sha256:${'1'.repeat(64)}`
const other = `sha256:${'2'.repeat(64)}`
const task = (id: number, lastStatus = 'RUNNING', runs: Record<string, string> = { app: digest }): Task => ({
  taskArn: `task/${id}`,
  lastStatus,
  containers: Object.entries(runs).map(([name, imageDigest]) => ({ name, imageDigest })),
})

/** Looks at a service of `desired` tasks, which are what `tasksAt` says so many milliseconds after the first look. */
const look = async (desired: number, tasksAt: (now: number) => Task[], expected = { app: digest }, stop?: number) => {
  let now = 0
  let looks = 0
  const controller = new AbortController()
  const sleep = async (milliseconds: number): Promise<void> => {
    now += milliseconds
    if (stop !== undefined && now >= stop) controller.abort()
  }
  const answers: Record<string, () => object> = {
    DescribeServicesCommand: () => ({ services: [{ status: 'ACTIVE', desiredCount: desired }] }),
    ListTasksCommand: () => ({ taskArns: tasksAt(now).map(({ taskArn }) => taskArn) }),
    DescribeTasksCommand: () => ({ tasks: tasksAt(now) }),
  }
  const send = async (command: object): Promise<object> => {
    if (command.constructor.name === 'DescribeServicesCommand') looks += 1
    return answers[command.constructor.name]?.() ?? {}
  }
  const place = { ecs: { send }, cluster: 'shop', service: 'api' } as unknown as Place
  const tools = { clock: { now: () => now, monotonic: () => now, sleep }, pollInterval: 2750 } as unknown as TargetTools
  const proof = await proveDigests(place, tools, expected, new Map(), { signal: controller.signal })
  return { proof, now, looks }
}

const three = [task(1), task(2), task(3)]

test('a fourth task that takes a minute to start is waited for', async () => {
  const { proof, now, looks } = await look(4, (at) => [...three, task(4, at > 60_000 ? 'RUNNING' : 'PENDING')])
  expect(proof).toEqual({ proven: true, digest })
  expect(now).toBeLessThan(70_000)
  expect(looks).toBeLessThan(15)
})

test('a task that does not come up is given up after five minutes', async () => {
  const { proof, now } = await look(4, () => [...three, task(4, 'PENDING')])
  expect(proof).toMatchObject({ proven: false, problem: '3 of 4 tasks are running', starting: true })
  expect(now).toBeGreaterThan(280_000)
  expect(now).toBeLessThanOrEqual(300_000)
})

test.each<[what: string, tasksAt: (now: number) => Task[], problem: string]>([
  ['a task that is not even listed', () => three, '3 of 4 tasks are running'],
  [
    'tasks that end and are replaced, over and over',
    (now) => [...three, task(4 + Math.floor(now / 5000), 'PENDING')],
    '3 of 4 tasks are running',
  ],
  ['another digest', () => [...three, task(4, 'RUNNING', { app: other })], 'task 4 runs'],
])('%s is not waited for', async (_, tasksAt, problem) => {
  const { proof, now } = await look(4, tasksAt)
  expect(proof).toMatchObject({ proven: false, problem: expect.stringContaining(problem) })
  expect(now).toBeLessThan(25_000)
})

test('whoever stops the run is not kept waiting', async () => {
  const { proof, now } = await look(4, () => [...three, task(4, 'PENDING')], { app: digest }, 30_000)
  expect(proof).toMatchObject({ proven: false, starting: true })
  expect(now).toBeLessThan(40_000)
})

test('each container is proven, though all have one image', async () => {
  const tasks = [task(1, 'RUNNING', { app: digest, worker: other })]
  const expected = { app: digest, worker: digest }
  expect((await look(1, () => tasks, expected)).proof).toMatchObject({
    proven: false,
    problem: `task 1 runs ${other} in 'worker', expected ${digest}`,
  })
})
