import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clone } from '../actions/promote-branch/src/clone.ts'
import { downstreams } from '../actions/promote-branch/src/environments.ts'
import type { Answer } from '../actions/promote-branch/src/gate.ts'
import { isJudged, type Result } from '../actions/promote-branch/src/outcome.ts'
import { outcomeOfMerge } from '../actions/promote-branch/src/outcome-of-merge.ts'
import { configurationOf, type PromoteWorld, startPromoteWorld } from './promote-world.ts'

let world: PromoteWorld
beforeEach(async () => {
  world = await startPromoteWorld()
})
afterEach(() => world.close())

const app = (content: string): Record<string, string> => ({ 'app/server.js': content })
const judged = (answers: Answer[]) => answers.filter(isJudged).map(({ verdict, status }) => ({ ...verdict, status }))
const only = ({ gates, proposals }: Result) => judged([...gates, ...proposals.flatMap(({ gate }) => gate ?? [])])[0]
const said = (branch: string) =>
  world.statuses(branch).map(({ state, description, context }) => ({ state, description, context }))

describe('the gate, on what the merge would create', () => {
  test('passes what exactly so was verified upstream, and says it once', async () => {
    world.commit('dev', app('better()\n'))
    const release = await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    expect(only(await world.gate(pull))).toMatchObject({ state: 'success', status: 'posted' })
    expect(only(await world.gate(pull))).toMatchObject({ state: 'success', status: 'unchanged' })
    expect(only(await world.refresh())).toMatchObject({ state: 'success', status: 'unchanged' })
    expect(said('dev')).toEqual([
      {
        state: 'success',
        context: 'slipway/promotion/staging',
        description: expect.stringMatching(new RegExp(`^verified in dev since 20..-..-.. ..:.. UTC \\(${release}\\)$`)),
      },
    ])
  })

  test('waits while the delivery of the branch is still to come, and fails when it failed', async () => {
    world.commit('dev', app('better()\n'))
    const pull = await world.openPull('dev', 'staging')
    expect(only(await world.gate(pull))).toMatchObject({
      state: 'pending',
      reason: 'dev has not verified it yet; its delivery answers here when it ends',
    })
    await world.deliver('dev', 'origin/dev', { state: 'failure' })
    expect(only(await world.refresh())).toMatchObject({
      state: 'failure',
      reason: expect.stringMatching(/^its delivery to dev of .* failed/),
    })
    await world.deliver('dev', 'origin/dev')
    expect(only(await world.refresh())).toMatchObject({ state: 'success' })
    expect(said('dev').map(({ state }) => state)).toEqual(['pending', 'failure', 'success'])
  })

  test('refuses a branch that was never on dev', async () => {
    await world.deliver('dev', 'origin/dev')
    world.at('staging')
    world.git('checkout', '-q', '-b', 'feature')
    world.push('feature')
    world.commit('feature', app('untried()\n'))
    const pull = await world.openPull('feature', 'staging')
    expect(only(await world.gate(pull))).toMatchObject({
      state: 'failure',
      reason: 'dev has never verified what this merge makes of app; merge it to dev first',
    })
  })

  test('refuses a squash after a revert, where git sees no conflict and staging silently keeps the feature', async () => {
    world.commit('dev', { 'app/feature.js': 'feature()\n' }, 'Add the feature (#1)')
    await world.deliver('dev', 'origin/dev')
    world.merge('staging', 'dev', '--squash')
    world.at('dev')
    world.git('revert', '--no-edit', 'HEAD')
    world.push('dev')
    await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    const [merged] = world.git('ls-tree', '--name-only', 'origin/dev', 'app/').split('\n').slice(1)
    expect(merged).toBe('app/server.js')
    const answer = only(await world.gate(pull))
    expect(answer).toMatchObject({
      state: 'failure',
      reason: 'staging would keep 1 commit that dev lacks (app); first back-merge: gh pr create --base dev --head staging',
      next: 'gh pr create --base dev --head staging',
    })
    expect(said('dev')[0]).toMatchObject({ state: 'failure', description: answer?.reason })
    // The back-merge brings the feature to dev; reverted there once more, both agree.
    world.merge('dev', 'staging')
    world.git('rm', '-q', 'app/feature.js')
    world.git('commit', '-q', '-m', 'Take the feature back')
    world.push('dev')
    await world.deliver('dev', 'origin/dev')
    expect(only(await world.gate(pull))).toMatchObject({ state: 'success' })
  })

  test('refuses a later branch with a commit of its own until that is back on dev', async () => {
    world.commit('staging', { 'app/patch.js': 'patch()\n' }, 'Patch staging by hand')
    world.commit('dev', app('better()\n'))
    await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    const [answer] = (await world.gate(pull)).gates
    expect(answer).toMatchObject({
      verdict: { state: 'failure', reason: expect.stringContaining('staging would keep 1 commit that dev lacks') },
    })
    expect(answer).toMatchObject({ own: [{ message: 'Patch staging by hand' }] })
    world.merge('dev', 'staging')
    expect(only(await world.gate(pull))).toMatchObject({ state: 'pending' })
    await world.deliver('dev', 'origin/dev')
    expect(only(await world.refresh())).toMatchObject({ state: 'success' })
  })

  test('says which files conflict, which only a run of another event can see', async () => {
    world.commit('staging', app('patched()\n'))
    world.commit('dev', app('better()\n'))
    await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    for (const result of [await world.gate(pull), await world.refresh()]) {
      expect(only(result)).toMatchObject({
        state: 'failure',
        reason: 'dev and staging conflict in app/server.js: settle that in dev, not in the merge',
        next: 'gh pr create --base dev --head staging',
      })
    }
  })

  test('lets a hotfix into the last branch only, with a warning, and names its workflow', async () => {
    world.at('main')
    world.git('checkout', '-q', '-b', 'hotfix/leak')
    world.push('hotfix/leak')
    world.commit('hotfix/leak', app('fixed()\n'))
    const last = await world.openPull('hotfix/leak', 'main')
    expect(only(await world.gate(last))).toMatchObject({
      state: 'success',
      warning: true,
      reason: 'hotfix: passes without staging. After the merge deliver.yml refuses it; run hotfix.yml',
    })
    const other = await world.openPull('hotfix/leak', 'staging')
    expect(only(await world.gate(other))).toMatchObject({ state: 'failure' })
  })

  test('refuses what was rolled back anywhere, also as a hotfix', async () => {
    world.commit('dev', app('bad()\n'))
    const bad = await world.deliver('dev', 'origin/dev')
    const good = await world.deliver('dev', 'origin/main')
    world.merge('staging', 'dev')
    await world.deliver('staging', 'origin/staging')
    const pull = await world.openPull('staging', 'main')
    expect(only(await world.gate(pull))).toMatchObject({ state: 'success' })
    await world.deliver('staging', 'origin/main', { kind: 'rollback', rejects: bad })
    expect(good).not.toBe(bad)
    expect(only(await world.refresh())).toMatchObject({
      state: 'failure',
      reason: `staging rolled ${bad} back, and a rejected release goes nowhere; bring a new commit to staging`,
    })
    const again = await world.openPull('dev', 'staging').catch(() => undefined)
    expect(again).toBeUndefined()
    world.git('push', '-q', 'origin', 'origin/staging:refs/heads/hotfix/sneaky')
    const hotfix = await world.openPull('hotfix/sneaky', 'main')
    expect(only(await world.gate(hotfix))).toMatchObject({ state: 'failure' })
  })

  test('counts a release that others have replaced since, and not one of which a service failed', async () => {
    world.commit('dev', app('one()\n'))
    await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    world.gitHub.state.deployments.at(-1)?.statuses.push({
      id: 1,
      state: 'inactive',
      description: '',
      environment_url: '',
      log_url: '',
      creator: 'github',
      created_at: world.gitHub.state.time(),
    })
    expect(only(await world.gate(pull))).toMatchObject({ state: 'success' })
    world.commit('dev', app('two()\n'))
    await world.deliver('dev', 'origin/dev')
    const events = world.gitHub.state.deployments.at(-1)
    if (events?.statuses[1]) events.statuses[1].state = 'failure'
    expect(only(await world.gate(pull))).toMatchObject({
      state: 'failure',
      reason: expect.stringContaining('its delivery to dev'),
    })
  })

  test('judges the merge that would be made now, not the one of an old run', async () => {
    world.commit('dev', app('better()\n'))
    await world.deliver('dev', 'origin/dev')
    const pull = await world.openPull('dev', 'staging')
    world.commit('staging', { 'app/patch.js': 'patch()\n' })
    expect(only(await world.gate(pull))).toMatchObject({ state: 'failure' })
  })

  test('says in the words of the file what is wrong with the configuration that the merge would bring', async () => {
    world.commit('dev', { 'delivery.json': '{ "project": 1 }' })
    const pull = await world.openPull('dev', 'staging')
    world.at('staging')
    const result = await world.gate(pull).catch((error) => error)
    const refreshed = only(await world.refresh())
    expect(result.gates ?? result.message).toBeDefined()
    expect(refreshed).toMatchObject({
      state: 'failure',
      reason: expect.stringMatching(/cannot be delivered: delivery.json:1:\d+: /),
    })
    expect(said('dev').at(-1)?.description?.length).toBeLessThanOrEqual(140)
  })

  test('leaves the status alone where the clone cannot tell, and says what to do', async () => {
    world.commit('dev', app('better()\n'))
    const { folder } = world.checkout('dev')
    const [place] = downstreams(configurationOf())
    if (place === undefined) throw new Error('staging is gone from the example')
    const head = { branch: 'dev', commit: 'f'.repeat(40), isFork: false }
    const pull = { number: 9, title: '', body: '', url: '', isOpen: true, base: 'staging', head }
    const ask = (isFork: boolean, from = place) =>
      outcomeOfMerge(clone(folder), { ...pull, head: { ...head, isFork } }, from, 'delivery.json')
    expect(await ask(false)).toEqual({
      unseen: "commit ffffffffffff of pull request 9 is not in the clone; give actions/checkout 'fetch-depth: 0', or run again",
    })
    expect(await ask(true)).toMatchObject({ unseen: expect.stringContaining('it is from a fork') })
    expect(await ask(false, { ...place, branch: 'gone' })).toEqual({
      unseen: "branch gone is not in the clone; give actions/checkout 'fetch-depth: 0'",
    })
  })

  test('answers for each branch by itself where two pull requests have one head', async () => {
    world.commit('dev', app('better()\n'))
    await world.deliver('dev', 'origin/dev')
    const right = await world.openPull('dev', 'staging')
    const mistaken = await world.openPull('dev', 'main')
    expect(only(await world.gate(mistaken))).toMatchObject({ state: 'failure', status: 'posted' })
    expect(only(await world.gate(right))).toMatchObject({ state: 'success', status: 'posted' })
    const expected = [
      { context: 'slipway/promotion/prod', state: 'failure', description: expect.stringContaining('staging has never verified') },
      { context: 'slipway/promotion/staging', state: 'success', description: expect.stringContaining('verified in dev') },
    ]
    expect(said('dev')).toEqual(expected)
    // Asked again, neither finds the answer of the other in its place.
    expect(judged((await world.refresh()).gates).map(({ status }) => status)).toEqual(['unchanged', 'unchanged'])
    expect(said('dev')).toEqual(expected)
  })

  test('asks nothing about a pull request into dev', async () => {
    world.at('dev')
    world.git('push', '-q', 'origin', 'HEAD:refs/heads/feature')
    world.commit('feature', app('x()\n'))
    const pull = await world.openPull('feature', 'dev')
    expect(await world.gate(pull)).toEqual({ gates: [], proposals: [] })
    expect(world.gitHub.state.statuses).toEqual([])
  })
})

test('the soak keeps the status pending and names the time when it opens', async () => {
  await world.close()
  world = await startPromoteWorld(configurationOf('30m'))
  world.commit('dev', app('better()\n'))
  await world.deliver('dev', 'origin/dev')
  world.merge('staging', 'dev')
  await world.deliver('staging', 'origin/staging')
  const pull = await world.openPull('staging', 'main')
  const at = Date.parse(world.gitHub.state.deployments.at(-1)?.statuses.at(-1)?.created_at ?? '')
  const opens = new Date(at + 1_800_000).toISOString().replace('.000Z', 'Z')
  expect(only(await world.gate(pull, { now: at + 60_000 }))).toMatchObject({
    state: 'pending',
    reason: expect.stringMatching(new RegExp(`^opens ${opens}: verified in staging since .*, and must stand there for 30m$`)),
  })
  expect(only(await world.refresh({ now: at + 1_799_000 }))).toMatchObject({ state: 'pending', status: 'unchanged' })
  expect(only(await world.refresh({ now: at + 1_800_000 }))).toMatchObject({ state: 'success', status: 'posted' })
})
