import { afterEach, expect, test } from 'vitest'
import { digestOf, type Ecs, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

test('a created service reaches a steady state and its deployment completes', async () => {
  ecs = startEcs({ v1: {} })
  const { service } = await ecs.create('v1')
  expect(service?.deployments?.[0]).toMatchObject({
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    desiredCount: 2,
    runningCount: 0,
  })

  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 2 } })
  const { deployments, events, runningCount } = await ecs.service()
  const id = deployments?.[0]?.id
  expect(runningCount).toBe(2)
  expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED', rolloutStateReason: `ECS deployment ${id} completed.` }])
  expect(events?.[0]?.message).toBe('(service api) has reached a steady state.')
  expect(await ecs.messages()).toEqual([
    expect.stringMatching(/^\(service api\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/),
    `(service api) (deployment ${id}) deployment completed.`,
    '(service api) has reached a steady state.',
  ])
})

test('an update starts new tasks before it stops old ones, and the deployment completes when the old are gone', async () => {
  ecs = startEcs({ v1: {}, v2: {} })
  await ecs.create('v1')
  await ecs.ended()
  const { service } = await ecs.update('v2')
  const id = service?.deployments?.[0]?.id
  expect(service?.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', rolloutStateReason: `ECS deployment ${id} in progress.` },
    { status: 'ACTIVE', rolloutState: 'COMPLETED' },
  ])

  let fewest = 2
  await ecs.until(ecs.service, ({ runningCount = 0, deployments = [] }) => {
    fewest = Math.min(fewest, runningCount)
    return deployments.length === 1
  })
  expect(fewest).toBe(2)
  const deployment = await ecs.ended()
  expect(deployment.status).toBe('SUCCESSFUL')
  expect(deployment.targetServiceRevision?.arn?.split('/').at(-1)).toBe(id?.split('/')[1])
  expect(deployment.sourceServiceRevisions).toMatchObject([{ requestedTaskCount: 2, runningTaskCount: 2 }])

  const stops = (await ecs.messages()).filter((message) => message.includes('stopped'))
  expect(stops.length).toBeGreaterThan(0)
  for (const message of stops)
    expect(message).toMatch(/^\(service api\) has stopped [12] running tasks: (\(task [0-9a-f]{32}\) ?)+\.$/)

  const running = await ecs.tasks('RUNNING')
  expect(running.map((task) => [task.startedBy, task.group, task.containers?.[0]?.imageDigest])).toEqual([
    [id, 'service:api', digestOf('v2')],
    [id, 'service:api', digestOf('v2')],
  ])
  expect(await ecs.tasks('STOPPED')).toMatchObject(
    Array(2).fill({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: `Scaling activity initiated by (deployment ${id})` }),
  )
  const { serviceRevisions } = await ecs.ask('DescribeServiceRevisions', {
    serviceRevisionArns: [deployment.targetServiceRevision?.arn ?? ''],
  })
  expect(serviceRevisions?.[0]?.containerImages).toMatchObject([{ containerName: 'app', imageDigest: digestOf('v2') }])
})

test('a tag is resolved once for a revision: a task that is started later runs the same digest', async () => {
  const tags = { latest: 'v1' }
  ecs = startEcs({ v1: {}, v2: {} }, { tags })
  await ecs.create('v1', {}, { image: 'app:latest' })
  await ecs.ended()
  tags.latest = 'v2'
  await ecs.ask('UpdateService', { service: 'api', desiredCount: 3 })
  const running = await ecs.until(
    () => ecs.tasks('RUNNING'),
    (tasks) => tasks.filter((task) => task.lastStatus === 'RUNNING').length === 3,
  )
  expect(running.map((task) => task.containers?.[0]?.imageDigest)).toEqual(Array(3).fill(digestOf('v1')))

  await ecs.ask('UpdateService', { service: 'api', forceNewDeployment: true })
  await ecs.ended()
  expect((await ecs.tasks('RUNNING')).map((task) => task.containers?.[0]?.imageDigest)).toEqual(Array(3).fill(digestOf('v2')))
})
