import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { startWorld, until, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const check = { healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5, retries: 2, timeout: 2 } }

test('a container that is never healthy ends as failed-rolled-back with the health check as cause', async () => {
  world = await startWorld({ images: { v1: {}, sick: { neverHealthy: true, logs: ['waiting for the database'] } } })
  await world.createService('api', 'v1', {}, check)
  const step = await world.deploy(world.inputs('api', 'sick'))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toContain('failed container health checks')
  expect(step.log).toContain('| waiting for the database')
})

test('an image that cannot be pulled is given up at the first task, without waiting for a second', async () => {
  world = await startWorld({ images: { v1: {}, gone: { failsToPull: 'failed to resolve reference "x": not found' } } })
  await world.createService('api', 'v1', { desiredCount: 1 })
  const step = await world.deploy(world.inputs('api', 'gone', { 'fail-fast': '5' }))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('CannotPullContainerError')
  expect(step.log).toContain('the image is not in the registry that the task pulls from')
})

test('a service without a circuit breaker is stopped after two failures of one cause', async () => {
  world = await startWorld({ images: { v1: {}, bad: { exitsWith: 1, exitsAfter: 100, logs: ['no'] } } })
  await world.createService('api', 'v1', { deploymentConfiguration: {} })
  const step = await world.deploy(world.inputs('api', 'bad'))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('it cannot succeed: ECS was asked to stop the deployment')
})

test('a circuit breaker that does not roll back is followed by a rollback of ours', async () => {
  world = await startWorld({ images: { v1: {}, bad: { exitsWith: 1, exitsAfter: 100, logs: ['no'] } } })
  await world.createService('api', 'v1', {
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  })
  const step = await world.deploy(world.inputs('api', 'bad', { 'fail-fast': 'off' }))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('putting api:1 back')
})

test('a role that may not see service deployments still ends in the right outcome, and says what it lacks', async () => {
  const faults = [{ call: 'ecs:ListServiceDeployments', then: 'deny' as const }]
  world = await startWorld({ images: { v1: {}, bad: { exitsWith: 1, exitsAfter: 100, logs: ['no'] } }, faults })
  await world.createService('api', 'v1')
  const step = await world.deploy(world.inputs('api', 'bad'))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('allow ecs:ListServiceDeployments')
})

test('another deployment that replaces ours in flight ends as superseded, and is named', async () => {
  world = await startWorld({ factor: 2, images: { v1: {}, v2: { startsAfter: 20_000 }, v3: {} } })
  await world.createService('api', 'v1', {})
  await world.createService('other', 'v3')
  const running = world.startDeploy(world.inputs('api', 'v2'))
  await running.printed('api: started')
  const { taskDefinition } = await world.service('other')
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'api', taskDefinition: taskDefinition ?? '' }))
  const step = await running.done
  expect(step.outputs['outcome']).toBe('superseded')
  const { deployments = [] } = await world.service('api')
  expect(step.log).toContain(`replaced in flight by ${deployments.find(({ status }) => status === 'PRIMARY')?.id}`)
})

test('a cancelled job stops its deployment at once and proves what ran before', async () => {
  world = await startWorld({ factor: 1, images: { v1: {}, slow: { startsAfter: 60_000, logs: ['slow'] } } })
  await world.createService('api', 'v1', { desiredCount: 1 })
  const running = world.startDeploy(world.inputs('api', 'slow'))
  await running.printed('api: started')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const sent = Date.now()
  running.process.kill('SIGINT')
  const step = await running.done
  expect(step.outputs).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests['v1'] })
  expect(step.exitCode).toBe(1)
  const [stop] = world.cloud.recorder.calls({ call: 'ecs:StopServiceDeployment' })
  expect((stop?.time ?? Number.POSITIVE_INFINITY) - sent).toBeLessThan(1_000)
})

test('a cancelled job leaves a deployment alone that is no longer ours', async () => {
  world = await startWorld({ factor: 1, images: { v1: {}, v2: { startsAfter: 60_000 }, v3: { startsAfter: 60_000 } } })
  await world.createService('api', 'v1', { desiredCount: 1 })
  await world.createService('other', 'v1', { desiredCount: 0 })
  const running = world.startDeploy(world.inputs('api', 'v2', { 'poll-interval': '1m' }))
  await running.printed('new: 0 of 1 running')
  const { taskDefinition } = await world.service('other')
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'api', taskDefinition: taskDefinition ?? '' }))
  running.process.kill('SIGTERM')
  const step = await running.done
  expect(step.outputs['outcome']).toBe('superseded')
  expect(world.cloud.recorder.calls({ call: 'ecs:StopServiceDeployment' })).toEqual([])
})

test('where the runner kills the step, its post step stops the deployment and proves what ran before', async () => {
  world = await startWorld({ factor: 2, images: { v1: {}, slow: { startsAfter: 60_000, logs: ['slow'] } } })
  await world.createService('api', 'v1', { desiredCount: 1 })
  const inputs = world.inputs('api', 'slow')
  const running = world.startDeploy(inputs)
  await running.printed('new: 0 of 1 running')
  running.process.kill('SIGKILL')
  const { state } = await running.done
  const post = await world.deploy(inputs, { state })
  expect(post.exitCode).toBe(0)
  expect(post.log).toContain('api: cancelled: what ran before is running again')
  expect(world.cloud.recorder.calls({ call: 'ecs:StopServiceDeployment' })).toHaveLength(1)
})

test('the post step of a run that ended by itself asks AWS nothing', async () => {
  world = await startWorld({ images: { v1: {} } })
  await world.createService('api', 'v1')
  const { state } = await world.deploy(world.inputs('api', 'v1'))
  const mark = world.cloud.recorder.mark()
  await world.deploy(world.inputs('api', 'v1'), { state })
  expect(world.cloud.recorder.calls({ since: mark })).toEqual([])
})

test('a deployment that takes too long is stopped, rolled back and timed-out', async () => {
  world = await startWorld({ factor: 10, images: { v1: {}, slow: { startsAfter: 600_000 } } })
  await world.createService('api', 'v1')
  const step = await world.deploy({ ...world.inputs('api', 'slow'), timeout: '2s' })
  expect(step.outputs).toMatchObject({ outcome: 'timed-out', 'running-digest': world.digests['v1'] })
})

test('a smoke test that answers with another version returns the service to what ran before', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy({
    ...world.inputs('api', 'v2'),
    'smoke-url': 'http://127.0.0.1:9/version',
    'smoke-version': 'src-2',
    'smoke-timeout': '1s',
  })
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('http://127.0.0.1:9/version cannot be reached')
  expect(world.writes(mark)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'ecs:UpdateService'])
})

test('a first deployment that fails leaves the service at 0 tasks, as it was', async () => {
  world = await startWorld({ images: { v1: {}, bad: { exitsWith: 1, logs: ['no'] } } })
  await world.createService('api', 'v1', { desiredCount: 0 })
  const step = await world.deploy(world.inputs('api', 'bad', { 'initial-count': '2' }))
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.log).toContain('nothing ran before')
  const { desiredCount, runningCount } = await until(
    () => world.service('api'),
    ({ runningCount = 1 }) => runningCount === 0,
  )
  expect([desiredCount, runningCount]).toEqual([0, 0])
})
