import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployClaims, deployJob } from './claims.case.ts'
import { gitHubClaims } from './claims.ts'
import { type Issuer, startIssuer } from './oidc.ts'

describe('claims', () => {
  test.each([
    ['environment', deployJob, 'repo:acme@1/shop@2:environment:dev'],
    ['environment of a pull request', { ...deployJob, event: 'pull_request' as const }, 'repo:acme@1/shop@2:environment:dev'],
    ['environment with a colon', { ...deployJob, environment: 'a:b' }, 'repo:acme@1/shop@2:environment:a%3Ab'],
    ['older form', { ...deployJob, subject: 'name' as const }, 'repo:acme/shop:environment:dev'],
  ])('subject: %s', (_, job, sub) => expect(gitHubClaims(job).sub).toBe(sub))

  test('subject without an environment', () => {
    const { environment: _, ...job } = deployJob
    expect(gitHubClaims(job).sub).toBe('repo:acme@1/shop@2:ref:refs/heads/dev')
    expect(gitHubClaims({ ...job, event: 'pull_request', ref: 'refs/pull/7/merge' })).toMatchObject({
      sub: 'repo:acme@1/shop@2:pull_request',
      ref_type: 'branch',
    })
    expect(gitHubClaims(job)).not.toHaveProperty('environment')
  })

  test('name the called workflow beside the one that was started', () => {
    expect(deployClaims).toMatchObject({
      workflow_ref: 'acme/shop/.github/workflows/deliver.yml@refs/heads/dev',
      job_workflow_ref: 'acme/shop/.github/workflows/_deploy.yml@refs/heads/dev',
      repository_id: '2',
      repository_owner_id: '1',
    })
  })
})

describe('issuer', () => {
  let issuer: Issuer
  beforeAll(async () => {
    issuer = await startIssuer(() => new Date())
  })
  afterAll(() => issuer.close())
  const request = async (url: string, token: string) => fetch(url, { headers: { authorization: `bearer ${token}` } })

  test('signs tokens that verify by its published keys', async () => {
    const { url, token } = issuer.job(deployClaims)
    const { value } = (await (await request(`${url}&audience=sts.amazonaws.com`, token)).json()) as { value: string }
    const found = (await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json()) as {
      issuer: string
      jwks_uri: string
    }
    const { payload } = await jwtVerify(value, createRemoteJWKSet(new URL(found.jwks_uri)), {
      issuer: found.issuer,
      audience: 'sts.amazonaws.com',
    })
    expect(payload).toMatchObject(deployClaims)
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
  })

  test('gives a job only its own claims, and nothing without its token', async () => {
    const [one, two] = [issuer.job(deployClaims), issuer.job({ ...deployClaims, ref: 'refs/heads/main' })]
    expect((await request(one.url, two.token)).status).toBe(401)
    expect((await fetch(one.url)).status).toBe(401)
    const { value } = (await (await request(two.url, two.token)).json()) as { value: string }
    const claims = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ ref: 'refs/heads/main', aud: 'https://github.com/acme' })
  })

  test('can be told to hand out an expired token, or one for another audience', async () => {
    const { url, token } = issuer.job(deployClaims, { lifetime: -10, audience: 'elsewhere' })
    const { value } = (await (await request(`${url}&audience=sts.amazonaws.com`, token)).json()) as { value: string }
    const claims = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())
    expect(claims.aud).toBe('elsewhere')
    expect(claims.exp).toBeLessThan(Date.now() / 1000)
    expect(claims.iat).toBeLessThanOrEqual(claims.exp)
  })
})
