import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { identity } from '../../lib/delivery/identity.ts'
import { type Issuer, startIssuer } from '../../local/github/oidc.ts'
import { exampleConfiguration } from '../../test/example.ts'
import { claimsOf, type Place } from '../../test/identity/jobs.case.ts'
import { explainToken } from './nearest-role.ts'
import { render } from './render.ts'
import { readToken } from './token.ts'

// Processes of their own, on whatever else the machine does.
vi.setConfig({ testTimeout: 60_000 })

const root = join(import.meta.dirname, '../..')
const own: Place = { file: '_deploy.yml', branch: 'main', environment: 'prod' }

let issuer: Issuer
let folder: string
beforeAll(async () => {
  issuer = await startIssuer(() => new Date())
  folder = mkdtempSync(join(tmpdir(), 'oidc-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await issuer.close()
})

const run = async (args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    cwd: join(root, 'test'),
    env: { PATH: process.env['PATH'], ...env },
  })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number }
}

const { roles } = identity(exampleConfiguration())

/** What is printed of a token, without a process. */
const printed = (given: string): string => {
  const token = readToken(given)
  return render(token, explainToken(roles, token.claims), Date.now()).join('\n')
}

test('a token in a file, on standard input, or asked for in a job: the role is named, and nothing of the token is printed', async () => {
  const claims = claimsOf(own)
  const token = await issuer.sign(claims, 'sts.amazonaws.com')
  writeFileSync(join(folder, 'token'), `${token}\n`)
  const job = issuer.job(claims)
  const env = { ACTIONS_ID_TOKEN_REQUEST_URL: job.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.token }
  const runs = await Promise.all([
    run([join(folder, 'token')]),
    run(['-'], { input: token }),
    run([], { input: token }),
    run([], { env }),
  ])
  for (const { out, err, code } of runs) {
    expect(`${code} ${err}`).toBe('0 ')
    expect(out).toContain('it may assume:\n  shop-prod-deploy (arn:aws:iam::444444444444:role/shop-prod-deploy)')
    expect(out).not.toMatch(/eyJ|add-mask/)
    for (const part of token.split('.')) expect(out).not.toContain(part)
    expect(out).not.toContain(job.token)
  }
})

test('the condition that fails is shown with what it expects, what it got, and what to check', async () => {
  const out = printed(await issuer.sign(claimsOf({ ...own, branch: 'feature' }), 'sts.amazonaws.com'))
  expect(out).toContain('no role trusts this token\nnearest: shop-prod-deploy')
  expect(out).toContain(
    [
      '    FAIL  ref',
      '            expected  refs/heads/main',
      '            received  refs/heads/feature',
      '            check     run it on main; where the branch is called otherwise, mend it in delivery.json',
    ].join('\n'),
  )
})

test('a role can be asked for, also as JSON', async () => {
  const token = await issuer.sign(claimsOf(own), 'sts.amazonaws.com')
  const { out, code } = await run(['-', '--role', 'shop-dev-deploy', '--json'], { input: token })
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ allowed: [], nearest: 'arn:aws:iam::222222222222:role/shop-dev-deploy' })
  const unknown = await run(['-', '--role', 'shop-dev-deply'], { input: token })
  expect(unknown.err).toContain("there is no role 'shop-dev-deply'; was 'shop-dev-deploy' meant?")
})

test('an expired token and a foreign issuer are said, since the conditions alone would not explain the refusal', async () => {
  const expired = await issuer.sign(claimsOf(own), 'sts.amazonaws.com', { lifetime: -60, issuer: 'https://tokens.example.org' })
  const out = printed(expired)
  expect(out).toContain('warning: expired at ')
  expect(out).toContain('warning: issued by https://tokens.example.org')
})

test('claims may be given as JSON; a name in them cannot become a command of the runner', async () => {
  const claims = { ...claimsOf(own), ref: 'refs/heads/x\n::add-mask::y' }
  const out = printed(JSON.stringify(claims))
  expect(out).toContain('received  "refs/heads/x\\n::add-mask::y"')
  expect(out).not.toMatch(/^::/m)
})

test('what is no token is refused without being shown', async () => {
  const { err, out, code } = await run(['-'], { input: 'hunter2' })
  expect(code).toBe(1)
  expect(err).toContain('oidc-explain: this is no OIDC token')
  expect(out + err).not.toContain('hunter2')
})

test('the trust policy of a role is printed as AWS takes it', async () => {
  const { out } = await run(['--trust', 'shop-prod-deploy'])
  expect(JSON.parse(out)).toMatchObject({ Version: '2012-10-17', Statement: [{ Action: 'sts:AssumeRoleWithWebIdentity' }] })
})
