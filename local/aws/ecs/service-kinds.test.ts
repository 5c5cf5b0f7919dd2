import { afterEach, expect, test } from 'vitest'
import { digestOf, type Ecs, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

test('a daemon service and one of another deployment controller can be described as such', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1', { schedulingStrategy: 'DAEMON', deploymentController: { type: 'CODE_DEPLOY' } })
  expect(await ecs.service()).toMatchObject({ schedulingStrategy: 'DAEMON', deploymentController: { type: 'CODE_DEPLOY' } })
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
