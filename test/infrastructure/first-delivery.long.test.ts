import { expect, test } from 'vitest'
import { deployInfrastructure, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

test('the first delivery to an account in which nothing is: what needs an image waits for its record, is made without tasks, and delivered', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  const plan = world.plan('v1')
  const unseeded = await deployInfrastructure(world, 1, world.assemble())
  expect(unseeded.executed.exitCode, unseeded.executed.log).toBe(0)
  expect(Object.keys(world.statuses())).toEqual(['network', 'cluster', 'service-edge'])
  await green(world.startDelivery(plan, 1, { operation: 'seed' }))
  // The record of hosts is written when they are proven: no template names their image.
  expect(await world.observe()).toMatchObject({ records: ['v1', 'v1', 'nothing'], api: 'nothing' })
  const { executed } = await deployInfrastructure(world, 1, world.assemble())
  expect(executed.outputs, executed.log).toMatchObject({ outcome: 'succeeded', lease: 'kept' })
  expect(await world.observe()).toEqual({
    api: 'v1',
    count: 0,
    running: 0,
    latest: 'v1',
    live: 'nothing',
    hosts: ['nothing', 'nothing'],
    records: ['v1', 'v1', 'nothing'],
  })
  // Nothing has run before the pre-deploy command.
  expect(world.cloud.recorder.calls({ call: 'ecs:RunTask' })).toEqual([])
  const migrating = {
    ...plan,
    services: plan.services.map((each) => (each.name === 'api' ? { ...each, preDeploy: ['migrate'] } : each)),
  }
  const mark = world.cloud.recorder.mark()
  await green(world.startDelivery(migrating, 1))
  expect(await world.observe()).toMatchObject({
    api: 'v1',
    count: 2,
    running: 2,
    live: 'v1',
    hosts: ['v1', 'v1'],
    records: ['v1', 'v1', 'v1'],
  })
  const order = world.cloud.recorder.calls({ since: mark }).filter(({ operation }) => /^(RunTask|UpdateService)$/.test(operation))
  expect(order.map(({ operation }) => operation)).toEqual(['RunTask', 'UpdateService'])
  expect(JSON.parse((await world.parameter('release')) ?? '{}')).toMatchObject({
    services: { api: 'app', events: 'app', edge: 'app' },
  })
})

test('a service that is added later is made and delivered as the first ones were, and those stay as they are', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  const before = world.plan('v1', ['events'])
  await green(world.startDelivery(before, 1, { operation: 'seed' }))
  const first = await deployInfrastructure(world, 1, world.assemble({ services: ['events'] }))
  expect(first.executed.exitCode, first.executed.log).toBe(0)
  await green(world.startDelivery(before, 1))
  // The next push has another image and one more service.
  const plan = world.plan('v2', ['events', 'api'])
  const seeded = await green(world.startDelivery(plan, 2, { operation: 'seed' }))
  expect(seeded.log).not.toContain('recorded /shop/dev/events/image')
  const { prepared, executed } = await deployInfrastructure(world, 2, world.assemble({ services: ['events', 'api'] }))
  expect(JSON.parse(prepared.outputs['approved'] ?? '{}').stacks).not.toHaveProperty('shop-dev-service-events')
  expect(executed.exitCode, executed.log).toBe(0)
  const proved = await green(world.startDelivery(plan, 2, { operation: 'prove' }))
  expect(await world.observe(), proved.log).toMatchObject({ api: 'v2', count: 0, live: 'v1', records: ['v2', 'v1', 'nothing'] })
  await green(world.startDelivery(plan, 2))
  expect(await world.observe()).toMatchObject({ api: 'v2', count: 2, running: 2, live: 'v2' })
})
