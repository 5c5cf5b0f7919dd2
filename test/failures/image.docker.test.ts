import { afterAll, beforeAll, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { type DockerWorld, startDockerWorld } from './docker-world.ts'
import { healthCheck } from './programs.ts'

useEngine()
let world: DockerWorld
beforeAll(async () => {
  world = await startDockerWorld()
}, 120_000)
afterAll(() => world?.close(), 120_000)

/** What holds after every failed deployment: v1 runs and answers, by the words of all who can tell, and nothing is on record. */
const runsAsBefore = async (name: string, outputs: Record<string, string>, before: 'v1' | 'stubborn' = 'v1'): Promise<void> => {
  expect(outputs['running-digest']).toBe(world.digests[before])
  expect(await world.running(name)).toEqual({ digests: [world.digests[before]], answer: before })
  expect(await world.records(name)).toEqual([])
}

test('a container that crashes: rolled back, with its exit code and its last words', async () => {
  await world.createService('crash', 'v1', {}, { healthCheck })
  const step = await world.deploy('crash', 'crash')
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'failed-rolled-back'])
  expect(step.outputs['cause']).toContain("container 'app' exited with 3")
  expect(step.log).toContain('| Error: no database')
  await runsAsBefore('crash', step.outputs)
})

test('a container that is never healthy: rolled back, with the health check as cause', async () => {
  await world.createService('sick', 'v1', {}, { healthCheck })
  const step = await world.deploy('sick', 'sick')
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain('failed container health checks')
  expect(step.log).toContain('| waiting for the database')
  await runsAsBefore('sick', step.outputs)
})

test('a container that runs out of memory: rolled back, with the kernel as witness and what to do', async () => {
  await world.createService('hungry', 'v1', {}, { memory: 160, healthCheck })
  const step = await world.deploy('hungry', 'hungry')
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain('exited with 137, killed (OutOfMemoryError')
  expect(step.log).toContain("raise 'memory' of the task definition")
  expect(step.log).toContain('| reading everything')
  await runsAsBefore('hungry', step.outputs)
})

test('an image that is deleted before the engine pulls it: given up at the first task', async () => {
  await world.createService('lost', 'v1')
  world.loseAfter('lost', 1)
  const step = await world.deploy('lost', 'lost', { 'fail-fast': '5' })
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain('CannotPullContainerError')
  expect(step.log).toContain('the image is not in the registry that the task pulls from')
  await runsAsBefore('lost', step.outputs)
})

test('an image that is not in its registry: refused, and nothing is started', async () => {
  await world.createService('missing', 'v1')
  const step = await world.deploy('missing', 'absent')
  expect(step.outputs['outcome']).toBe('refused')
  expect(step.outputs['reason']).toContain('is not in its registry; nothing was changed')
  expect(await world.running('missing')).toEqual({ digests: [world.digests['v1']], answer: 'v1' })
  expect(await world.records('missing')).toEqual([])
})

test('an image that the registry denies to the task: given up, with the permission that it takes', async () => {
  await world.createService('denied', 'v1')
  // The first is the preflight's own.
  world.cloud.faults.set([{ call: 'ecr:GetDownloadUrlForLayer', from: 2, then: 'deny' }])
  const step = await world.deploy('denied', 'v3').finally(() => world.cloud.faults.set([]))
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain('CannotPullContainerError')
  expect(step.log).toContain('allow the execution role to pull from this repository')
  await runsAsBefore('denied', step.outputs)
})

test('a container that exits after RUNNING, which the circuit breaker never counts: given up', async () => {
  // The old task drains for longer than a new one lives: the deployment is not complete when its tasks die.
  await world.createService('dies', 'stubborn', {}, { stopTimeout: 60 })
  const step = await world.deploy('dies', 'dies')
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain('exited with 1')
  expect(step.log).toContain('| lost the database')
  await runsAsBefore('dies', step.outputs, 'stubborn')
})

test('a pre-deploy command that fails: nothing is deployed, and its last words say why', async () => {
  await world.createService('migrate', 'v1')
  const step = await world.deploy('migrate', 'migrate', {}, { preDeploy: ['migrate'] })
  expect(step.exitCode).toBe(1)
  expect(step.log).toContain('| relation does not exist')
  await runsAsBefore('migrate', step.outputs)
})
