import { DeleteServiceCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { startWorld, until, type World } from '../world.ts'
import { quick } from './stage.ts'

let world: World
afterEach(() => world.close())

const env = { env: quick }
const FACTOR = 50
const SLOW = { startsAfter: 600_000 }

/** Puts another revision of the service's own task definition into it, as somebody else would. */
const deployElsewhere = async (name: string, tag: string): Promise<void> => {
  const app = { name: 'app', image: world.imageOf(tag), essential: true, stopTimeout: 120 }
  const fargate = { cpu: '256', memory: '512', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } as const
  const register = {
    family: `${name}-elsewhere`,
    containerDefinitions: [app],
    ...fargate,
    requiresCompatibilities: ['FARGATE' as const],
  }
  const { taskDefinition } = await world.ecs.send(new RegisterTaskDefinitionCommand(register))
  const revision = taskDefinition?.taskDefinitionArn ?? ''
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: name, taskDefinition: revision }))
}

test('a container that runs out of memory is the cause, with what to do', async () => {
  world = await startWorld({ factor: FACTOR, images: { v1: {}, hungry: { oomKilled: true, exitsAfter: 100 } } })
  await world.createService('api', 'v1')
  const step = await world.deploy(world.inputs('api', 'hungry'), env)
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toContain('exited with 137, killed (OutOfMemoryError')
  expect(step.log).toContain("raise 'memory' of the task definition")
})

test('a container that exits after RUNNING, which the circuit breaker never counts, is given up', async () => {
  const dies = { exitsWith: 1, exitsAfter: 4_000, logs: ['lost the database'] }
  // The old tasks drain for longer than a new one lives: the deployment is not complete when its tasks die.
  world = await startWorld({ factor: 10, images: { v1: { ignoresSigterm: true }, dies } })
  await world.createService('api', 'v1', {}, { stopTimeout: 60 })
  const step = await world.deploy(world.inputs('api', 'dies'))
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('| lost the database')
})

test('old tasks that drain slowly are waited for', async () => {
  world = await startWorld({ factor: FACTOR, images: { v1: { ignoresSigterm: true }, v2: {} } })
  await world.createService('api', 'v1', {}, { stopTimeout: 60 })
  const step = await world.deploy(world.inputs('api', 'v2'), env)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
})

test('old tasks that drain longer than the timeout end as timed-out, with what ran before proven', async () => {
  world = await startWorld({ factor: FACTOR, images: { v1: { ignoresSigterm: true }, v2: {} } })
  await world.createService('api', 'v1', {}, { stopTimeout: 120 })
  const step = await world.deploy(world.inputs('api', 'v2', { timeout: '20s' }), env)
  expect(step.outputs).toMatchObject({ outcome: 'timed-out', 'running-digest': world.digests['v1'] })
})

test('a newer deployment that races the rollback of ours is left alone and named', async () => {
  world = await startWorld({ factor: 5, images: { v1: { startsAfter: 3_000 }, bad: { exitsWith: 1, exitsAfter: 100 }, v3: {} } })
  await world.createService('api', 'v1', {
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  })
  // Nothing keeps running of what ran before, so that the way back takes as long as a start.
  await world.ecs.send(
    new UpdateServiceCommand({
      cluster: 'shop',
      service: 'api',
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
  )
  const running = world.startDeploy(world.inputs('api', 'bad'))
  await running.printed('ECS is going back to what ran before')
  await deployElsewhere('api', 'v3')
  const step = await running.done
  expect(step.outputs['outcome']).toBe('superseded')
  expect(step.exitCode).toBe(1)
  await until(
    () => world.service('api'),
    ({ taskDefinition, deployments = [] }) =>
      taskDefinition?.includes('api-elsewhere:1') === true && deployments[0]?.rolloutState === 'COMPLETED',
  )
})

test('a service that is deleted in flight ends red and says so', async () => {
  world = await startWorld({ factor: FACTOR, images: { v1: {}, v2: SLOW } })
  await world.createService('api', 'v1')
  const running = world.startDeploy(world.inputs('api', 'v2'), env)
  await running.printed('0 of 2 running')
  await world.ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'api', force: true }))
  const step = await running.done
  expect(step.exitCode).toBe(1)
  expect(step.outputs['outcome']).toBe('failed-not-rolled-back')
  expect(step.outputs['reason']).toMatch(/'api' in cluster 'shop' is (draining|inactive)/)
})

test('a service that is scaled in flight is proven with the new count', async () => {
  world = await startWorld({ factor: 10, images: { v1: {}, v2: { startsAfter: 5_000 } } })
  await world.createService('api', 'v1')
  const running = world.startDeploy(world.inputs('api', 'v2'))
  await running.printed('0 of 2 running')
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'api', desiredCount: 3 }))
  const step = await running.done
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(await world.service('api')).toMatchObject({ desiredCount: 3, runningCount: 3 })
})

test('five active deployments: nothing is started, and AWS is quoted', async () => {
  const stubborn = { ignoresSigterm: true }
  const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 1_000 }
  world = await startWorld({ factor: 10, images: { v1: stubborn, v2: {} } })
  await world.createService('api', 'v1', { desiredCount: 1, deploymentConfiguration }, { stopTimeout: 120 })
  for (let active = 2; active <= 5; active += 1) {
    await deployElsewhere('api', 'v1')
    await until(
      () => world.service('api'),
      ({ deployments = [] }) => deployments.length === active && deployments[0]?.runningCount === 1,
    )
  }
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'), env)
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  expect(step.outputs['reason']).toContain('5 active deployments exist')
  expect(world.writes(mark)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])
})
