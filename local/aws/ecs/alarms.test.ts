import { afterEach, expect, test } from 'vitest'
import { account, digestOf, type Ecs, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const alarms = (rollback = true) => ({
  deploymentConfiguration: { alarms: { alarmNames: ['5xx', 'slow'], enable: true, rollback } },
})
const ring = (name: string, state: 'OK' | 'ALARM' = 'ALARM') => ecs.setAlarm(account, region, name, state)
const baking = { pace: { bake: 20_000 } }

test('a deployment with alarms stays IN_PROGRESS while it bakes, although the old tasks are gone', async () => {
  ecs = startEcs({ v1: {}, v2: {} }, baking)
  await ecs.create('v1', alarms())
  await ecs.ended()
  await ecs.update('v2')
  await ecs.until(ecs.service, ({ deployments = [] }) => deployments.length === 1)
  await ecs.time.sleep(10_000)
  expect((await ecs.service()).deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS', runningCount: 2 }])
  expect(await ecs.serviceDeployment()).toMatchObject({
    status: 'IN_PROGRESS',
    alarms: { status: 'MONITORING', alarmNames: ['5xx', 'slow'], triggeredAlarmNames: [] },
  })
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'MONITORING_COMPLETE' } })
})

test('an alarm during the bake time rolls the deployment back and is named', async () => {
  ecs = startEcs({ v1: {}, v2: {} }, baking)
  await ecs.create('v1', alarms())
  await ecs.ended()
  const before = (await ecs.service()).deployments?.[0]?.id
  const failed = (await ecs.update('v2')).service?.deployments?.[0]?.id
  await ecs.until(ecs.service, ({ deployments = [] }) => deployments.length === 1)
  ring('slow')
  const deployment = await ecs.ended()
  expect(deployment).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: 'Service deployment rolled back because one or more CloudWatch alarms went into the ALARM state.',
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['slow'] },
    deploymentCircuitBreaker: { status: 'DISABLED' },
  })
  expect((await ecs.tasks('RUNNING')).map((task) => task.containers?.[0]?.imageDigest)).toEqual([digestOf('v1'), digestOf('v1')])
  expect(await ecs.messages()).toContain(`(service api) (deployment ${failed}) deployment failed: alarm detected.`)
  expect(await ecs.messages()).toContain(`(service api) rolling back to deployment ${before}.`)
})

test('an alarm without rollback fails the deployment, and nothing more is started', async () => {
  ecs = startEcs({ v1: {}, v2: {} }, baking)
  await ecs.create('v1', alarms(false))
  await ecs.ended()
  await ecs.update('v2')
  await ecs.until(ecs.service, ({ deployments = [] }) => deployments.length === 1)
  ring('5xx')
  expect(await ecs.ended()).toMatchObject({ status: 'STOPPED', alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['5xx'] } })
  expect((await ecs.service()).deployments?.[0]).toMatchObject({
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment alarms: alarm detected.',
  })
})

test('an alarm does not count before a task of the deployment runs', async () => {
  ecs = startEcs({ v1: {}, slow: { startsAfter: 10_000 } }, { factor: 50 })
  await ecs.create('v1', alarms())
  await ecs.ended()
  await ecs.update('slow')
  await ecs.until(ecs.serviceDeployment, ({ status }) => status === 'IN_PROGRESS')
  ring('5xx')
  await ecs.time.sleep(5_000)
  expect(await ecs.serviceDeployment()).toMatchObject({ status: 'IN_PROGRESS' })
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
})

test('alarms that ring when a deployment begins are not monitored during it, so that a fix can be deployed', async () => {
  ecs = startEcs({ v1: {}, v2: {} })
  await ecs.create('v1', alarms())
  await ecs.ended()
  ring('5xx')
  await ecs.update('v2')
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } })
  ring('5xx', 'OK')
  await ecs.update('v1')
  expect(await ecs.serviceDeployment()).toMatchObject({ alarms: { status: 'MONITORING' } })
})
