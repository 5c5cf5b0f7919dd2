import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsCalls, builds, changeApp, deliverEverywhere, deploymentsTo, dispatch, openPullFor, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ withoutPreDeploy: true })
  await deliverEverywhere(world, 'first')
  changeApp(world, 'second')
  await push(world, 'dev')
})
afterAll(() => world?.close())

const promote = (environment: string, branch: string, inputs: Record<string, string | boolean> = {}) =>
  dispatch(world, 'promote.yml', branch, { environment, ...inputs })
const digestIn = async (environment: string) => (await world.release(environment)).images['app']?.digest

test('a dry run, which is the default, writes nothing', async () => {
  const before = {
    pulls: structuredClone(world.cloud.github.state.pulls),
    deployments: world.cloud.github.state.deployments.length,
  }
  const since = world.cloud.recorder.mark()
  const run = await promote('staging', 'staging')
  expect(run.jobs).toEqual({ plan: 'success', deploy: 'success', propose: 'success' })
  expect(awsCalls(world, since).writes).toEqual([])
  expect(world.cloud.github.state.pulls).toEqual(before.pulls)
  expect(world.cloud.github.state.deployments).toHaveLength(before.deployments)
  expect(await digestIn('staging')).not.toBe(await digestIn('dev'))
})

test('a real run deploys what upstream has verified, and opens the pull request by which the branch follows', async () => {
  const pull = openPullFor(world, 'dev', 'staging')
  if (pull) Object.assign(pull, { state: 'closed', closedAt: { base: '', head: '', at: '' } })
  const built = builds(world)
  const run = await promote('staging', 'staging', { 'dry-run': false })
  expect(run.jobs).toEqual({ plan: 'success', deploy: 'success', propose: 'success' })
  expect(await digestIn('staging')).toBe(await digestIn('dev'))
  expect(builds(world)).toBe(built)
  expect(deploymentsTo(world, 'staging').at(-1)?.statuses.at(-1)?.state).toBe('success')
  expect(openPullFor(world, 'dev', 'staging')).toMatchObject({ author: 'github-actions[bot]' })
})

test('a step is not skipped: prod takes only what staging has verified', async () => {
  changeApp(world, 'third')
  await push(world, 'dev')
  const { release } = await world.release('dev')
  const before = await digestIn('prod')
  const run = await promote('prod', 'main', { release, 'dry-run': false })
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/staging/)
  expect(await digestIn('prod')).toBe(before)
})

test('on another branch than the environment’s own it is refused', async () => {
  const run = await promote('staging', 'dev', { 'dry-run': false })
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
})

test('a held environment is refused until it is resumed', async () => {
  const operation = (name: string) =>
    dispatch(world, 'rollback.yml', 'staging', { operation: name, environment: 'staging', reason: 'audit' })
  expect((await operation('hold')).jobs['deploy']).toBe('success')
  const refused = await promote('staging', 'staging', { 'dry-run': false })
  expect(refused.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(refused.log).toMatch(/held/)
  expect((await operation('resume')).jobs['deploy']).toBe('success')
  expect((await promote('staging', 'staging', { 'dry-run': false })).jobs['deploy']).toBe('success')
  expect(await digestIn('staging')).toBe(await digestIn('dev'))
})

test('where delivery.json differs it says "merge" and does nothing', async () => {
  const text = world.scratch.show('dev', 'delivery.json')
  world.scratch.commit('dev', { 'delivery.json': text.replace('"LOG_LEVEL": "info"', '"LOG_LEVEL": "debug"') }, 'Log more')
  changeApp(world, 'fourth')
  await push(world, 'dev')
  const before = await digestIn('staging')
  const run = await promote('staging', 'staging', { 'dry-run': false })
  expect(run.jobs).toMatchObject({ plan: 'failure', deploy: 'skipped' })
  expect(run.log).toMatch(/delivery\.json.*merge/)
  expect(await digestIn('staging')).toBe(before)
})
