import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JOB, type PromoteWorld, startPromoteWorld } from './promote-world.ts'

let world: PromoteWorld
beforeAll(async () => {
  world = await startPromoteWorld()
  world.commit('dev', { 'app/server.js': 'better()\n' }, '::error::Serve better')
  await world.deliver('dev', 'origin/dev')
})
afterAll(() => world.close())

const red = (log: string): string[] => log.split('\n').filter((line) => line.startsWith('::error::promote-branch: '))

describe('bad input is refused in words, before GitHub is asked', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      'an operation that is none',
      { operation: 'merge' },
      {},
      "input 'operation' must be one of gate, propose, back-merge, got 'merge'",
    ],
    [
      'an unknown environment',
      { operation: 'propose', environment: 'stagin' },
      {},
      "input 'environment' must be one of dev, staging, prod, got 'stagin'; did you mean 'staging'?",
    ],
    [
      'a folder that is no clone',
      { operation: 'gate' },
      { GITHUB_WORKSPACE: '/' },
      "'/' is not a git repository: run actions/checkout before this action",
    ],
    [
      'a commit that is not there',
      { operation: 'gate' },
      { GITHUB_SHA: 'a'.repeat(40) },
      'commit aaaaaaaaaaaa is not in the repository at ',
    ],
  ])('%s', async (_, inputs, env, message) => {
    const before = world.gitHub.state.calls.length
    const { exitCode, log, outputs, summary } = await world.step(inputs, env)
    expect(red(log)).toEqual([expect.stringContaining(message)])
    expect(log).not.toMatch(/^\s+at /m)
    expect([exitCode, outputs['outcome'], world.gitHub.state.calls.length]).toEqual([1, 'refused', before])
    expect(summary).toContain('### Promotion: refused')
  })
})

describe('what GitHub refuses is said in words', () => {
  test.each([
    [
      'a token of nobody',
      () => 'ghs_nobody',
      "GitHub does not know the token (401): give the job's own, github.token, as input 'github-token'",
    ],
    [
      'no right to read deployments',
      () => world.gitHub.tokens.forJob({ contents: 'read', pull_requests: 'write', statuses: 'write' }),
      "the deployments of dev: the token may not (403, Resource not accessible by integration): give the job 'permissions: deployments: read'",
    ],
    [
      'no right to open pull requests',
      () => world.gitHub.tokens.forJob({ ...JOB, pull_requests: 'read' }),
      "a pull request from dev to staging cannot be opened: the token may not (403, Resource not accessible by integration): give the job 'permissions: pull-requests: write'",
    ],
    [
      'no right to post',
      () => world.gitHub.tokens.forJob({ ...JOB, statuses: 'read' }),
      "the commit status 'slipway/promotion/staging' cannot be posted: the token may not (403, Resource not accessible by integration): give the job 'permissions: statuses: write'",
    ],
  ])('%s', async (_, token, message) => {
    await expect(world.propose('dev', { token: token() })).rejects.toThrow(message)
  })

  test('an API that is not there, and the token is nowhere in the log', async () => {
    const { log, exitCode } = await world.step(
      { operation: 'propose', environment: 'dev' },
      { GITHUB_API_URL: 'http://127.0.0.1:9' },
    )
    expect(red(log)[0]).toMatch(/GitHub failed \(500, .*\); run the job again/)
    expect(exitCode).toBe(1)
    expect(log.replaceAll(`::add-mask::${world.token}`, '')).not.toContain(world.token)
  })
})

test('the whole, as the runner starts it: proposed, refreshed, asked again, in outputs, log and summary', async () => {
  world.gitHub.state.pulls.length = 0
  const { outputs, exitCode, log, summary } = await world.step({ operation: 'propose', environment: 'dev' })
  expect([exitCode, outputs['outcome'], outputs['pull-request'], outputs['gate']]).toEqual([0, 'opened', '1', 'success'])
  expect(log).toContain('dev → staging: pull request 1 opened: https://github.com/acme/shop/pull/1')
  expect(summary).toContain('| #1 | `dev` → `staging` | ✅ success | `verified in dev since')
  expect(world.statuses('dev')).toMatchObject([{ target_url: 'https://github.com/acme/shop/actions/runs/7' }])

  world.commit('staging', { 'app/own.js': 'own()\n' }, '::stop-commands::x | <b>')
  const event = world.event({ pull_request: { number: 1 } })
  const asked = await world.step({ operation: 'gate' }, event)
  expect([asked.exitCode, asked.outputs['gate']]).toEqual([0, 'failure'])
  expect(asked.log).toMatch(
    /^::error title=slipway\/promotion\/staging::pull request 1: staging would keep 1 commit that dev lacks/m,
  )
  expect(asked.log).not.toMatch(/^::stop-commands/m)
  expect(asked.summary).toContain('`::stop-commands::x | <b>`')
  expect(JSON.parse(asked.outputs['gates'] ?? '')).toMatchObject([{ pullRequest: 1, environment: 'staging', state: 'failure' }])

  const again = await world.step({ operation: 'gate', environment: 'prod' })
  expect([again.exitCode, again.outputs['outcome'], again.outputs['gate']]).toEqual([0, 'nothing', ''])
  expect(again.summary).toContain('No open pull request asks for a promotion.')
})
