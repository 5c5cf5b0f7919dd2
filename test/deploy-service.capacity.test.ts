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
] as const)('%s is refused in words, and nothing is written', async (_, details, words) => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1', details)
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('refused')
  expect(step.log).toContain(words)
  expect(world.writes(mark)).toEqual([])
})

test('a service of a capacity provider is deployed like any other', async () => {
  world = await startWorld({ factor: 100, images: { v1: {}, v2: {} } })
  const provider = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }], launchType: undefined }
  await world.createService('api', 'v1', provider)
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
})
