import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PlanWorld, startPlanWorld } from './plan-world.ts'

let world: PlanWorld
beforeAll(async () => {
  world = await startPlanWorld()
})
afterAll(() => world.close())

describe('plan-delivery with bad input', () => {
  const bad: [what: string, inputs: Record<string, string>, env: Record<string, string>, message: RegExp][] = [
    [
      'an environment in capitals',
      { environment: 'Staging' },
      {},
      /input 'environment' must be the name of an environment in lower case/,
    ],
    ['an unknown environment', { environment: 'production' }, {}, /must be one of dev, staging, prod, got 'production'/],
    ['an environment of another branch', { environment: 'prod' }, {}, /prod is delivered from branch main only/],
    ['a short commit', { commit: 'abc1234' }, {}, /input 'commit' must be the full id of a commit/],
    ['a branch as commit', { commit: 'dev' }, {}, /input 'commit' must be the full id/],
    ['a commit in capitals', { commit: 'A'.repeat(40) }, {}, /input 'commit' must be the full id of a commit in lower case/],
    ['an option as commit', { commit: '--all' }, {}, /input 'commit' must be the full id/],
    ['a commit that is not there', { commit: 'f'.repeat(40) }, {}, /is not in the repository/],
    ['no commit', {}, { GITHUB_SHA: '' }, /input 'commit' is required where the runner names no commit/],
    ['a configuration that is not there', { config: 'other.json' }, {}, /'other\.json' is not a file of commit/],
    ['a configuration outside', { config: '../delivery.json' }, {}, /input 'config' must be a path from the root/],
    ['an absolute configuration', { config: '/etc/passwd' }, {}, /input 'config' must be a path from the root/],
    ['a folder as configuration', { config: 'app' }, {}, /'app' is not a file of commit/],
    ['a file that is no configuration', { config: 'app/Dockerfile' }, {}, /app\/Dockerfile:1:1: the file is not valid JSON/],
    ['unknown credentials', { credentials: 'keys' }, {}, /input 'credentials' must be one of oidc, ambient, got 'keys'/],
    ['a timeout without unit', { 'request-timeout': '10' }, {}, /input 'request-timeout' must be a duration from 1s to 5m/],
    ['a timeout too long', { 'request-timeout': '1h' }, {}, /input 'request-timeout' must be a duration/],
    ['a dry run that is no boolean', { 'dry-run': 'yes' }, {}, /input 'dry-run' must be true or false, got 'yes'/],
    ['a role', { 'role-to-assume': 'arn:aws:iam::1:role/x' }, {}, /input 'role-to-assume' means nothing here/],
    ['a region', { 'aws-region': 'eu-west-1' }, {}, /input 'aws-region' means nothing here/],
    ['an account', { 'aws-account-id': '111111111111' }, {}, /input 'aws-account-id' means nothing here/],
    [
      'a branch in other letters',
      {},
      { GITHUB_REF: 'refs/heads/DEV' },
      /refs\/heads\/DEV is not the branch dev: upper and lower case count/,
    ],
    ['a tag', {}, { GITHUB_REF: 'refs/tags/dev' }, /refs\/tags\/dev \(push\) is no environment's branch/],
    ['a pull request', {}, { GITHUB_REF: 'refs/pull/7/merge' }, /is no environment's branch/],
    ['no branch', {}, { GITHUB_REF: '' }, /the run names no branch; set input 'environment'/],
    ['no clone', {}, { GITHUB_WORKSPACE: '/' }, /is not a git repository: run actions\/checkout/],
    ['no token', {}, { ACTIONS_ID_TOKEN_REQUEST_URL: '' }, /this job cannot ask for an OIDC token/],
  ]

  it.each(bad)('%s: one line, and AWS is not asked', async (_, inputs, env, message) => {
    const step = await world.plan({ ...world.job('dev'), ...env }, inputs)
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    const errors = step.lines.filter(({ text }) => text.startsWith('::error::'))
    expect(errors.map(({ text }) => text)).toEqual([expect.stringMatching(/^::error::plan-delivery: /)])
    expect(step.log).toMatch(message)
    expect(step.log).not.toMatch(/\n\s+at /)
    expect(world.cloud.recorder.calls()).toEqual([])
  })
})
