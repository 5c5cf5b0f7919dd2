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
    ['a commit that is not there', { commit: 'f'.repeat(40) }, {}, /is not in the repository/],
    ['a configuration that is not there', { config: 'other.json' }, {}, /'other\.json' is not a file of commit/],
    ['a folder as configuration', { config: 'app' }, {}, /'app' is not a file of commit/],
    ['a file that is no configuration', { config: 'app/Dockerfile' }, {}, /app\/Dockerfile:1:1: the file is not valid JSON/],
    [
      'a branch in other letters',
      {},
      { GITHUB_REF: 'refs/heads/DEV' },
      /refs\/heads\/DEV is not the branch dev: upper and lower case count/,
    ],
    ['a tag', {}, { GITHUB_REF: 'refs/tags/dev' }, /refs\/tags\/dev \(push\) is no environment's branch/],
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
