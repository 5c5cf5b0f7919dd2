import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hold, Release } from '../../lib/delivery/records.ts'
import { awsCalls, builds, changeApp, deploymentsTo, dispatch, gateOf, openPullFor, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

let world: WorkflowWorld
const releases: Release[] = []
beforeAll(async () => {
  world = await startWorkflowWorld({ withoutPreDeploy: true })
  for (const text of ['one', 'two', 'three']) {
    changeApp(world, text)
    await push(world, 'dev')
    releases.push(await world.release('dev'))
  }
})
afterAll(() => world?.close())

const hold = async () => JSON.parse((await world.records('dev', 'hold')).at(-1) ?? '{}') as Hold | { state: 'none' }
const digestOf = ({ images }: Release) => images['app']?.digest
const resume = () => dispatch(world, 'rollback.yml', 'dev', { operation: 'resume', environment: 'dev' })

test('the release before comes back with its very digest, and the environment is held', async () => {
  const built = builds(world)
  const run = await dispatch(world, 'rollback.yml', 'dev', { environment: 'dev', reason: 'prices are wrong' })
  expect(run.jobs).toEqual({ plan: 'success', deploy: 'success', gate: 'success' })
  const now = await world.release('dev')
  expect(digestOf(now)).toBe(releases[1] && digestOf(releases[1]))
  expect(now).toMatchObject({ release: releases[1]?.release, kind: 'rollback', reason: 'prices are wrong' })
  expect(now.rejected).toContain(releases[2]?.release)
  expect(await hold()).toMatchObject({ state: 'held', release: releases[2]?.release, reason: 'prices are wrong', by: 'octocat' })
  expect(builds(world)).toBe(built)
  expect(deploymentsTo(world, 'dev').at(-1)?.payload).toMatchObject({ kind: 'rollback', digest: digestOf(now) })
})

test('what was rolled back is promotable nowhere: the gate of its promotion turns red', () => {
  const pull = openPullFor(world, 'dev', 'staging')
  expect(pull && gateOf(world, pull)).toMatchObject({ state: 'failure' })
})

test('nor by hand', async () => {
  const inputs = { environment: 'staging', release: releases[2]?.release ?? '', 'dry-run': false }
  const run = await dispatch(world, 'promote.yml', 'staging', inputs)
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/rejected/)
  expect(await world.records('staging', 'release')).toEqual([])
})

test('while it is held, a push is refused and nothing is written', async () => {
  changeApp(world, 'four')
  const since = world.cloud.recorder.mark()
  const run = await push(world, 'dev')
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/held/)
  expect(run.log).toMatch(/resume/)
  expect(awsCalls(world, since).writes).toEqual([])
})

test('after resume the next new candidate goes', async () => {
  expect((await resume()).jobs['deploy']).toBe('success')
  expect(await hold()).toMatchObject({ state: 'none' })
  expect((await push(world, 'dev')).jobs['deploy']).toBe('success')
  expect(digestOf(await world.release('dev'))).not.toBe(releases[1] && digestOf(releases[1]))
})

test('the rejected release is refused also after resume', async () => {
  world.scratch.commit('dev', { 'app/src/note.txt': 'three\n' }, 'The same content as the rejected release')
  const before = await world.release('dev')
  const run = await push(world, 'dev')
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/rolled .*back|rejected/)
  expect(await world.release('dev')).toEqual(before)
})

test('a release of this environment comes back by its name', async () => {
  const [first] = releases
  const inputs = { environment: 'dev', release: first?.release ?? '', reason: 'back to the start' }
  const run = await dispatch(world, 'rollback.yml', 'dev', inputs)
  expect(run.jobs).toMatchObject({ plan: 'success', deploy: 'success' })
  const now = await world.release('dev')
  expect([now.release, digestOf(now)]).toEqual([first?.release, first && digestOf(first)])
  await resume()
})

test('one that never stood there is refused, with what there is', async () => {
  const inputs = { environment: 'dev', release: 'rel-0123456789abcdef', reason: 'x' }
  const run = await dispatch(world, 'rollback.yml', 'dev', inputs)
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toContain('rel-0123456789abcdef')
})

test('a delivery that was approved while a rollback ran ends under the lease without writing', async () => {
  changeApp(world, 'five')
  let rolledBack: Release | undefined
  let since = 0
  const run = await push(world, 'dev', {
    approval: async (environment) => {
      if (environment !== 'dev') return
      const inputs = { environment: 'dev', release: releases[1]?.release ?? '', reason: 'first things first' }
      expect((await dispatch(world, 'rollback.yml', 'dev', inputs)).jobs['deploy']).toBe('success')
      rolledBack = await world.release('dev')
      since = world.cloud.recorder.mark()
    },
  })
  expect(run.jobs).toMatchObject({ plan: 'success', deploy: 'failure' })
  expect(run.log).toMatch(/held/)
  expect(awsCalls(world, since).writes.filter((call) => !call.startsWith('ssm:PutParameter'))).toEqual([])
  expect(await world.release('dev')).toEqual(rolledBack)
})
