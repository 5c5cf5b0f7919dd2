import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import type { Finding } from '../scripts/doctor/finding.ts'
import { type SetUpWorld, setUpWorld } from './setup-world.ts'

// Processes of their own, on whatever else the machine does.
vi.setConfig({ testTimeout: 60_000 })

let world: SetUpWorld | undefined
let cloud: Cloud | undefined
afterEach(async () => {
  await Promise.all([world?.close(), cloud?.close()])
  world = undefined
  cloud = undefined
})

test('a repository that is set up ends green, with a count', async () => {
  world = await setUpWorld(example())
  const { state } = world.gitHub
  state.workflowPermissions.can_approve_pull_request_reviews = true
  state.actions.sha_pinning_required = true
  await world.setUp(true)
  const { out, err, code } = await world.run('doctor', ['--only', 'github'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^GitHub acme\/shop\n {2}ok {6}the ids are those of delivery\.json/)
  expect(out).toMatch(/\n0 wrong, 0 not seen, 2 weak, 19 ok\n$/)
})

test('a repository that is not ends red, each finding with the command that mends it, also as JSON', async () => {
  world = await setUpWorld(example())
  const { out, code } = await world.run('doctor', ['--only', 'github'])
  expect(code).toBe(1)
  expect(out).toContain('  WRONG   the branch staging is missing\n          mend: npm run setup -- --apply\n')
  const json = await world.run('doctor', ['--only', 'github', '--json'])
  const findings = JSON.parse(json.out) as Finding[]
  expect(findings).toContainEqual({
    place: 'GitHub acme/shop',
    status: 'wrong',
    message: 'the branch staging is missing',
    mend: 'npm run setup -- --apply',
  })
})

test('without a token and without credentials nothing is fine', async () => {
  world = await setUpWorld(example())
  const { out, code } = await world.run('doctor', [], { GITHUB_TOKEN: '', AWS_EC2_METADATA_DISABLED: 'true' })
  expect(code).toBe(1)
  expect(out).toContain('  UNSEEN  nothing of the repository can be seen without a token\n')
  expect(out).toContain(
    'AWS 444444444444 (prod)\n  UNSEEN  no credentials lead to this account (the default credentials: there are none, or they need a new login)',
  )
  expect(out).toMatch(/\n0 wrong, 5 not seen, 0 weak, 0 ok\n$/)
})

test('an unknown token is said in words, and not shown', async () => {
  world = await setUpWorld(example())
  const { out, err, code } = await world.run('doctor', ['--only', 'github'], { GITHUB_TOKEN: 'ghp_wrong' })
  expect(code).toBe(1)
  expect(out).toContain('UNSEEN  the repository acme/shop cannot be read: GitHub does not know the token (401)')
  expect(out + err).not.toContain('ghp_wrong')
})

test('the accounts of the profiles are looked at, and what AWS does not answer there is unseen', async () => {
  const { accounts, roles } = identity(example())
  cloud = await startCloud({ scenario: { accounts, roles: roles.map(({ arn, trust }) => ({ arn, trust })) } })
  world = await setUpWorld(example())
  const folder = mkdtempSync(join(tmpdir(), 'profiles-'))
  const profiles = ['333333333333', '444444444444'].map((account) => {
    const { accessKeyId, secretAccessKey } = cloud?.adminKey(account) ?? {}
    return `[a${account}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  })
  writeFileSync(join(folder, 'credentials'), profiles.join('\n'))
  const env = { AWS_ENDPOINT_URL: cloud.endpoint, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
  const named = ['--profile', 'a333333333333', '--profile', 'a444444444444', '--profile', 'nobody']
  const { out, code } = await world.run('doctor', ['--only', 'aws', ...named], env)
  rmSync(folder, { recursive: true })
  expect(code).toBe(1)
  expect(out).toMatch(
    /AWS 222222222222 \(dev\)\n {2}UNSEEN {2}no credentials lead to this account \(the profile nobody: there are none/,
  )
  expect(out).toContain('  ok      nothing is recorded of staging: nothing was delivered there yet')
  // The local cloud serves no IAM.
  expect(out).toMatch(
    /AWS 444444444444 \(prod\)\n {2}UNSEEN {2}GitHub's OIDC provider cannot be seen: iam:GetOpenIDConnectProvider failed/,
  )
  expect(out).toContain('  ok      nothing is recorded of prod: nothing was delivered there yet')
})
