import type { Service } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import type { TargetTools } from '../../target.ts'
import type { LogReader } from './logs.ts'
import type { Place } from './observe.ts'
import { runTask } from './run.ts'

type FakeTask = { arn: string; startedBy: string; stopsAt: number; exitCode: number }

/** A cluster in which a task ends after `lasts`, and five seconds after it is stopped unless it is `stubborn`; the run is cancelled at `cancelledAt`. */
const cluster = (lasts: number, left: string[] = [], stubborn = false, cancelledAt = Number.POSITIVE_INFINITY) => {
  const cancelled = new AbortController()
  let now = 0
  let most = 0
  const calls: string[] = []
  const start = (startedBy: string, at: number): FakeTask => ({
    arn: `task/${startedBy}/${at}`,
    startedBy,
    stopsAt: at,
    exitCode: 0,
  })
  const tasks = left.map((startedBy) => start(startedBy, Number.POSITIVE_INFINITY))
  const answers: Record<string, (input: Record<string, string>) => object> = {
    ListTasks: ({ startedBy }) => ({
      taskArns: tasks.filter((task) => task.startedBy === startedBy && task.stopsAt > now).map(({ arn }) => arn),
    }),
    RunTask: ({ startedBy = '' }) => {
      const task = start(startedBy, now + lasts)
      tasks.push(task)
      most = Math.max(most, tasks.filter((each) => each.startedBy === startedBy && each.stopsAt > now).length)
      return { tasks: [{ taskArn: task.arn }] }
    },
    StopTask: ({ task: arn }) => {
      const task = tasks.find((each) => each.arn === arn)
      if (task && !stubborn) Object.assign(task, { stopsAt: now + 5000, exitCode: 143 })
      return {}
    },
    DescribeTasks: ({ tasks: arns = '' }) => ({
      tasks: tasks
        .filter(({ arn }) => arns.includes(arn))
        .map(({ arn, stopsAt, exitCode }) => ({
          taskArn: arn,
          lastStatus: stopsAt > now ? 'RUNNING' : 'STOPPED',
          containers: [{ name: 'app', ...(stopsAt <= now && { exitCode }) }],
        })),
    }),
  }
  const send = async (command: { constructor: { name: string }; input: Record<string, string> }): Promise<object> => {
    const name = command.constructor.name.replace('Command', '')
    calls.push(name)
    return answers[name]?.(command.input) ?? {}
  }
  const place = { ecs: { send }, cluster: 'shop', service: 'api' } as unknown as Place
  const sleep = async (milliseconds: number): Promise<void> => {
    now += milliseconds
    if (now >= cancelledAt) cancelled.abort()
    if (now > 10_000_000) throw new Error('it is waited for without end')
  }
  const silent = { info: () => undefined, warning: () => undefined }
  const tools = {
    clock: { now: () => now, monotonic: () => now, sleep },
    log: silent,
    pollInterval: 2750,
  } as unknown as TargetTools
  const logs = { tail: async () => [] } as unknown as LogReader
  const order = {
    command: ['migrate'],
    container: 'app',
    revision: 'api:2',
    definition: { family: 'api', containerDefinitions: [] },
    token: 't',
  }
  const run = () => runTask(place, tools, logs, {} as Service, order, cancelled.signal)
  return { run, calls, most: () => most, now: () => now }
}

test('a command that a killed run left behind is over before the next begins', async () => {
  const { run, calls, most } = cluster(10_000, ['slipway-pre-deploy/api'])
  expect(await run()).toBeUndefined()
  expect(most()).toBe(1)
  expect(calls.indexOf('StopTask')).toBeLessThan(calls.indexOf('RunTask'))
})

test('one of another service is left alone', async () => {
  const { run, calls } = cluster(10_000, ['slipway-pre-deploy/worker'])
  expect(await run()).toBeUndefined()
  expect(calls).not.toContain('StopTask')
})

test('beside one that does not stop none is started', async () => {
  const { run, calls, now } = cluster(10_000, ['slipway-pre-deploy/api'], true)
  expect((await run())?.reason).toMatch(/was asked to stop and still runs after 5 minutes; see that it ends/)
  expect(calls).not.toContain('RunTask')
  expect(now()).toBeLessThan(310_000)
})

test('a command that does not end is stopped after half an hour', async () => {
  const { run, now } = cluster(Number.POSITIVE_INFINITY)
  expect(await run()).toMatchObject({ reason: 'it had not ended after 30 minutes, and was stopped' })
  expect(now()).toBeLessThan(1_820_000)
})

test.each([
  ['after half an hour', Number.POSITIVE_INFINITY, 'it had not ended after 30 minutes', 2_110_000],
  ['by a cancelled job', 60_000, 'the job was cancelled', 370_000],
])('a command that was stopped %s, and runs on where ECS does not reach it, is given up', async (_, cancelledAt, why, latest) => {
  const { run, calls, now } = cluster(Number.POSITIVE_INFINITY, [], true, cancelledAt)
  expect((await run())?.reason).toMatch(
    new RegExp(`^${why}: task \\w+ was asked to stop and still runs after 5 minutes; see that it ends, then run this again$`),
  )
  expect(calls.filter((call) => call === 'StopTask')).toHaveLength(1)
  expect(now()).toBeLessThan(latest)
})
