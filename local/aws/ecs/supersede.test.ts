import { afterEach, expect, test } from 'vitest'
import { type Ecs, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

/** Leaves time to see the states that pass. */
const unhurried = { pace: { transition: 10_000, settling: 10_000 } }

const stop = (serviceDeploymentArn: string) => ecs.ask('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })

test('an update supersedes the deployment in flight', async () => {
  ecs = startEcs({ v1: {}, v2: { startsAfter: 60_000 }, v3: {} }, unhurried)
  await ecs.create('v1')
  await ecs.ended()
  const second = (await ecs.update('v2')).service
  await ecs.until(ecs.serviceDeployment, ({ status }) => status === 'IN_PROGRESS')
  const third = (await ecs.update('v3')).service
  expect(third?.deployments?.map(({ id, status }) => [id, status])).toEqual([
    [expect.anything(), 'PRIMARY'],
    [second?.deployments?.[0]?.id, 'ACTIVE'],
    [second?.deployments?.[1]?.id, 'ACTIVE'],
  ])
  expect(third?.currentServiceDeployment).not.toBe(second?.currentServiceDeployment)
  expect(await ecs.serviceDeployment(second?.currentServiceDeployment)).toMatchObject({ status: 'STOP_REQUESTED' })
  expect(await ecs.ended(second?.currentServiceDeployment)).toMatchObject({
    status: 'STOPPED',
    statusReason: expect.stringMatching(/newer/),
  })
  expect(await ecs.ended(third?.currentServiceDeployment)).toMatchObject({ status: 'SUCCESSFUL' })
  expect((await ecs.service()).deployments).toHaveLength(1)
})

test('a stopped deployment goes back to the revision before it, without a circuit breaker', async () => {
  ecs = startEcs({ v1: {}, v2: { startsAfter: 60_000 } }, unhurried)
  await ecs.create('v1')
  const first = await ecs.ended()
  const id = (await ecs.service()).deployments?.[0]?.id
  const arn = (await ecs.update('v2')).service?.currentServiceDeployment ?? ''
  await ecs.until(ecs.serviceDeployment, ({ status }) => status === 'IN_PROGRESS')
  await ecs.until(
    () => ecs.tasks('RUNNING'),
    (tasks) => tasks.length === 4,
  )
  expect(await stop(arn)).toEqual({ serviceDeploymentArn: arn })
  expect(await ecs.serviceDeployment(arn)).toMatchObject({ status: 'ROLLBACK_REQUESTED' })
  expect(await ecs.ended(arn)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: { serviceRevisionArn: first.targetServiceRevision?.arn },
  })
  expect((await ecs.service()).deployments).toMatchObject([{ id, status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }])
  expect((await ecs.service()).taskDefinition).toMatch(/:1$/)
  await expect(stop(arn)).rejects.toMatchObject({ name: 'ConflictException' })
})

test('a first deployment that is stopped has nowhere to go back to', async () => {
  ecs = startEcs({ v1: { startsAfter: 60_000 } }, unhurried)
  const arn = (await ecs.create('v1')).service?.currentServiceDeployment ?? ''
  await stop(arn)
  await stop(arn)
  expect(await ecs.ended(arn)).toMatchObject({ status: 'STOPPED' })
})

test('a deployment that succeeded cannot be stopped, and an unknown one is not found', async () => {
  ecs = startEcs({ v1: {} })
  const arn = (await ecs.create('v1')).service?.currentServiceDeployment ?? ''
  await ecs.ended(arn)
  await expect(stop(arn)).rejects.toMatchObject({ name: 'ConflictException' })
  await expect(stop(`${arn}x`)).rejects.toMatchObject({ name: 'ServiceDeploymentNotFoundException' })
})

test('a new deployment during a rollback wins', async () => {
  ecs = startEcs({ v1: {}, bad: { exitsWith: 1 }, v3: {} }, unhurried)
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true }, minimumHealthyPercent: 0 }
  await ecs.create('v1', { deploymentConfiguration })
  await ecs.ended()
  const arn = (await ecs.update('bad')).service?.currentServiceDeployment
  await ecs.until(
    () => ecs.serviceDeployment(arn),
    ({ status }) => status === 'ROLLBACK_IN_PROGRESS',
  )
  await ecs.update('v3')
  expect(await ecs.serviceDeployment(arn)).toMatchObject({ status: 'ROLLBACK_FAILED' })
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL' })
  expect((await ecs.service()).taskDefinition).toMatch(/:3$/)
})

test('changes that do not start a deployment keep the PRIMARY id; a forced one replaces the tasks', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  await ecs.ended()
  const before = await ecs.service()
  const { service } = await ecs.ask('UpdateService', {
    service: 'api',
    taskDefinition: 'app',
    desiredCount: 3,
    deploymentConfiguration: { maximumPercent: 150 },
    enableExecuteCommand: true,
  })
  expect(service?.deployments?.[0]?.id).toBe(before.deployments?.[0]?.id)
  expect(service?.currentServiceDeployment).toBe(before.currentServiceDeployment)
  expect(service?.deploymentConfiguration).toMatchObject({ maximumPercent: 150, minimumHealthyPercent: 100 })

  const forced = await ecs.ask('UpdateService', { service: 'api', forceNewDeployment: true })
  expect(forced.service?.deployments?.[0]?.id).not.toBe(before.deployments?.[0]?.id)
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 3 } })
})

test('the desired count scales up and down, to 0 and back', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  await ecs.ended()
  for (const desiredCount of [5, 1, 0, 2]) {
    await ecs.ask('UpdateService', { service: 'api', desiredCount })
    await ecs.until(
      ecs.service,
      ({ runningCount, events = [] }) => runningCount === desiredCount && events[0]?.message?.includes('steady') === true,
    )
  }
  expect((await ecs.service()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
  expect((await ecs.ask('ListServiceDeployments', { service: 'api' })).serviceDeployments).toHaveLength(1)
})

test('a deleted service drains and becomes INACTIVE', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  await ecs.ended()
  await expect(ecs.ask('DeleteService', { service: 'api' })).rejects.toThrow(
    'The service cannot be stopped while it is scaled above 0.',
  )
  expect((await ecs.ask('DeleteService', { service: 'api', force: true })).service?.status).toBe('DRAINING')
  await ecs.until(ecs.service, ({ status }) => status === 'INACTIVE')
  await expect(ecs.update('v1')).rejects.toMatchObject({ name: 'ServiceNotActiveException' })
})
