import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { afterEach, expect, test } from 'vitest'
import { planOf } from './deploy-service.plan.ts'
import { startWorld, until, type World } from './world.ts'

let world: World
afterEach(() => world.close())

/** The service `api` is to run that image and to have these alarms; without any, those that it has. */
const inputsOf = (tag: string, alarms?: string[]): Record<string, string> => ({
  plan: JSON.stringify(planOf(tag, { services: [{ name: 'api', ...(alarms && { alarms }) }] })),
  credentials: 'ambient',
  'poll-interval': '500ms',
})

/** What the calls of UpdateService since a mark said of the deployment configuration. */
const configurations = (since: number): unknown[] =>
  world.cloud.recorder
    .calls({ since, call: 'ecs:UpdateService' })
    .map(({ input }) => (input as { deploymentConfiguration?: unknown }).deploymentConfiguration)

test('a service is given the alarms of the plan beside what it has, once', async () => {
  world = await startWorld({ factor: 100, images: { v1: {}, v2: {}, v3: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  expect((await world.deploy(inputsOf('v2', ['api-5xx', 'api-slow']))).outputs['outcome']).toBe('succeeded')
  expect(configurations(mark)).toEqual([
    expect.objectContaining({
      alarms: { alarmNames: ['api-5xx', 'api-slow'], enable: true, rollback: true },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      minimumHealthyPercent: 100,
    }),
  ])
  const next = world.cloud.recorder.mark()
  expect((await world.deploy(inputsOf('v3', ['api-slow', 'api-5xx']))).outputs['outcome']).toBe('succeeded')
  expect(configurations(next)).toEqual([undefined])
})

test('a plan without alarms leaves those of the service alone; an empty list takes them away', async () => {
  world = await startWorld({ factor: 100, images: { v1: {}, v2: {}, v3: {} } })
  const alarms = { alarmNames: ['own'], enable: true, rollback: false }
  await world.createService('api', 'v1', { deploymentConfiguration: { alarms } })
  await world.deploy(inputsOf('v2'))
  expect((await world.service('api')).deploymentConfiguration?.alarms).toEqual(alarms)
  await world.deploy(inputsOf('v3', []))
  expect((await world.service('api')).deploymentConfiguration?.alarms).toEqual({ alarmNames: [], enable: false, rollback: false })
})

test('a rollout that alarms roll back ends as failed-rolled-back, with their names, the previous digest proven, no record', async () => {
  world = await startWorld({ factor: 20, images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const running = world.startDeploy(inputsOf('v2', ['api-5xx', 'api-slow']))
  await running.printed('api: started')
  await until(
    () => world.service('api'),
    ({ deployments = [] }) => deployments.length === 1 && deployments[0]?.rolloutState === 'IN_PROGRESS',
  )
  world.setAlarm('api-slow', 'ALARM')
  const step = await running.done
  expect(outcome(step.outputs)).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: world.digests['v1'] })
  expect(step.exitCode).toBe(1)
  expect(step.log).toContain('the alarms fired: api-slow')
  expect(step.log).toContain('ECS: (service api) (deployment')
  const recorded = await world.ssm.send(new GetParameterCommand({ Name: '/shop/dev/api/image' })).catch(() => undefined)
  expect(recorded).toBeUndefined()
})

const outcome = (outputs: Record<string, string>) => (JSON.parse(outputs['services'] ?? '[]') as object[])[0]
