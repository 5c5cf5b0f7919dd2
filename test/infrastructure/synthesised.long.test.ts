import { expect, test } from 'vitest'
import { configuration } from './planned.ts'
import { deployInfrastructure, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

test('the templates of infra/ go the whole way: an empty account, a delivery, a change of everything', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished, { synthesised: true })
  const plan = world.plan('v1')
  await green(world.startDelivery(plan, 1, { operation: 'seed' }))
  const { executed } = await deployInfrastructure(world, 1, world.synth(configuration))
  expect(executed.exitCode, executed.log).toBe(0)
  expect(await world.observe()).toMatchObject({ api: 'v1', count: 0, running: 0, latest: 'v1', live: 'nothing' })
  await green(world.startDelivery(plan, 1))
  const runs = { api: 'v1', count: 2, running: 2, latest: 'v1', live: 'v1', hosts: ['v1', 'v1'], records: ['v1', 'v1', 'v1'] }
  expect(await world.observe()).toEqual(runs)
  // Every service is given another configuration, while another image comes from elsewhere.
  const changed = structuredClone(configuration)
  for (const service of Object.values(changed.services)) Object.assign(service, { variables: { LOG_LEVEL: 'debug' } })
  const next = await deployInfrastructure(world, 3, world.synth(changed), () => green(world.startDelivery(world.plan('v2'), 2)))
  expect(next.executed.exitCode, next.executed.log).toBe(0)
  const now = { ...runs, api: 'v2', latest: 'v2', live: 'v2', hosts: ['v2', 'v2'], records: ['v2', 'v2', 'v2'] }
  expect(await world.observe()).toEqual(now)
  await green(world.startDelivery(world.plan('v1'), 3, { operation: 'prove' }))
  expect(await world.observe()).toEqual(now)
})
