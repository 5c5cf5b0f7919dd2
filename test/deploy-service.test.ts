import { afterEach, expect, test } from 'vitest'
import { startWorld, until, type World } from './world.ts'

let world: World
afterEach(() => world.close())

test('a new digest is deployed, watched to its end, and proven', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.log).toContain('api: succeeded')
  expect(step.exitCode).toBe(0)
  expect(step.outputs).toMatchObject({
    outcome: 'succeeded',
    digest: world.digests['v2'],
    'previous-digest': world.digests['v1'],
    'running-digest': world.digests['v2'],
  })
  const { deployments, taskDefinition } = await world.service('api')
  expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }])
  expect(taskDefinition).toMatch(/api:2$/)
  expect(step.summary).toContain('| api | ✅ succeeded |')
})

test('the same digest again changes nothing, and is proven', async () => {
  world = await startWorld({ images: { v1: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v1'))
  expect(step.outputs).toMatchObject({ outcome: 'no-change', 'running-digest': world.digests['v1'] })
  expect(step.exitCode).toBe(0)
  expect(world.writes(mark)).toEqual([])
})

test('a crash loop is red with the last log lines, and the previous digest is proven to run again', async () => {
  const crash = { exitsWith: 3, exitsAfter: 200, logs: ['starting', 'Error: no database'] }
  world = await startWorld({ images: { v1: {}, bad: crash } })
  await world.createService('api', 'v1')
  const step = await world.deploy(world.inputs('api', 'bad'))
  expect(step.exitCode).toBe(1)
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('| Error: no database')
  expect(step.log).toContain("container 'app' exited with 3")
  expect(step.summary).toContain('Error: no database')
  await until(
    () => world.service('api'),
    ({ deployments = [] }) => deployments.length === 1,
  )
})
