import { Lambda } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Board } from '../lib/delivery/board/board.ts'
import { type ReconcileWorld, startReconcileWorld, twoServices } from './reconcile-delivery-world.ts'

let world: ReconcileWorld
let recorded: string
let other: string
let lambda: Lambda

/** One image runs as a task, as a function and on a host, and is recorded; only dev is looked at. */
beforeAll(async () => {
  const { services, ...rest } = twoServices()
  const api = services['api'] as (typeof services)[string]
  world = await startReconcileWorld({
    ...rest,
    services: { api, events: { image: 'app', target: 'lambda' }, edge: { image: 'app', target: 'ec2', port: 8080 } },
  })
  recorded = await world.build()
  await world.run('dev', recorded)
  await world.record('dev', recorded)
  world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL second=1\n' })
  other = await world.build()
  lambda = new Lambda(world.config('dev'))
})
afterAll(() => world.close())

const dev = async () => {
  const { outputs } = await world.reconcile({ 'fail-on': 'never' })
  const { environments } = JSON.parse(outputs['board'] ?? '') as Board
  return environments.find(({ environment }) => environment === 'dev')?.services
}

const FunctionName = 'shop-dev-events'

const publish = async (digest: string): Promise<string> => {
  await lambda.updateFunctionCode({ FunctionName, ImageUri: world.image(digest) })
  const isUpdated = async () => (await lambda.getFunction({ FunctionName })).Configuration?.LastUpdateStatus
  await expect.poll(isUpdated, { interval: 20, timeout: 10_000 }).toBe('Successful')
  return (await lambda.publishVersion({ FunctionName })).Version ?? ''
}

it('shows of functions what gets traffic, and says of hosts that they were not asked', { timeout: 60_000 }, async () => {
  const none = await dev()
  expect(none?.map(({ service, state }) => [service, state])).toEqual([
    ['api', 'as-recorded'],
    ['events', 'missing'],
    ['edge', 'not-seen'],
  ])
  expect(none?.[1]?.note).toBe('there is no function shop-dev-events with an alias live')
  expect(none?.[2]?.note).toMatch(/^hosts answer only to a command/)

  const place = { account: world.account('dev'), region: 'eu-west-1' }
  await world.lambda().createFunction(place, { name: FunctionName, image: world.image(recorded) })
  const first = await publish(recorded)
  await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: first })
  expect((await dev())?.[1]).toMatchObject({ state: 'as-recorded', running: { [recorded]: 1 } })

  const second = await publish(other)
  // What was updated last is not what runs.
  expect((await dev())?.[1]).toMatchObject({ state: 'as-recorded' })
  const weights = { RoutingConfig: { AdditionalVersionWeights: { [second]: 0.1 } } }
  await lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: first, ...weights })
  expect((await dev())?.[1]).toMatchObject({ state: 'changing', running: { [recorded]: 1, [other]: 1 } })
  await lambda.updateAlias({
    FunctionName,
    Name: 'live',
    FunctionVersion: second,
    RoutingConfig: { AdditionalVersionWeights: {} },
  })
  expect((await dev())?.[1]).toMatchObject({ state: 'drift', running: { [other]: 1 } })
})
