import { afterEach, expect, test } from 'vitest'
import { digestOf, type Ecs, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const awslogs = {
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': '/shop/dev/api', 'awslogs-region': region, 'awslogs-stream-prefix': 'api' },
  },
}

const ended = (arn = '') =>
  ecs.until(
    async () => (await ecs.ask('DescribeTasks', { tasks: [arn] })).tasks?.[0],
    (task) => task?.lastStatus === 'STOPPED',
  )

test('a one-off task runs with its overrides, logs line by line and reports its exit code', async () => {
  let seen: unknown
  ecs = startEcs(
    {
      v1: (spec) => {
        seen = { command: spec.command, environment: spec.environment }
        return { logs: ['migrating', 'failed'], exitsWith: 7, exitsAfter: 5_000 }
      },
    },
    { parameters: { '/shop/dev/DATABASE_URL': 'postgres://' } },
  )
  await ecs.ask('CreateCluster', {})
  const secrets = [{ name: 'DATABASE_URL', valueFrom: '/shop/dev/DATABASE_URL' }]
  const taskDefinition = await ecs.register('v1', {
    ...awslogs,
    secrets,
    environment: [
      { name: 'A', value: '1' },
      { name: 'B', value: '1' },
    ],
  })
  const { tasks } = await ecs.ask('RunTask', {
    taskDefinition,
    startedBy: 'run-1',
    networkConfiguration: ecs.network,
    overrides: { containerOverrides: [{ name: 'app', command: ['migrate'], environment: [{ name: 'B', value: '2' }] }] },
  })
  const [started] = tasks ?? []
  expect(started).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', startedBy: 'run-1', group: 'family:app' })
  expect((await ecs.ask('ListTasks', { startedBy: 'run-1' })).taskArns).toEqual([started?.taskArn])

  const task = await ended(started?.taskArn)
  expect(task).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [
      { name: 'app', exitCode: 7, imageDigest: digestOf('v1'), networkInterfaces: [{ privateIpv4Address: expect.anything() }] },
    ],
    attachments: [
      { type: 'ElasticNetworkInterface', details: expect.arrayContaining([{ name: 'subnetId', value: 'subnet-1' }]) },
    ],
  })
  const times = [
    task?.createdAt,
    task?.pullStartedAt,
    task?.startedAt,
    task?.stoppingAt,
    task?.executionStoppedAt,
    task?.stoppedAt,
  ]
  expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)))
  const stream = `api/app/${started?.taskArn?.split('/').at(-1)}`
  expect(ecs.lines).toEqual([
    { group: '/shop/dev/api', stream, message: 'migrating' },
    { group: '/shop/dev/api', stream, message: 'failed' },
  ])
  expect(seen).toMatchObject({
    command: ['migrate'],
    environment: { A: '1', B: '2', DATABASE_URL: 'postgres://', AWS_REGION: region },
  })
})

test('a task that ignores SIGTERM is killed after its stop timeout', async () => {
  ecs = startEcs({ v1: { ignoresSigterm: true } })
  await ecs.ask('CreateCluster', {})
  const taskDefinition = await ecs.register('v1', { stopTimeout: 20 })
  const { tasks } = await ecs.ask('RunTask', { taskDefinition, networkConfiguration: ecs.network })
  const arn = tasks?.[0]?.taskArn ?? ''
  await ecs.until(
    async () => (await ecs.ask('DescribeTasks', { tasks: [arn] })).tasks?.[0],
    (task) => task?.lastStatus === 'RUNNING',
  )
  const { task } = await ecs.ask('StopTask', { task: arn, reason: 'enough' })
  expect(task).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'RUNNING' })
  const stopped = await ended(arn)
  expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough', containers: [{ exitCode: 137 }] })
  expect((stopped?.executionStoppedAt ?? 0) - (stopped?.stoppingAt ?? 0)).toBeGreaterThanOrEqual(0.19)
})

test('the same client token starts the same tasks once', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.ask('CreateCluster', {})
  const input = { taskDefinition: await ecs.register('v1'), networkConfiguration: ecs.network, clientToken: 'once' }
  const arns = await Promise.all([1, 2].map(async () => (await ecs.ask('RunTask', input)).tasks?.[0]?.taskArn))
  expect(arns[0]).toBe(arns[1])
  await expect(ecs.ask('RunTask', { ...input, count: 2 })).rejects.toMatchObject({ name: 'ConflictException' })
})

test('a service replaces a task that a user stopped, and does not count it as failed', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1', { desiredCount: 1 })
  await ecs.ended()
  const [first] = await ecs.tasks('RUNNING')
  await ecs.ask('StopTask', { task: first?.taskArn })
  await ecs.until(
    () => ecs.tasks('RUNNING'),
    ([task]) => task?.lastStatus === 'RUNNING' && task.taskArn !== first?.taskArn,
  )
  expect(await ecs.service()).toMatchObject({ deployments: [{ rolloutState: 'COMPLETED', failedTasks: 0 }] })
})

test('stopped tasks are forgotten after their hour', async () => {
  ecs = startEcs({ v1: { exitsWith: 0 } }, { pace: { stoppedTasksVisible: 60_000 } })
  await ecs.ask('CreateCluster', {})
  const { tasks } = await ecs.ask('RunTask', { taskDefinition: await ecs.register('v1'), networkConfiguration: ecs.network })
  const arn = tasks?.[0]?.taskArn ?? ''
  await ended(arn)
  await ecs.time.sleep(70_000)
  expect(await ecs.ask('DescribeTasks', { tasks: [arn] })).toEqual({ tasks: [], failures: [{ arn, reason: 'MISSING' }] })
})

test('a sidecar may exit, a container waits for what it depends on', async () => {
  const order: string[] = []
  ecs = startEcs({
    v1: (spec) => {
      const name = spec.labels['com.amazonaws.ecs.container-name'] ?? ''
      order.push(name)
      return name === 'init' ? { exitsWith: 0, exitsAfter: 2_000 } : {}
    },
  })
  await ecs.ask('CreateCluster', {})
  const image = `app@${digestOf('v1')}`
  const { taskDefinition } = await ecs.ask('RegisterTaskDefinition', {
    family: 'two',
    containerDefinitions: [
      { name: 'app', image, memory: 64, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
      { name: 'init', image, memory: 64, essential: false },
    ],
  })
  const { tasks } = await ecs.ask('RunTask', { taskDefinition: taskDefinition?.taskDefinitionArn })
  const arn = tasks?.[0]?.taskArn ?? ''
  const running = await ecs.until(
    async () => (await ecs.ask('DescribeTasks', { tasks: [arn] })).tasks?.[0],
    (task) => task?.lastStatus === 'RUNNING',
  )
  expect(order).toEqual(['init', 'app'])
  expect(running?.containers).toMatchObject([
    { name: 'app', lastStatus: 'RUNNING' },
    { name: 'init', lastStatus: 'STOPPED', exitCode: 0 },
  ])
})
