import { afterEach, expect, test } from 'vitest'
import { account, digestOf, type Ecs, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

test.each([
  [{ schedulingStrategy: 'DAEMON' as const }, 'scheduling strategy DAEMON: the local engine runs REPLICA services only'],
  [
    { deploymentController: { type: 'CODE_DEPLOY' as const } },
    'deployment controller CODE_DEPLOY: the local engine runs rolling',
  ],
  [{ deploymentController: { type: 'EXTERNAL' as const } }, 'deployment controller EXTERNAL: the local engine runs rolling'],
  [{ launchType: 'EC2' as const }, 'launch type EC2: the local engine has no container instances, only FARGATE'],
  [
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'instances' }] },
    "capacity provider 'instances': the local engine has no container instances, only FARGATE and FARGATE_SPOT",
  ],
])('a service that the engine cannot run is refused in words: %o', async (details, words) => {
  ecs = startEcs({ v1: {} })
  await expect(ecs.create('v1', details)).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining(`NotImplemented: ecs:CreateService with ${words}`),
  })
  await expect(ecs.service()).rejects.toThrow('no service')
})

test('a launch type and a strategy together are refused as AWS does, and an update to other capacity in words', async () => {
  ecs = startEcs({ v1: {} })
  const spot = [{ capacityProvider: 'FARGATE_SPOT' }]
  await expect(ecs.create('v1', { launchType: 'FARGATE', capacityProviderStrategy: spot })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  })
  await ecs.create('v1', { capacityProviderStrategy: spot })
  const update = { service: 'api', capacityProviderStrategy: [{ capacityProvider: 'instances' }] }
  await expect(ecs.ask('UpdateService', update)).rejects.toThrow(/ecs:UpdateService with capacity provider 'instances'/)
  const run = { taskDefinition: 'app', networkConfiguration: ecs.network, launchType: 'EC2' as const }
  await expect(ecs.ask('RunTask', run)).rejects.toThrow(/ecs:RunTask with launch type EC2/)
})

test('a service can be described as another kind, and is then not updated', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  ecs.describeAs(account, region, 'default', 'api', { schedulingStrategy: 'DAEMON' })
  expect(await ecs.service()).toMatchObject({ schedulingStrategy: 'DAEMON' })
  await expect(ecs.update('v1')).rejects.toThrow(/ecs:UpdateService with scheduling strategy DAEMON/)
})

test('a service of a capacity provider has no launch type, and its tasks name the provider', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] })
  await ecs.ended()
  const service = await ecs.service()
  expect(service).toMatchObject({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] })
  expect(service.launchType).toBeUndefined()
  const [task] = await ecs.tasks('RUNNING')
  expect(task).toMatchObject({ capacityProviderName: 'FARGATE_SPOT' })
  expect(task?.launchType).toBeUndefined()
})

test('a drain that takes too long keeps the deployment IN_PROGRESS until the old tasks are killed', async () => {
  ecs = startEcs({ v1: { ignoresSigterm: true }, v2: {} })
  await ecs.create('v1', {}, { stopTimeout: 60 })
  await ecs.ended()
  await ecs.update('v2')
  const draining = await ecs.until(ecs.service, ({ deployments = [] }) => deployments[0]?.runningCount === 2)
  expect(draining.deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE', desiredCount: 0 }])
  await ecs.time.sleep(30_000)
  expect((await ecs.service()).deployments).toHaveLength(2)
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL' })
  expect((await ecs.tasks('STOPPED')).map((task) => task.containers?.[0]?.exitCode)).toEqual([137, 137])
})

test('a service that is deleted in flight stops its deployment', async () => {
  ecs = startEcs({ v1: {}, v2: { startsAfter: 60_000 } })
  await ecs.create('v1')
  await ecs.ended()
  const arn = (await ecs.update('v2')).service?.currentServiceDeployment
  await ecs.ask('DeleteService', { service: 'api', force: true })
  expect(await ecs.serviceDeployment(arn)).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because the service was deleted.',
  })
  await ecs.until(ecs.service, ({ status }) => status === 'INACTIVE')
})

test('a task that runs and exits later leaves its exit code, and is replaced by the same revision', async () => {
  let exits = true
  ecs = startEcs({ v1: () => (exits ? { exitsAfter: 20_000, exitsWith: 7 } : {}) })
  await ecs.create('v1', { desiredCount: 1 })
  await ecs.ended()
  exits = false
  const [task] = await ecs.until(
    () => ecs.tasks('STOPPED'),
    ([first]) => first?.lastStatus === 'STOPPED',
  )
  expect(task).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 7 }] })
  await ecs.until(ecs.service, ({ runningCount }) => runningCount === 1)
  expect((await ecs.tasks('RUNNING'))[0]?.containers?.[0]?.imageDigest).toBe(digestOf('v1'))
})
