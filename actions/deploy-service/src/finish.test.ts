import { expect, it } from 'vitest'
import type { Session } from '../../../lib/aws/session.ts'
import { finishKilled, type Unfinished } from './finish.ts'
import { before, wire } from './targets/ecs/wire.case.ts'

/** Lambda, where every function serves version 1, and nothing is told of one that is called `hidden`. */
const client = {
  middlewareStack: { add: () => undefined },
  send: async ({ constructor: { name }, input }: { constructor: { name: string }; input: { FunctionName: string } }) => {
    if (input.FunctionName === 'hidden') throw Object.assign(new Error('not for you'), { name: 'AccessDeniedException' })
    if (name === 'GetAliasCommand') return { FunctionVersion: '1', RevisionId: 'r' }
    return { Configuration: { Version: '1', CodeSha256: 'one', State: 'Active', LastUpdateStatus: 'Successful' } }
  },
}
const session = { guard: async () => undefined, client: () => client, clientWithoutRetry: () => client } as unknown as Session

const log = { info: () => undefined, warning: () => undefined } as never
const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined }

const left = (name: string): Unfinished['deployments'][number] => ({
  service: name,
  target: { kind: 'lambda', functions: [{ name }], alias: 'live' },
  deployment: {
    id: 'slipway-1',
    revision: `${name}:1`,
    startedAt: 0,
    images: { [name]: 'app@sha256:two' },
    previous: {
      revision: `${name}:1`,
      images: {},
      digests: { [name]: 'sha256:one' },
      deployments: [],
      count: 1,
      functions: { [name]: { version: '1' } },
      settled: false,
    },
  },
})

it('tells of the service that it could not look at, and takes the others back all the same', async () => {
  const deployments = [left('hidden'), left('events')]
  const unfinished = { account: '1', region: 'eu-west-1', role: '', requestTimeout: 1, pollInterval: 1, deployments }
  const results = await finishKilled(unfinished, session, { log, clock, pollInterval: 1 })
  expect(results).toMatchObject([
    { service: 'hidden', outcome: 'failed-not-rolled-back', reason: expect.stringContaining('lambda:GetAlias') },
    { service: 'events', outcome: 'cancelled', runningDigest: 'sha256:one' },
  ])
})

/** An ECS service in the middle of its deployment. */
const inFlight = (previous = before): Unfinished => ({
  ...{ account: '1', region: 'eu-west-1', role: '', requestTimeout: 1, pollInterval: 1 },
  deployments: [
    {
      service: 'api',
      target: { kind: 'ecs', cluster: 'shop', service: 'api' },
      deployment: { id: 'ecs-svc/2', revision: 'api:2', startedAt: 0, previous },
    },
  ],
})

it('lets ECS go on with a way back that takes longer than GitHub leaves time, counted from before the lease was waited for', async () => {
  const { session: ecs, tools, calls, now } = wire()
  const guard = (): Promise<void> => tools.clock.sleep(200_000)
  const [result] = await finishKilled(inFlight(), { ...ecs, guard }, tools)
  expect(result).toMatchObject({
    outcome: 'failed-not-rolled-back',
    reason: expect.stringMatching(
      /^ECS is still bringing back what ran before, .*; the next run proves the recorded image, or brings it$/,
    ),
  })
  expect(calls.filter((call) => call === 'StopServiceDeployment')).toHaveLength(1)
  expect(calls).not.toContain('UpdateService')
  expect(now()).toBeGreaterThan(260_000)
  expect(now()).toBeLessThan(280_000)
})

it('sets a service on which nothing ran before back to 0 tasks, while ECS is still going back too', async () => {
  const { session: ecs, tools, calls } = wire()
  const [result] = await finishKilled(inFlight({ ...before, count: 0 }), ecs, tools)
  expect(result).toMatchObject({ outcome: 'cancelled', reason: 'nothing ran before, and the service stands at 0 again' })
  expect(calls.filter((call) => call === 'UpdateService')).toHaveLength(1)
})

it('gives a proof of what ran before no more time than there is', async () => {
  const starting = { taskArn: 'task/1', lastStatus: 'PENDING', containers: [] }
  const {
    session: ecs,
    tools,
    now,
  } = wire(() => ({
    DescribeServiceDeployments: () => ({ serviceDeployments: [{ status: 'ROLLBACK_SUCCESSFUL' }] }),
    ListTasks: ({ desiredStatus }) => ({ taskArns: desiredStatus === 'RUNNING' ? ['task/1', 'task/2'] : [] }),
    DescribeTasks: () => ({ tasks: [starting, { ...starting, taskArn: 'task/2' }] }),
  }))
  const guard = (): Promise<void> => tools.clock.sleep(200_000)
  const [result] = await finishKilled(inFlight(), { ...ecs, guard }, tools)
  expect(result).toMatchObject({ outcome: 'failed-not-rolled-back', reason: 'after the rollback 0 of 2 tasks are running' })
  expect(now()).toBeLessThan(280_000)
})
