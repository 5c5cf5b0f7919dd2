import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Opened } from '../actions/promote-branch/src/open-pull.ts'
import { isJudged, type Result } from '../actions/promote-branch/src/outcome.ts'
import { type PromoteWorld, startPromoteWorld } from './promote-world.ts'

let world: PromoteWorld
beforeEach(async () => {
  world = await startPromoteWorld()
})
afterEach(() => world.close())

const opened = ({ proposals }: Result): Opened | undefined => proposals[0]?.opened
const gateOf = ({ proposals }: Result): string | undefined => {
  const gate = proposals[0]?.gate
  return gate && isJudged(gate) ? gate.verdict.state : undefined
}
const pulls = () => world.gitHub.state.pulls
const writes = (): string[] =>
  world.gitHub.state.calls
    .filter(({ method, path }) => method !== 'GET' && !path.includes('deployments'))
    .map(({ method }) => method)

describe('propose', () => {
  test('opens one pull request with images and commits, asks its gate, and refreshes it when something is added', async () => {
    world.commit('dev', { 'app/server.js': 'better()\n' }, 'Serve better (#12)')
    const release = await world.deliver('dev', 'origin/dev')
    const first = await world.propose('dev', { release })
    expect(opened(first)).toMatchObject({ outcome: 'opened' })
    expect(gateOf(first)).toBe('success')
    expect(pulls()).toMatchObject([{ number: 1, title: 'Promote dev to staging', head: 'dev', base: 'staging' }])
    const tag = `src-${world.git('rev-parse', 'origin/dev:app')}`
    expect(pulls()[0]?.body).toContain(`release \`${release}\``)
    expect(pulls()[0]?.body).toContain(`| app | \`${tag}\` |`)
    expect(pulls()[0]?.body).toMatch(/- #12 `Serve better` [0-9a-f]{12}/)
    const before = writes().length
    expect(opened(await world.propose('dev', { release }))).toMatchObject({ outcome: 'unchanged' })
    expect(writes().length).toBe(before)
    world.commit('dev', { 'app/server.js': 'best()\n' }, 'Serve best')
    await world.deliver('dev', 'origin/dev')
    expect(opened(await world.propose('dev'))).toMatchObject({ outcome: 'refreshed', pull: { number: 1 } })
    expect(pulls()).toHaveLength(1)
    expect(pulls()[0]?.body).toContain('`Serve best`')
  })

  test('leaves what people wrote, and the title, as they are', async () => {
    world.commit('dev', { 'app/server.js': 'better()\n' })
    await world.openPull('dev', 'staging', 'Please look at the **migration** first.')
    expect(opened(await world.propose('dev'))).toMatchObject({ outcome: 'refreshed' })
    expect(pulls()[0]).toMatchObject({
      title: 'dev to staging',
      body: expect.stringMatching(/^Please look at the \*\*migration\*\* first\.\n\n<!--/),
    })
    expect(gateOf(await world.propose('dev'))).toBe('pending')
  })

  test('has nothing to do where the trees are equal, the branch is behind, or nothing promotes from the environment', async () => {
    expect(opened(await world.propose('dev'))).toMatchObject({
      outcome: 'nothing',
      reason: 'staging has everything that dev has',
    })
    world.commit('staging', { 'README.md': 'ahead\n' })
    expect(opened(await world.propose('dev'))).toMatchObject({ outcome: 'nothing' })
    world.commit('dev', { 'README.md': 'ahead\n' }, 'the same change once more')
    expect(opened(await world.propose('dev'))).toMatchObject({ reason: 'dev and staging are the same, file by file' })
    expect(await world.propose('prod')).toEqual({ gates: [], proposals: [] })
    expect(pulls()).toEqual([])
  })

  test('takes the place of nobody who opened the same one in that moment', async () => {
    world.commit('dev', { 'app/server.js': 'better()\n' })
    const results = await Promise.all([world.propose('dev'), world.propose('dev')])
    expect(pulls()).toHaveLength(1)
    expect(results.map((result) => opened(result)?.outcome).toSorted()).not.toContain('nothing')
  })

  test('renders the words of a hostile commit inert and keeps to the size that GitHub takes', async () => {
    const subject = 'fixes #1 @acme/owners <img src=x> ](javascript:1) <!-- slipway:end --> ``` | $(id)'
    world.commit('dev', { 'app/server.js': '1\n' }, `${subject} (#7)\n\ncloses #2`)
    world.commit('dev', { 'app/server.js': '2\n' }, `${'x'.repeat(10_000)}`)
    await world.propose('dev')
    const body = pulls()[0]?.body ?? ''
    expect(body.match(/<!-- slipway:end -->/g)).toHaveLength(1)
    expect(body).toContain('- #7 ```` fixes #1 @acme/owners <img src=x> ](javascript:1) <! -- slipway:end -- > ``` | $(id) ````')
    expect(body).not.toContain('closes')
    expect(body.length).toBeLessThan(2_500)
  })

  test('writes nothing in a dry run', async () => {
    world.commit('dev', { 'app/server.js': 'better()\n' })
    expect(opened(await world.propose('dev', { dryRun: true }))).toEqual({ outcome: 'opened', pull: undefined })
    await world.openPull('dev', 'staging')
    const before = writes().length
    expect(opened(await world.propose('dev', { dryRun: true }))).toMatchObject({ outcome: 'refreshed' })
    await world.refresh({ dryRun: true })
    expect(writes().length).toBe(before)
  })

  test('says where the setting is when workflows may not open pull requests', async () => {
    world.gitHub.state.workflowPermissions.can_approve_pull_request_reviews = false
    world.commit('dev', { 'app/server.js': 'better()\n' })
    await expect(world.propose('dev')).rejects.toThrow(
      /^workflows of this repository may not open pull requests: turn on "Allow GitHub Actions to create and approve pull requests" in Settings → Actions → General/,
    )
  })
})

describe('back-merge', () => {
  test('opens the pull request that brings a hotfix back, and the next promotion passes', async () => {
    world.commit('main', { 'app/leak.js': 'fixed()\n' }, 'Stop the leak (#30)')
    expect(opened(await world.backMerge('prod'))).toMatchObject({ outcome: 'opened' })
    expect(pulls()).toMatchObject([
      { title: 'Bring main back to dev', head: 'main', base: 'dev', body: expect.stringMatching(/- #30 `Stop the leak`/) },
    ])
    expect(opened(await world.backMerge('prod'))).toMatchObject({ outcome: 'unchanged' })
    world.merge('dev', 'main')
    expect(opened(await world.backMerge('prod'))).toMatchObject({ outcome: 'nothing' })
    await world.deliver('dev', 'origin/dev')
    expect(gateOf(await world.propose('dev'))).toBe('success')
    world.merge('staging', 'dev')
    await world.deliver('staging', 'origin/staging')
    expect(opened(await world.propose('staging'))).toMatchObject({ outcome: 'nothing' })
    world.commit('dev', { 'app/server.js': 'better()\n' })
    world.merge('staging', 'dev')
    await world.deliver('staging', 'origin/staging')
    expect(gateOf(await world.propose('staging'))).toBe('success')
  })

  test('has nothing to do where the branch has promotions only, or is the first one', async () => {
    world.commit('dev', { 'app/server.js': 'better()\n' })
    world.merge('staging', 'dev')
    world.merge('main', 'staging')
    world.commit('dev', { 'app/server.js': 'best()\n' })
    expect(opened(await world.backMerge('prod'))).toMatchObject({ reason: 'main has nothing of its own, only promotions' })
    expect(opened(await world.backMerge('dev'))).toMatchObject({ reason: 'dev is where everything enters' })
  })
})
