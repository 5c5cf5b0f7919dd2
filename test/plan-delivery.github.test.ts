import { afterEach, beforeEach, expect, it } from 'vitest'
import { gitHubClient } from '../lib/github/client.ts'
import { gitHubDeployments } from '../lib/github/deployments.ts'
import { type PlanWorld, startPlanWorld } from './plan-world.ts'

let world: PlanWorld
beforeEach(async () => {
  world = await startPlanWorld()
})
afterEach(() => world.close())

const other = `src-${'9'.repeat(40)}`

it('a tree that dev never had is refused before AWS is touched', async () => {
  await world.announce('dev', { tag: other })
  const step = await world.plan(world.job('staging'), world.token())
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused', environment: 'staging', kind: 'promotion' } })
  expect(step.log).toMatch(
    /known-upstream: dev has never had what branch staging makes of app \(src-\w{12}\).*--base dev --head staging$/m,
  )
  expect(world.cloud.recorder.calls()).toEqual([])
})

it('a tree that GitHub has verified in dev is asked of AWS, which decides', async () => {
  const digest = await world.build()
  await world.announce('dev', { digest })
  const refused = await world.plan(world.job('staging'), world.token())
  expect(refused.log).toContain('gate known-upstream: pass: GitHub has it verified in dev since')
  expect(refused.log).toContain('gate verified-upstream: fail: nothing was ever verified in dev')
  await world.record('dev', digest)
  expect((await world.plan(world.job('staging'), world.token())).outputs['outcome']).toBe('planned')
})

it('a token that may not read deployments is a warning; AWS decides', async () => {
  await world.record('dev', await world.build())
  const step = await world.plan(world.job('staging'), world.token({ contents: 'read' }))
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned' } })
  expect(step.log).toMatch(/^::warning::GitHub could not be asked first.*permissions: deployments: read'/m)
})

it('a pull request is answered by GitHub alone: verified, never upstream, rolled back', async () => {
  await world.announce('dev', { tag: other })
  const never = await world.plan(world.pull('staging', 'dev'), world.token())
  expect(never).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused', environment: 'staging' } })
  expect(never.log).toContain('dev has never had what branch staging makes of app')
  const release = await world.announce('dev')
  const verified = await world.plan(world.pull('staging', 'dev'), world.token())
  expect(verified).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned', plan: '', release } })
  await world.announce('prod', { tag: other, kind: 'rollback', rejects: release })
  const back = await world.plan(world.pull('staging', 'dev'), world.token())
  expect(back).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
  expect(back.log).toMatch(/rel-\w+ was rolled back, and a rejected release goes nowhere/)
  expect(world.cloud.recorder.calls()).toEqual([])
})

it('what is replaced, retired by GitHub or not ours does not change what was verified', async () => {
  const client = await gitHubClient(world.cloud.github.tokens.forPerson('octocat'), 'acme/shop', world.cloud.github.url)
  const deployments = gitHubDeployments(client)
  await world.announce('dev')
  const { state } = world.cloud.github
  const [first, second, third] = state.deployments
  const status = (name: 'inactive' | 'in_progress') => ({
    ...(first?.statuses[0] ?? { id: 0, description: '', environment_url: '', log_url: '', creator: '', created_at: '' }),
    state: name,
  })
  first?.statuses.push(status('inactive'))
  if (second !== undefined) second.statuses = [status('in_progress'), status('inactive')]
  if (third !== undefined) third.payload = JSON.stringify(third.payload)
  state.deployments.push({ ...structuredClone(first ?? state.deployments[0]), id: 1, payload: { web_url: 'x' } } as never)
  const told = await deployments.history('dev')
  expect(told).toMatchObject({ count: 3, isWhole: true })
  expect(told.attempts.map((attempt) => [attempt.state, attempt.verifiedAt !== undefined])).toEqual([
    ['success', true],
    ['inactive', false],
    ['success', true],
  ])
  expect(await deployments.history('dev', ({ service }) => service === 'nobody')).toEqual({
    attempts: [],
    count: 3,
    isWhole: true,
  })
})
