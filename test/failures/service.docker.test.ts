import { DeleteServiceCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { type DockerWorld, startDockerWorld } from './docker-world.ts'
import { eventually } from './eventually.ts'
import { healthCheck } from './programs.ts'

useEngine()
let world: DockerWorld
beforeAll(async () => {
  world = await startDockerWorld()
}, 120_000)
afterAll(() => world?.close(), 120_000)

const patientCheck = { ...healthCheck, startPeriod: 300 }

const recorded = (name: string): string[] => [`/${name}/dev/${name}/image`, `/${name}/dev/release`].toSorted()

test('desired count 0: a first deployment that fails leaves the service at 0 tasks, and nothing on record', async () => {
  await world.createService('zero', 'v1', { desiredCount: 0 }, { healthCheck })
  const step = await world.deploy('zero', 'crash')
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['cause']).toContain("container 'app' exited with 3")
  expect(step.log).toContain('nothing ran before')
  const { desiredCount } = await eventually(
    () => world.service('zero'),
    ({ runningCount }) => runningCount === 0,
  )
  expect(desiredCount).toBe(0)
  await eventually(
    async () => world.containers('zero'),
    (count) => count === 0,
  )
  expect(await world.records('zero')).toEqual([])
})

test('desired count 0: a first deployment that works starts the tasks that the plan asks for', async () => {
  await world.createService('first', 'v1', { desiredCount: 0 })
  const step = await world.deploy('first', 'v2')
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(await world.running('first')).toEqual({ digests: [world.digests['v2']], answer: 'v2' })
  expect(await world.records('first')).toEqual(recorded('first'))
})

test('a drain that is slow: waited for, and only then green', async () => {
  await world.createService('slow-drain', 'stubborn', {}, { stopTimeout: 20 })
  const step = await world.deploy('slow-drain', 'v2')
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(world.containers('slow-drain')).toBe(1)
  expect(await world.records('slow-drain')).toEqual(recorded('slow-drain'))
})

test('a drain that takes too long: timed-out, with what ran before proven', async () => {
  await world.createService('drain', 'stubborn', {}, { stopTimeout: 120 })
  const step = await world.deploy('drain', 'v2', { timeout: '6s' })
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'timed-out'])
  expect(step.outputs['reason']).toContain('not done within 6 s')
  expect(step.outputs['running-digest']).toBe(world.digests['stubborn'])
  expect((await world.running('drain')).answer).toBe('stubborn')
  expect(await world.records('drain')).toEqual([])
})

test("superseded: somebody else's deployment is named, left alone, and not recorded as ours", async () => {
  await world.createService('other', 'v1', {}, { healthCheck: patientCheck })
  const running = world.startDeploy('other', 'slow')
  await running.printed('other: started')
  await world.deployElsewhere('other', 'v3')
  const step = await running.done
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'superseded'])
  const { deployments = [] } = await world.service('other')
  expect(step.log).toContain(`replaced in flight by ${deployments.find(({ status }) => status === 'PRIMARY')?.id}`)
  await eventually(
    () => world.service('other'),
    ({ deployments = [] }) => deployments[0]?.rolloutState === 'COMPLETED',
  )
  expect(await world.running('other')).toEqual({ digests: [world.digests['v3']], answer: 'v3' })
  expect(await world.records('other')).toEqual([])
})

test('a newer deployment that races the way back: left alone and named', async () => {
  // Nothing keeps running of what ran before, so that the way back takes as long as a start.
  const deploymentConfiguration = {
    minimumHealthyPercent: 0,
    maximumPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  }
  await world.createService('race', 'v1', { deploymentConfiguration }, { healthCheck })
  const running = world.startDeploy('race', 'crash', { 'fail-fast': 'off' })
  await running.printed('ECS is going back to what ran before')
  await world.deployElsewhere('race', 'v3')
  const step = await running.done
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'superseded'])
  await eventually(
    () => world.service('race'),
    ({ deployments = [] }) => deployments[0]?.rolloutState === 'COMPLETED',
  )
  expect((await world.running('race')).answer).toBe('v3')
  expect(await world.records('race')).toEqual([])
})

test('cancelled: stopped within a second, and what ran before is proven', async () => {
  await world.createService('cancelled', 'v1', {}, { healthCheck: patientCheck })
  const running = world.startDeploy('cancelled', 'slow')
  await running.printed('cancelled: started')
  await eventually(
    async () => world.containers('cancelled'),
    (count) => count === 2,
  )
  const sent = Date.now()
  running.process.kill('SIGINT')
  const step = await running.done
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'cancelled'])
  const [stop] = world.cloud.recorder.calls({ call: 'ecs:StopServiceDeployment' })
  expect((stop?.time ?? Number.POSITIVE_INFINITY) - sent).toBeLessThan(1_000)
  expect(step.outputs['running-digest']).toBe(world.digests['v1'])
  expect(await world.running('cancelled')).toEqual({ digests: [world.digests['v1']], answer: 'v1' })
  expect(await world.records('cancelled')).toEqual([])
})

test('changed by somebody else: a service that is scaled in flight is proven with the new count', async () => {
  await world.createService('scaled', 'v1')
  const running = world.startDeploy('scaled', 'v2')
  await running.printed('scaled: started')
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'scaled', desiredCount: 2 }))
  const step = await running.done
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect((await world.running('scaled')).digests).toEqual([world.digests['v2'], world.digests['v2']])
  expect(await world.records('scaled')).toEqual(recorded('scaled'))
})

test('deleted by somebody else: red, and it says so', async () => {
  await world.createService('deleted', 'v1', {}, { healthCheck: patientCheck })
  const running = world.startDeploy('deleted', 'slow')
  await running.printed('deleted: started')
  await world.ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'deleted', force: true }))
  const step = await running.done
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'failed-not-rolled-back'])
  expect(step.outputs['reason']).toMatch(/'deleted' in cluster 'shop' is (draining|inactive)/)
  expect(await world.records('deleted')).toEqual([])
})
