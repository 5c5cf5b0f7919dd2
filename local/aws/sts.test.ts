import { getIDToken } from '@actions/core'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deployRole, devAccount, region, registryAccount, scenario } from '../cloud.case.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { deployClaims, deployJob } from '../github/claims.case.ts'
import { gitHubClaims } from '../github/claims.ts'
import { gitHubIssuer } from '../github/oidc.ts'

let cloud: Cloud
beforeAll(async () => {
  cloud = await startCloud({ scenario })
})
afterAll(() => cloud.close())

const client = (credentials?: object) =>
  new STSClient({ endpoint: cloud.endpoint, region, maxAttempts: 1, ...(credentials && { credentials: credentials as never }) })

const assume = (token: string, input: { RoleArn?: string; DurationSeconds?: number; RoleSessionName?: string } = {}) =>
  client().send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: deployRole, RoleSessionName: 'run-1', WebIdentityToken: token, ...input }),
  )

const keysOf = ({ Credentials: keys }: Pick<AssumeRoleCommandOutput, 'Credentials'>) => ({
  accessKeyId: keys?.AccessKeyId ?? '',
  secretAccessKey: keys?.SecretAccessKey ?? '',
  sessionToken: keys?.SessionToken ?? '',
})

const sign = (claims = deployClaims, options = {}) => cloud.issuer.sign(claims, 'sts.amazonaws.com', options)

describe('AssumeRoleWithWebIdentity', () => {
  test('takes the token that @actions/core gets for a job, and its keys are the role in its account', async () => {
    const { url, token } = cloud.issuer.job(deployClaims)
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', url)
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', token)
    const log = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const jwt = await getIDToken('sts.amazonaws.com')
    log.mockRestore()
    vi.unstubAllEnvs()
    const session = await assume(jwt, { DurationSeconds: 900 })
    expect(session).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:acme@1/shop@2:environment:dev',
      Audience: 'sts.amazonaws.com',
      AssumedRoleUser: { Arn: `arn:aws:sts::${devAccount}:assumed-role/shop-dev-deploy/run-1` },
    })
    const left = (session.Credentials?.Expiration?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(890_000)
    expect(left).toBeLessThan(901_000)
    expect(await client(keysOf(session)).send(new GetCallerIdentityCommand())).toMatchObject({
      UserId: session.AssumedRoleUser?.AssumedRoleId,
      Account: devAccount,
      Arn: `arn:aws:sts::${devAccount}:assumed-role/shop-dev-deploy/run-1`,
    })
  })

  const refused = 'Not authorized to perform sts:AssumeRoleWithWebIdentity'
  test.each([
    ['another branch', { ...deployJob, ref: 'refs/heads/feature' }],
    ['another environment', { ...deployJob, environment: 'prod' }],
    ['a pull request', { ...deployJob, environment: undefined, event: 'pull_request' as const }],
    ['the older subject', { ...deployJob, subject: 'name' as const }],
    ['another repository of that name', { ...deployJob, repositoryId: 9 }],
    ['another workflow file', { ...deployJob, jobWorkflowFile: '_build.yml' }],
  ])('refuses %s', async (_, { environment, ...job }) => {
    const token = await sign(gitHubClaims({ ...job, ...(environment === undefined ? {} : { environment }) }))
    await expect(assume(token)).rejects.toMatchObject({ name: 'AccessDenied', message: refused })
  })

  test('refuses a role that is not in the account of its ARN', async () => {
    const RoleArn = `arn:aws:iam::${registryAccount}:role/shop-dev-deploy`
    await expect(assume(await sign(), { RoleArn })).rejects.toMatchObject({ name: 'AccessDenied', message: refused })
  })

  test('refuses an expired token, another audience, a foreign signature and a text that is no token', async () => {
    await expect(assume(await sign(deployClaims, { lifetime: -60 }))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: expect.stringMatching(/^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/),
    })
    await expect(assume(await sign(deployClaims, { audience: 'elsewhere' }))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: 'Incorrect token audience',
    })
    await expect(assume(await sign(deployClaims, { issuer: 'https://elsewhere.example' }))).rejects.toMatchObject({
      message: 'No OpenIDConnect provider found in your account for https://elsewhere.example',
    })
    const { privateKey } = await generateKeyPair('RS256')
    const forged = (kid: string | undefined) =>
      new SignJWT(deployClaims)
        .setProtectedHeader({ alg: 'RS256', ...(kid === undefined ? {} : { kid }) })
        .setIssuer(gitHubIssuer)
        .setAudience('sts.amazonaws.com')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey)
    await expect(assume(await forged(cloud.issuer.jwks.keys[0]?.kid))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    })
    await expect(assume(await forged('unknown'))).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
    await expect(assume('nonsense')).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
  })

  test.each([
    [{ DurationSeconds: 899 }, /greater than or equal to 900/],
    [{ DurationSeconds: 3601 }, /exceeds the MaxSessionDuration/],
    [{ DurationSeconds: 43_201 }, /less than or equal to 43200/],
    [{ RoleSessionName: 'with space' }, /roleSessionName/],
  ])('refuses %o', async (input, message) => {
    await expect(assume(await sign(), input)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    })
  })

  test('refuses every token in an account without a provider', async () => {
    const bare = await startCloud({ scenario: { ...scenario, oidcClientIds: { [devAccount]: [] } } })
    const sts = new STSClient({ endpoint: bare.endpoint, region })
    const input = { RoleArn: deployRole, RoleSessionName: 'run-1', WebIdentityToken: await sign() }
    await expect(sts.send(new AssumeRoleWithWebIdentityCommand(input))).rejects.toMatchObject({
      message: expect.stringMatching(/^No OpenIDConnect provider found/),
    })
    await bare.close()
  })
})

