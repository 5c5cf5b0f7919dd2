import { afterEach, expect, test } from 'vitest'
import { deployConditions, deployJob, tokenRequest, trustOf } from '../local/github/claims.case.ts'
import type { GitHubJob } from '../local/github/claims.ts'
import type { TokenOptions } from '../local/github/oidc.ts'
import { account, startWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const role = `arn:aws:iam::${account}:role/shop-dev-deploy`
const worldWithRole = async (): Promise<void> => {
  world = await startWorld({ images: { v1: {}, v2: {} }, roles: [{ arn: role, trust: trustOf(account, deployConditions) }] })
  await world.createService('api', 'v1')
}

/** Deploys with the token of that job and with no other credentials. */
const deployAs = (given: Partial<GitHubJob>, options: TokenOptions = {}) =>
  world.deploy(world.inputs('api', 'v2', { 'role-to-assume': role }), {
    env: tokenRequest(world.cloud.issuer, { ...deployJob, ...given }, options),
  })

test("this job's OIDC token is enough to deploy, and no credential leaves the process", async () => {
  await worldWithRole()
  const step = await deployAs({})
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  const principals = world.cloud.recorder.calls({ call: 'ecs:UpdateService' }).map(({ role: name }) => name)
  expect(principals).toContain('shop-dev-deploy')
  for (const text of [
    step.log.replaceAll(/^::add-mask::.*$/gm, ''),
    step.summary,
    JSON.stringify(step.outputs),
    JSON.stringify(step.state),
  ]) {
    expect(text).not.toMatch(/ASIA|eyJ/)
  }
})

const refused: [what: string, job: Partial<GitHubJob>, options: TokenOptions, says: RegExp][] = [
  [
    'of a pull request',
    { event: 'pull_request', ref: 'refs/pull/7/merge' },
    {},
    /AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity/,
  ],
  ['of another branch', { ref: 'refs/heads/feature' }, {}, /ref: refs\/heads\/feature/],
  ['of another branch in upper case', { ref: 'refs/heads/DEV' }, {}, /ref: refs\/heads\/DEV/],
  ['of another environment', { environment: 'prod' }, {}, /sub: repo:acme@1\/shop@2:environment:prod/],
  [
    'of another workflow file',
    { jobWorkflowFile: 'evil.yml' },
    {},
    /job_workflow_ref: acme\/shop\/\.github\/workflows\/evil\.yml/,
  ],
  ['that has expired', {}, { lifetime: -60 }, /ExpiredTokenException.*[\s\S]*run the job again/],
  [
    'for another audience',
    {},
    { audience: 'https://github.com/acme' },
    /aud: https:\/\/github\.com\/acme[\s\S]*client ids list sts\.amazonaws\.com/,
  ],
]
test.each(refused)(
  'a token %s is refused by STS, with its claims and what to check, never the token',
  async (_, given, options, says) => {
    await worldWithRole()
    const mark = world.cloud.recorder.mark()
    const step = await deployAs(given, options)
    expect(step.exitCode).toBe(1)
    expect(step.outputs['outcome']).toBe('refused')
    expect(step.outputs['reason']).toMatch(says)
    expect(step.log).toContain(`let this job assume ${role}`)
    expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('eyJ')
    expect(world.cloud.recorder.calls({ since: mark }).map(({ operation }) => operation)).toEqual(['AssumeRoleWithWebIdentity'])
  },
)

test('a job without id-token: write is told to ask for it', async () => {
  world = await startWorld({ images: { v1: {} } })
  const step = await world.deploy(world.inputs('api', 'v1', { 'role-to-assume': role }))
  expect(step.log).toContain("give it 'permissions: id-token: write'")
})

test('credentials of another account are refused before the first write', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const other = world.cloud.adminKey('111111111111')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'), {
    env: { AWS_ACCESS_KEY_ID: other.accessKeyId, AWS_SECRET_ACCESS_KEY: other.secretAccessKey },
  })
  expect(step.exitCode).toBe(1)
  expect(step.outputs['reason']).toContain(`wrong account: these credentials belong to 111111111111`)
  expect(step.outputs['reason']).toContain(`expected ${account}`)
  expect(world.writes(mark)).toEqual([])
})
