import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeApp, dispatch, mergeAndDeliver, push } from './flow.ts'
import { runWorkflow } from './run.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

const SOAK = 75

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({
    withoutPreDeploy: true,
    edit: ({ environments }) => {
      const { staging } = environments
      if (staging) staging['soak'] = `${SOAK}s`
    },
  })
  changeApp(world, 'first')
  await push(world, 'dev')
})
afterAll(() => world?.close())

const { dispatches } = { dispatches: () => world.cloud.github.state.dispatches }
const reconcile = () => runWorkflow(world, { file: 'reconcile.yml', event: 'schedule' })

test('a release that is too young upstream is pending: green, said, and nothing deployed', async () => {
  const run = await mergeAndDeliver(world, 'dev', 'staging')
  expect(run.jobs).toEqual({
    plan: 'success',
    build: 'skipped',
    seed: 'skipped',
    infra: 'skipped',
    deploy: 'skipped',
    prove: 'skipped',
    propose: 'success',
  })
  expect(run.outputs['plan']).toMatchObject({ outcome: 'pending', plan: '' })
  expect(run.log).toMatch(/soak/)
  expect(await world.records('staging', 'release')).toEqual([])
})

test('reconcile leaves it alone while it is too young', async () => {
  const run = await reconcile()
  expect(run.jobs).toMatchObject({ gate: 'success' })
  expect(dispatches()).toEqual([])
})

test('it goes by itself when reconcile finds the soak over', async () => {
  const { verifiedAt, images } = await world.release('dev')
  await sleep(Math.max(0, Date.parse(verifiedAt) + SOAK * 1000 + 500 - Date.now()))
  await reconcile()
  expect(dispatches()).toMatchObject([{ workflow: 'deliver.yml', ref: 'staging', by: 'github-actions[bot]' }])
  const run = await dispatch(world, 'deliver.yml', 'staging', {}, { actor: 'github-actions[bot]' })
  expect(run.jobs).toMatchObject({ plan: 'success', deploy: 'success' })
  expect((await world.release('staging')).images['app']?.digest).toBe(images['app']?.digest)
})
