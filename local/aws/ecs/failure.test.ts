import { afterEach, expect, test } from 'vitest'
import { digestOf, type Ecs, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const breaker = (rollback: boolean) => ({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } } })
const check = { healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5, retries: 2, timeout: 2, startPeriod: 0 } }

test('the circuit breaker rolls back to the most recent completed deployment, under its old id', async () => {
  ecs = startEcs({ v1: {}, bad: { exitsWith: 3 } }, { pace: { settling: 10_000 } })
  await ecs.create('v1', breaker(true))
  const first = (await ecs.ended()).targetServiceRevision?.arn
  const before = (await ecs.service()).deployments?.[0]?.id
  const { service } = await ecs.update('bad')
  const failed = service?.deployments?.[0]?.id

  const rolling = await ecs.until(ecs.service, ({ deployments = [] }) => deployments[0]?.id === before)
  expect(rolling.deployments).toMatchObject([
    {
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${before}.`,
    },
    {
      id: failed,
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    },
  ])
  const deployment = await ecs.ended(rolling.currentServiceDeployment)
  expect(deployment).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: { serviceRevisionArn: first },
    deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
  })
  expect(deployment.deploymentCircuitBreaker?.failureCount).toBeGreaterThanOrEqual(3)
  expect((await ecs.service()).deployments).toMatchObject([{ id: before, rolloutState: 'COMPLETED', failedTasks: 0 }])
  expect((await ecs.tasks('RUNNING')).map((task) => task.containers?.[0]?.imageDigest)).toEqual([digestOf('v1'), digestOf('v1')])
  expect((await ecs.messages()).filter((message) => message.includes('deployment '))).toEqual([
    `(service api) (deployment ${before}) deployment completed.`,
    `(service api) (deployment ${failed}) deployment failed: tasks failed to start.`,
    `(service api) rolling back to deployment ${before}.`,
    `(service api) (deployment ${before}) deployment completed.`,
  ])
  const stopped = (await ecs.tasks('STOPPED')).filter((task) => task.startedBy === failed)
  expect(stopped[0]).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 3, lastStatus: 'STOPPED' }],
  })
})

test('without rollback the deployment fails, its service deployment stops, and the old tasks stay', async () => {
  ecs = startEcs({ v1: {}, bad: { exitsWith: 1 } })
  await ecs.create('v1', breaker(false))
  await ecs.ended()
  await ecs.update('bad')
  expect(await ecs.ended()).toMatchObject({ status: 'STOPPED', deploymentCircuitBreaker: { status: 'TRIGGERED' } })
  const { deployments, taskDefinition } = await ecs.service()
  expect(deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'FAILED' },
    { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 2 },
  ])
  expect(taskDefinition).toMatch(/:2$/)
})

test('with no completed deployment to go back to, the deployment stays FAILED and starts nothing more', async () => {
  ecs = startEcs({ bad: { exitsWith: 1 } })
  await ecs.create('bad', breaker(true))
  expect(await ecs.ended()).toMatchObject({ status: 'STOPPED' })
  const started = (await ecs.tasks('STOPPED')).length
  await ecs.time.sleep(20_000)
  expect((await ecs.tasks('STOPPED')).length).toBe(started)
  expect((await ecs.service()).deployments).toMatchObject([{ rolloutState: 'FAILED', runningCount: 0 }])
})

test('a rollback that fails as well ends in ROLLBACK_FAILED', async () => {
  let broken = false
  ecs = startEcs({ v1: () => (broken ? { exitsWith: 2 } : {}), bad: { exitsWith: 1 } })
  await ecs.create('v1', {
    ...breaker(true),
    deploymentConfiguration: { ...breaker(true).deploymentConfiguration, minimumHealthyPercent: 0 },
  })
  await ecs.ended()
  broken = true
  await ecs.update('bad')
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_FAILED' })
  expect((await ecs.service()).deployments?.[0]).toMatchObject({ rolloutState: 'FAILED' })
})

test('without a breaker a crash loop stays IN_PROGRESS, backs off and says that starts fail', async () => {
  ecs = startEcs({ bad: { exitsWith: 1 } })
  await ecs.create('bad')
  const service = await ecs.until(ecs.service, ({ deployments = [] }) => (deployments[0]?.failedTasks ?? 0) >= 6)
  expect(service.deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }])
  expect(await ecs.messages()).toContain(
    '(service api) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  )
  expect(await ecs.serviceDeployment()).toMatchObject({ status: 'IN_PROGRESS', deploymentCircuitBreaker: { status: 'DISABLED' } })
})

test('the breaker trips at its threshold, before another task is started', async () => {
  ecs = startEcs({ v1: {}, bad: { exitsWith: 1 } })
  await ecs.create('v1', { ...breaker(true), desiredCount: 1 })
  await ecs.ended()
  const id = (await ecs.update('bad')).service?.deployments?.[0]?.id
  const deployment = await ecs.ended()
  expect(deployment).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { failureCount: 3 } })
  expect((await ecs.tasks('STOPPED')).filter((task) => task.startedBy === id)).toHaveLength(3)
})

test('the waits between starts that fail grow, and a new task definition ends them', async () => {
  ecs = startEcs({ bad: { exitsWith: 1 }, v2: {} }, { factor: 25 })
  await ecs.create('bad', { desiredCount: 1 })
  const tasks = await ecs.until(
    () => ecs.tasks('STOPPED'),
    (all) => all.length >= 5,
  )
  const started = tasks.map(({ createdAt = 0 }) => createdAt)
  const wait = (n: number): number => (started[n] ?? 0) - (started[n - 1] ?? 0)
  expect(wait(4)).toBeGreaterThan(2.5 * wait(1))
  await ecs.update('v2')
  const before = Date.now()
  await ecs.until(ecs.service, ({ runningCount }) => runningCount === 1)
  expect(Date.now() - before).toBeLessThan(wait(4) * 1_000)
})

test('tasks that run and exit later never trip the breaker when there is no health check', async () => {
  ecs = startEcs({ bad: { exitsWith: 1, exitsAfter: 3_000 } })
  await ecs.create('bad', { ...breaker(true), desiredCount: 1 })
  await ecs.until(
    () => ecs.tasks('STOPPED'),
    (tasks) => tasks.length >= 5,
  )
  expect(await ecs.service()).toMatchObject({ deployments: [{ failedTasks: 0 }] })
})

test('a container that is never healthy is replaced and counted until the breaker rolls back', async () => {
  ecs = startEcs({ v1: {}, bad: { neverHealthy: true } })
  await ecs.create('v1', breaker(true), check)
  await ecs.ended()
  const { service } = await ecs.update('bad', check)
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
  const ours = (await ecs.tasks('STOPPED')).filter((task) => task.startedBy === service?.deployments?.[0]?.id)
  expect(ours[0]).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task failed container health checks',
    healthStatus: 'UNHEALTHY',
    containers: [{ healthStatus: 'UNHEALTHY' }],
  })
  expect(await ecs.messages()).toContain(
    `(service api) (task ${ours[0]?.taskArn?.split('/').at(-1)}) failed container health checks.`,
  )
})

test('a service with health checks counts a task only when it is HEALTHY', async () => {
  ecs = startEcs({ v1: { healthyAfter: 20_000 } })
  await ecs.create('v1', {}, check)
  const service = await ecs.until(ecs.service, ({ runningCount }) => runningCount === 2)
  expect(service.deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }])
  expect((await ecs.tasks('RUNNING')).map((task) => task.healthStatus)).toEqual(['UNKNOWN', 'UNKNOWN'])
  await ecs.ended()
  expect((await ecs.tasks('RUNNING')).map((task) => task.healthStatus)).toEqual(['HEALTHY', 'HEALTHY'])
})

test('a task that becomes unhealthy later is replaced, and the service reaches a steady state again', async () => {
  let starts = 0
  ecs = startEcs({ v1: () => (starts++ === 0 ? { unhealthyAfter: 20_000 } : {}) })
  await ecs.create('v1', { desiredCount: 1 }, check)
  const messages = await ecs.until(ecs.messages, (all) => all.filter((each) => each.includes('steady')).length === 2)
  expect(messages.at(-1)).toBe('(service api) has reached a steady state.')
  expect((await ecs.service()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
})

test('the counter goes back to 0 when a task runs', async () => {
  let starts = 0
  ecs = startEcs({ v1: () => (starts++ < 2 ? { exitsWith: 1 } : {}) }, { factor: 30 })
  await ecs.create('v1', { ...breaker(true), desiredCount: 1 })
  await ecs.until(ecs.service, ({ deployments = [] }) => deployments[0]?.failedTasks === 2)
  expect(await ecs.ended()).toMatchObject({
    status: 'SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE', failureCount: 0 },
  })
  expect((await ecs.service()).deployments).toMatchObject([{ failedTasks: 0 }])
})
