import { expect, test } from 'vitest'
import { deployInfrastructure, establish, green } from './runs.ts'
import { type InfrastructureWorld, openInfrastructure } from './world.ts'

const services = ['api', 'events']
const RUNS = {
  v1: { api: 'v1', latest: 'v1', live: 'v1', count: 2, running: 2 },
  v2: { api: 'v2', latest: 'v2', live: 'v2', count: 2, running: 2 },
}

const established = async (end: (close: () => Promise<void>) => void): Promise<InfrastructureWorld> => {
  const world = await openInfrastructure(end)
  await establish(world)
  return world
}

const deliver = (world: InfrastructureWorld, tag: string, run: number) =>
  green(world.startDelivery(world.plan(tag, services), run))
const prove = (world: InfrastructureWorld, tag: string, run: number) =>
  green(world.startDelivery(world.plan(tag, services), run, { operation: 'prove' }))

/** After the services, so that they were changed when it fails. */
const more = { Alarm: { Type: 'AWS::CloudWatch::Alarm', DependsOn: 'Service', Properties: { AlarmName: 'shop-dev-api' } } }

test('what is deployed between preparation and execution runs afterwards', async ({ onTestFinished }) => {
  const world = await established(onTestFinished)
  const { executed } = await deployInfrastructure(world, 3, world.assemble({ services, variables: { A: '1' } }), () =>
    deliver(world, 'v2', 2),
  )
  expect(executed.outputs, executed.log).toMatchObject({ outcome: 'succeeded' })
  expect(await world.observe()).toMatchObject(RUNS.v2)
  const proved = await prove(world, 'v1', 3)
  expect(proved.log).not.toContain('started ecs-svc')
  expect(await world.observe()).toMatchObject({ ...RUNS.v2, records: ['v2', 'v2', 'nothing'] })
})

test('an update that fails leaves what was deployed last, before anything proves it', async ({ onTestFinished }) => {
  const world = await established(onTestFinished)
  await deliver(world, 'v2', 2)
  world.stacks.script([{ stack: 'shop-dev-service-api', logicalId: 'Alarm', then: 'fail', reason: 'too many alarms' }])
  const assembly = world.assemble({ services, variables: { A: '1' }, more })
  const { executed } = await deployInfrastructure(world, 3, assembly)
  expect(executed.exitCode).not.toBe(0)
  expect(executed.log).toContain('too many alarms')
  expect(world.statuses()).toMatchObject({ 'service-api': 'UPDATE_ROLLBACK_COMPLETE' })
  expect(await world.observe()).toMatchObject({ api: 'v2', count: 2, running: 2, live: 'v2' })
  await prove(world, 'v1', 3)
  expect(await world.observe()).toMatchObject(RUNS.v2)
})

test('where CloudFormation cannot be told of the recorded image, the job that proves brings it back', async ({
  onTestFinished,
}) => {
  const world = await established(onTestFinished)
  await deliver(world, 'v2', 2)
  world.stacks.script([{ stack: 'shop-dev-service-api', logicalId: 'Service', then: 'fail', reason: 'no' }])
  const { executed } = await deployInfrastructure(world, 3, world.assemble({ services, variables: { A: '1' } }))
  expect(executed.exitCode).not.toBe(0)
  await expect.poll(async () => (await world.observe()).api).toBe('v1')
  await prove(world, 'v1', 3)
  expect(await world.observe()).toMatchObject(RUNS.v2)
})

test('infrastructure that comes while a deployment fails keeps the last good image', async ({ onTestFinished }) => {
  const world = await established(onTestFinished)
  const assembly = world.assemble({ services, variables: { A: '1' } })
  let failing: ReturnType<typeof world.startDelivery> | undefined
  const { executed } = await deployInfrastructure(world, 3, assembly, async () => {
    failing = world.startDelivery(world.plan('bad', services), 2)
    await failing.printed('api: started')
  })
  expect((await failing?.done)?.outputs['outcome']).toBe('failed-rolled-back')
  expect(executed.exitCode, executed.log).toBe(0)
  expect(executed.log).toContain('waiting: the lease of shop in dev is held')
  expect(await world.observe()).toMatchObject(RUNS.v1)
  await prove(world, 'bad', 3)
  expect(await world.observe()).toMatchObject({ ...RUNS.v1, records: ['v1', 'v1', 'nothing'] })
})

test('a hold refuses infrastructure under the lease, and what is recorded can be proven under it', async ({ onTestFinished }) => {
  const world = await established(onTestFinished)
  const assembly = world.assemble({ services, variables: { A: '1' } })
  let mark = 0
  const { executed } = await deployInfrastructure(world, 3, assembly, async () => {
    await green(world.startDelivery({ ...world.plan('v1', []), kind: 'hold', reason: 'prices are wrong' }, 2))
    mark = world.cloud.recorder.mark()
  })
  expect(executed.outputs).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/dev is held by .*: prices are wrong/),
  })
  expect(world.writes(mark)).toEqual([])
  await prove(world, 'v2', 3)
  expect(await world.observe()).toMatchObject(RUNS.v1)
})

test('configuration of a function reaches traffic with the proof that follows; then the same release is proven and nothing is left to do', async ({
  onTestFinished,
}) => {
  const world = await established(onTestFinished)
  const { executed } = await deployInfrastructure(world, 2, world.assemble({ services, memory: 512 }))
  expect(executed.exitCode, executed.log).toBe(0)
  expect(await world.memory()).toEqual({ latest: 512, live: 256 })
  await prove(world, 'v1', 2)
  expect(await world.memory()).toEqual({ latest: 512, live: 512 })
  expect((await deliver(world, 'v1', 3)).outputs['outcome']).toBe('no-change')
  // A change of the other service alone is nothing for this one.
  const next = await deployInfrastructure(world, 4, world.assemble({ services, memory: 512, more }))
  expect(next.executed.exitCode, next.executed.log).toBe(0)
  expect((await deliver(world, 'v1', 4)).outputs['outcome']).toBe('no-change')
  expect(await world.observe()).toMatchObject(RUNS.v1)
})
