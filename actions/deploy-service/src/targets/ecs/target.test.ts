import { expect, test } from 'vitest'
import { patient } from '../../../../../lib/aws/throttle.ts'
import { ecsTarget } from './target.ts'
import { before, wanted, wire } from './wire.case.ts'

const options = { cluster: 'shop', service: 'api', run: '1' }

test('a way back that takes longer than it may is no longer followed, and is not stopped: ECS would return to the rejected image', async () => {
  const { session, tools, calls, now } = wire()
  const target = await ecsTarget(session, tools, options)
  expect(await target.restore(before, 'ecs-svc/2', 600_000)).toMatch(/^the way back had not ended after 60[0-3] s; it goes on$/)
  expect(calls.filter((call) => call === 'UpdateService')).toHaveLength(1)
  expect(calls).not.toContain('StopServiceDeployment')
  expect(now()).toBeLessThan(605_000)
})

const MINUTE = 60_000
const throttled = { __type: 'ThrottlingException', message: 'Rate exceeded' }

/** Starts a deployment with a limit of two minutes, where `slow` is answered at last after one that stops the run, or after three. */
const startSlowly = async (slow: 'RegisterTaskDefinition' | 'UpdateService', stops: boolean, first: object = throttled) => {
  const stop = new AbortController()
  let asked = 0
  const { session, tools, calls } = wire(({ pass }) => ({
    [slow]: () => {
      pass(stops ? MINUTE : 3 * MINUTE)
      if (stops) stop.abort(new Error("'worker' ended as failed-rolled-back"))
      asked += 1
      if (asked === 1 && slow === 'UpdateService') return first
      const taskDefinition = { taskDefinitionArn: 'arn:aws:ecs:eu-west-1:1:task-definition/api:3' }
      return slow === 'UpdateService'
        ? { service: { deployments: [{ id: 'ecs-svc/3', status: 'PRIMARY' }] } }
        : { taskDefinition }
    },
  }))
  const target = await ecsTarget(patient(session, tools), tools, options)
  const running = await target.read(wanted)
  const deployment = await target
    .start(wanted, running, undefined, { signal: stop.signal, deadline: 2 * MINUTE })
    .catch((error: Error) => error)
  return { deployment, updates: calls.filter((call) => call === 'UpdateService').length }
}

const stopped = {
  name: 'NotStarted',
  outcome: 'cancelled',
  message: "'worker' ended as failed-rolled-back before ecs:UpdateService was accepted",
}
const late = {
  name: 'NotStarted',
  outcome: 'timed-out',
  message: "the time given by 'timeout' was over before ecs:UpdateService was accepted",
}

test.each([
  ['the run is told to stop', 'the task definition is registered', 'RegisterTaskDefinition', 0],
  ['the run is told to stop', 'AWS turns the update away', 'UpdateService', 1],
  ["the time given by 'timeout' passes", 'the task definition is registered', 'RegisterTaskDefinition', 0],
  ["the time given by 'timeout' passes", 'AWS turns the update away', 'UpdateService', 1],
] as const)('where %s while %s, ECS is asked for no deployment any more', async (what, _, operation, asked) => {
  const stops = what === 'the run is told to stop'
  const { deployment, updates } = await startSlowly(operation, stops)
  expect(deployment).toMatchObject(stops ? stopped : late)
  expect(updates).toBe(asked)
})

test('an update that AWS may have applied is sent again all the same, so that its deployment is found and stopped', async () => {
  const { deployment, updates } = await startSlowly('UpdateService', true, { __type: 'ServerException', message: 'lost' })
  expect(deployment).toMatchObject({ id: 'ecs-svc/3' })
  expect(updates).toBe(2)
})