describe('keys', () => {
  test('an assumed role of another account is held to its identity policy', async () => {
    const RoleArn = `arn:aws:iam::${devAccount}:role/chained`
    const input = { RoleArn, RoleSessionName: 'chain' }
    const session = await client(cloud.adminKey(registryAccount)).send(new AssumeRoleCommand(input))
    const keys = keysOf(session)
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: keys })
    const stale = new SSMClient({
      endpoint: cloud.endpoint,
      region,
      credentials: { ...keys, sessionToken: 'of another session' },
    })
    await expect(stale.send(new GetParameterCommand({ Name: '/x' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    })
    await expect(ssm.send(new GetParameterCommand({ Name: '/x' }))).rejects.toMatchObject({ name: 'ParameterNotFound' })
    await expect(ssm.send(new PutParameterCommand({ Name: '/x', Value: '1', Type: 'String' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        `User: arn:aws:sts::${devAccount}:assumed-role/chained/chain is not authorized to perform: ssm:PutParameter on resource: ` +
        `arn:aws:ssm:${region}:${devAccount}:parameter/x because no identity-based policy allows the ssm:PutParameter action`,
    })
    await expect(client(cloud.adminKey(devAccount)).send(new AssumeRoleCommand(input))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  })

  test('that nobody issued are refused in the words of each protocol', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }
    const message = 'The security token included in the request is invalid.'
    await expect(client(credentials).send(new GetCallerIdentityCommand())).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      message,
    })
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials })
    await expect(ssm.send(new GetParameterCommand({ Name: '/x' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message,
    })
  })

  test('that have expired are refused', async () => {
    let shift = 0
    const time = { factor: 1, now: () => new Date(Date.now() + shift), after: () => () => {}, sleep: async () => {} }
    const aged = await startCloud({ scenario, time })
    const input = { RoleArn: `arn:aws:iam::${devAccount}:role/chained`, RoleSessionName: 'old', DurationSeconds: 900 }
    const sts = new STSClient({ endpoint: aged.endpoint, region, credentials: aged.adminKey(registryAccount) })
    const credentials = keysOf(await sts.send(new AssumeRoleCommand(input)))
    shift = 901_000
    const ssm = new SSMClient({ endpoint: aged.endpoint, region, credentials })
    await expect(ssm.send(new GetParameterCommand({ Name: '/x' }))).rejects.toMatchObject({ name: 'ExpiredTokenException' })
    await aged.close()
  })
})
