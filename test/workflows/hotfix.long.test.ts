import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  builds,
  changeApp,
  deliverEverywhere,
  deploymentsTo,
  dispatch,
  gateOf,
  judge,
  mergeAndDeliver,
  openPull,
  openPullFor,
  push,
} from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ withoutPreDeploy: true })
  await deliverEverywhere(world, 'first')
})
afterAll(() => world?.close())

const digestIn = async (environment: string) => (await world.release(environment)).images['app']?.digest
const REASON = `orders fail since 10:00; $(id) \`id\` $${'{{'} github.token }}`

test('a pull request from hotfix/* into main passes the gate with a warning', async () => {
  world.scratch.commit('hotfix/orders', { 'app/src/fix.txt': 'fixed\n' }, 'Mend the orders', 'main')
  const pull = await openPull(world, 'hotfix/orders', 'main')
  await judge(world, pull)
  expect(gateOf(world, pull)).toMatchObject({ state: 'success' })
  expect(gateOf(world, pull)?.description).toMatch(/hotfix/)
})

test('its merge is refused by the ordinary delivery, which says what to run', async () => {
  world.scratch.merge('hotfix/orders', 'main')
  const before = await digestIn('prod')
  const run = await push(world, 'main')
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toContain('hotfix.yml')
  expect(await digestIn('prod')).toBe(before)
})

test('hotfix.yml builds the head of main and deploys it past a hold, recorded as what it is', async () => {
  const held = await dispatch(world, 'rollback.yml', 'main', { operation: 'hold', environment: 'prod', reason: 'look first' })
  expect(held.jobs['deploy']).toBe('success')
  const built = builds(world)
  const before = await digestIn('staging')
  const run = await dispatch(world, 'hotfix.yml', 'main', { reason: REASON })
  expect(run.jobs).toEqual({ plan: 'success', build: 'success', deploy: 'success', 'back-merge': 'success' })
  expect(builds(world)).toBe(built + 1)
  const release = await world.release('prod')
  expect(release).toMatchObject({ kind: 'hotfix', reason: REASON, commit: world.scratch.head('main') })
  expect(deploymentsTo(world, 'prod').at(-1)?.payload).toMatchObject({ kind: 'hotfix', digest: release.images['app']?.digest })
  expect(await digestIn('staging')).toBe(before)
  expect(JSON.parse((await world.records('prod', 'hold')).at(-1) ?? '{}')).toMatchObject({ state: 'none' })
})

test('the back-merge to dev is open', () => {
  expect(openPullFor(world, 'main', 'dev')).toMatchObject({ author: 'github-actions[bot]' })
})

test('until it is merged, promotions are blocked; afterwards the next normal one passes up to prod', async () => {
  changeApp(world, 'second')
  await push(world, 'dev')
  await mergeAndDeliver(world, 'dev', 'staging')
  const blocked = openPullFor(world, 'staging', 'main')
  expect(blocked && gateOf(world, blocked)).toMatchObject({ state: 'failure' })

  expect((await mergeAndDeliver(world, 'main', 'dev')).jobs['deploy']).toBe('success')
  expect((await mergeAndDeliver(world, 'dev', 'staging')).jobs['deploy']).toBe('success')
  const passing = openPullFor(world, 'staging', 'main')
  expect(passing && gateOf(world, passing)).toMatchObject({ state: 'success' })
  expect((await mergeAndDeliver(world, 'staging', 'main')).jobs['deploy']).toBe('success')
  expect(await digestIn('prod')).toBe(await digestIn('dev'))
  expect(world.scratch.show('dev', 'app/src/fix.txt')).toBe('fixed')
})

test('without a reason it is refused', async () => {
  const run = await dispatch(world, 'hotfix.yml', 'main', { reason: '' })
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/reason/)
})
