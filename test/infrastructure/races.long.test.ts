import { expect, test } from 'vitest'
import { tenures } from '../deploy-service.plan.ts'
import { deployInfrastructure, establish, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

const services = ['api']

test('infrastructure and a delivery that come at once go one after the other, and both are there', async ({ onTestFinished }) => {
  const world = await openInfrastructure(onTestFinished)
  await establish(world, services)
  const plan = world.plan('v2', services)
  let delivery: ReturnType<typeof world.startDelivery> | undefined
  const { executed } = await deployInfrastructure(world, 3, world.assemble({ services, variables: { A: '1' } }), async () => {
    delivery = world.startDelivery(plan, 2)
  })
  expect(executed.exitCode, executed.log).toBe(0)
  await green(world.startDelivery(world.plan('v1', services), 3, { operation: 'prove' }))
  if (delivery !== undefined) await green(delivery)
  expect(await world.observe()).toMatchObject({ api: 'v2', count: 2, running: 2 })
  expect(world.statuses()['service-api']).toBe('UPDATE_COMPLETE')
  const held = await tenures(world)
  for (const [index, { to }] of held.entries()) expect(to).toBeLessThanOrEqual(held[index + 1]?.from ?? Number.POSITIVE_INFINITY)
})

test('what a killed run has left under way is seen through by the next, which waits for its lease', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  await establish(world, services)
  const assembly = world.assemble({ services, variables: { A: '1' } })
  const approved = (await green(world.infra(2, { operation: 'prepare', assembly }))).outputs['approved'] ?? ''
  const killed = world.infra(2, { operation: 'execute', assembly, approved, 'lease-duration': '3s' })
  await killed.printed(/Service UPDATE_IN_PROGRESS/)
  killed.process.kill('SIGKILL')
  await killed.done
  const { executed } = await deployInfrastructure(world, 3, world.assemble({ services, variables: { A: '2' } }))
  expect(executed.exitCode, executed.log).toBe(0)
  await green(world.startDelivery(world.plan('v1', services), 3, { operation: 'prove' }))
  expect(await world.observe()).toMatchObject({ api: 'v1', count: 2, running: 2 })
})
