import { afterEach, expect, test } from 'vitest'
import { account, region, startWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const targetGroupArn = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/api/0123456789abcdef`
const balanced = { loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }] }

test('no capacity: the event of ECS is on the screen, and the job ends as timed-out with the previous digest proven', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.setPlacement('noFargateCapacity')
  const step = await world.deploy(world.inputs('api', 'v2', { timeout: '5s' }))
  expect(step.outputs).toMatchObject({ outcome: 'timed-out', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('was unable to place a task. Reason: Capacity is unavailable at this time.')
})

test('a quota that is used up: the event of ECS is followed by its name and what to do', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.setPlacement('noQuota')
  const step = await world.deploy(world.inputs('api', 'v2', { timeout: '2s' }))
  expect(step.outputs).toMatchObject({ outcome: 'timed-out', 'running-digest': world.digests['v1'] })
  expect(step.log).toMatch(
    /ECS: .*number of vCPUs you can run concurrently\..*; quota 'Fargate On-Demand vCPU resource count' is used up/,
  )
})

test('a target that is never healthy ends as failed-rolled-back with the load balancer as cause', async () => {
  world = await startWorld({ images: { v1: {}, sick: { neverTargetHealthy: true } } })
  await world.createService('api', 'v1', balanced, { portMappings: [{ containerPort: 8080 }] })
  const step = await world.deploy(world.inputs('api', 'sick'))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toContain(`Task failed ELB health checks in (target-group ${targetGroupArn})`)
})

test.each([
  ['a daemon service', { schedulingStrategy: 'DAEMON' }, 'daemon service'],
  ['a service of CodeDeploy', { deploymentController: { type: 'CODE_DEPLOY' } }, 'is deployed by CODE_DEPLOY'],
  ['a service of a third party', { deploymentController: { type: 'EXTERNAL' } }, 'is deployed by EXTERNAL'],
] as const)('%s is refused in words, and nothing is written', async (_, details, words) => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.describeAs('api', details)
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('refused')
  expect(step.log).toContain(words)
  expect(world.writes(mark)).toEqual([])
})

const strategy = [
  { capacityProvider: 'FARGATE', base: 1, weight: 1 },
  { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 3 },
]

test('a service of capacity providers is deployed like any other, and keeps its strategy', async () => {
  world = await startWorld({ factor: 100, images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1', { capacityProviderStrategy: strategy, launchType: undefined })
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  const [update] = world.cloud.recorder.calls({ since: mark, call: 'ecs:UpdateService' })
  expect(Object.keys(update?.input ?? {}).toSorted()).toEqual(['cluster', 'service', 'taskDefinition'])
  const service = await world.service('api')
  expect([service.capacityProviderStrategy, service.launchType]).toEqual([strategy, undefined])
})

test('its pre-deploy command runs on the same providers, and a failed deployment leaves the strategy as it is', async () => {
  world = await startWorld({ factor: 100, logDelay: 0, images: { v1: {}, bad: {} } })
  world.script[world.digests['bad'] ?? ''] = ({ command }) => ({
    exitsWith: command === undefined ? 1 : 0,
    exitsAfter: 100,
    logs: ['no'],
  })
  await world.createService('api', 'v1', { capacityProviderStrategy: strategy, launchType: undefined })
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'bad', { 'pre-deploy': '["migrate"]' }))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  const [run] = world.cloud.recorder.calls({ since: mark, call: 'ecs:RunTask' })
  expect(run?.input).toMatchObject({ capacityProviderStrategy: strategy })
  expect(run?.input).not.toHaveProperty('launchType')
  expect((await world.service('api')).capacityProviderStrategy).toEqual(strategy)
})
