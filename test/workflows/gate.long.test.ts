import { afterEach, beforeEach, expect, test } from 'vitest'
import { awsCalls, changeApp, gateOf, judge, mergeAndDeliver, openPull, openPullFor, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

let world: WorkflowWorld
beforeEach(async () => {
  world = await startWorkflowWorld({ withoutPreDeploy: true })
})
afterEach(() => world?.close())

const promotion = () => {
  const pull = openPullFor(world, 'dev', 'staging')
  if (pull === undefined) throw new Error('no promotion is open')
  return pull
}

const WORDS = 'staging would keep 1 commit that dev lacks (app); first back-merge: gh pr create --base dev --head staging'

/** Judged before the merge, by the pull request's own run and by the push to dev: refused, and AWS was not asked for it. */
const expectRefusal = async () => {
  expect(gateOf(world, promotion())).toMatchObject({ state: 'failure', creator: 'github-actions[bot]' })
  const since = world.cloud.recorder.mark()
  const run = await judge(world, promotion())
  expect(gateOf(world, promotion())).toMatchObject({ state: 'failure', description: WORDS })
  expect(run.summaries).toContain(WORDS)
  expect(awsCalls(world, since).all).toEqual([])
}

/** The command that the gate names, carried out by a person. */
const backMerge = async () => {
  await openPull(world, 'staging', 'dev')
  expect((await mergeAndDeliver(world, 'staging', 'dev')).jobs['deploy']).toBe('success')
}

test('a branch with a commit of its own blocks promotions until it is merged back', async () => {
  world.scratch.commit('staging', { 'app/src/own.txt': 'only on staging\n' }, 'Straight to staging')
  changeApp(world, 'next')
  await push(world, 'dev')
  await expectRefusal()
  await backMerge()
  expect(gateOf(world, promotion())).toMatchObject({ state: 'success' })
  const run = await mergeAndDeliver(world, 'dev', 'staging')
  expect(run.jobs).toMatchObject({ plan: 'success', deploy: 'success' })
})

test('a squash that dev has reverted since would come back by itself: refused until the back-merge', async () => {
  changeApp(world, 'feature')
  await push(world, 'dev')
  world.scratch.squash('dev', 'staging')
  // The tree is the one that dev has verified, so it is delivered.
  expect((await push(world, 'staging')).jobs['deploy']).toBe('success')
  world.scratch.commit(
    'dev',
    { 'app/src/note.txt': undefined, 'app/src/more.txt': 'without it\n' },
    'Take the feature back, go on',
  )
  await push(world, 'dev')
  await expectRefusal()
  await backMerge()
  expect(gateOf(world, promotion())).toMatchObject({ state: 'success' })
})
