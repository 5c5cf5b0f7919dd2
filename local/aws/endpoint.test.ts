import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleWithWebIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deployRole, devAccount, region, registryAccount, scenario } from '../cloud.case.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { deployClaims } from '../github/claims.case.ts'
import type { Service } from './service.ts'

const extra: Service = {
  name: 'ecs',
  operations: { DescribeClusters: { authorize: () => [], run: () => ({ clusters: [], at: new Date(1500) }) } },
}

let cloud: Cloud
beforeAll(async () => {
  cloud = await startCloud({ scenario, services: () => [extra] })
})
afterAll(() => cloud.close())
beforeEach(() => cloud.faults.set([]))

const config = (account = devAccount) => ({
  endpoint: cloud.endpoint,
  region,
  maxAttempts: 1,
  credentials: cloud.adminKey(account),
})
const ssm = () => new SSMClient(config())
const put = (Name: string, Value = 'v', rest = {}) =>
  ssm().send(new PutParameterCommand({ Name, Value, Type: 'String', ...rest }))

describe('what is not served', () => {
  test('is refused by its name and recorded', async () => {
    const mark = cloud.recorder.mark()
    await expect(new ECSClient(config()).send(new CreateClusterCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'NotImplemented: ecs:CreateCluster',
    })
    await expect(new STSClient(config()).send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
      message: 'NotImplemented: sts:GetSessionToken',
    })
    expect(cloud.recorder.calls({ since: mark }).map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['CreateCluster', 'NotImplemented'],
      ['GetSessionToken', 'NotImplemented'],
    ])
  })

  test('is refused as a REST call too', async () => {
    const answer = await fetch(`${cloud.endpoint}/2015-03-31/functions`, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${cloud.adminKey(devAccount).accessKeyId}/20260101/${region}/lambda/aws4_request`,
      },
    })
    expect([answer.status, await answer.json()]).toEqual([
      501,
      { __type: 'NotImplemented', message: 'NotImplemented: lambda:GET /2015-03-31/functions' },
    ])
  })

  test('includes unsigned calls', async () => {
    const headers = { 'x-amz-target': 'AmazonSSM.GetParameter' }
    const answer = await fetch(cloud.endpoint, { method: 'POST', headers, body: '{}' })
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })
})

describe('recorder', () => {
  test('keeps who called what, where, with which permission and how it ended', async () => {
    const mark = cloud.recorder.mark()
    await put('/shop/dev/api/image')
    await expect(ssm().send(new GetParameterCommand({ Name: '/none' }))).rejects.toThrow()
    expect(cloud.recorder.calls({ since: mark })).toEqual([
      {
        sequence: mark + 1,
        time: expect.any(Number),
        service: 'ssm',
        operation: 'PutParameter',
        account: devAccount,
        region,
        principal: `arn:aws:iam::${devAccount}:root`,
        authorizations: [
          { action: 'ssm:PutParameter', resource: `arn:aws:ssm:${region}:${devAccount}:parameter/shop/dev/api/image` },
        ],
        input: { Name: '/shop/dev/api/image', Value: 'v', Type: 'String' },
        outcome: 'ok',
        milliseconds: expect.any(Number),
        via: 'api',
      },
      expect.objectContaining({ operation: 'GetParameter', outcome: 'ParameterNotFound' }),
    ])
    expect(cloud.recorder.count({ since: mark })).toEqual({ 'ssm:PutParameter': 1, 'ssm:GetParameter': 1 })
    expect(cloud.recorder.calls({ since: mark, call: 'ssm:GetParameter' })).toHaveLength(1)
    expect(cloud.recorder.calls({ since: mark, principal: 'nobody' })).toEqual([])
    const answer = await fetch(`${cloud.endpoint}/_local/calls?since=${mark}`)
    expect(await answer.json()).toEqual(cloud.recorder.calls({ since: mark }))
  })

  test('keeps no secret', async () => {
    const mark = cloud.recorder.mark()
    await put('/shop/dev/token', 'very-secret', { Type: 'SecureString' })
    const WebIdentityToken = await cloud.issuer.sign(deployClaims, 'sts.amazonaws.com')
    const input = { RoleArn: deployRole, RoleSessionName: 'run', WebIdentityToken }
    await new STSClient({ endpoint: cloud.endpoint, region }).send(new AssumeRoleWithWebIdentityCommand(input))
    const text = JSON.stringify(cloud.recorder.calls({ since: mark }))
    expect(text).not.toContain('very-secret')
    expect(text).not.toContain(WebIdentityToken)
    expect(cloud.recorder.calls({ since: mark, call: 'sts' })[0]).toMatchObject({
      principal: 'anonymous',
      account: devAccount,
      authorizations: [{ action: 'sts:AssumeRoleWithWebIdentity', resource: deployRole }],
    })
  })
})

describe('faults', () => {
  test.each([
    ['throttle', 'ThrottlingException'],
    ['error-500', 'InternalFailure'],
    ['deny', 'AccessDeniedException'],
    ['expire', 'ExpiredTokenException'],
  ] as const)('%s is answered with %s, and nothing is applied', async (then, name) => {
    cloud.faults.set([{ call: 'ssm:PutParameter', then }])
    await expect(put(`/fault/${then}`)).rejects.toMatchObject({ name })
    await expect(ssm().send(new GetParameterCommand({ Name: `/fault/${then}` }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    })
  })

  test('strike only the nth call', async () => {
    cloud.faults.set([{ call: 'ssm:PutParameter', nth: 2, then: 'throttle' }])
    await put('/nth/1')
    await expect(put('/nth/2')).rejects.toMatchObject({ name: 'ThrottlingException' })
    await put('/nth/3')
  })

  test('strike a call and all later ones', async () => {
    cloud.faults.set([{ call: 'ssm:PutParameter', from: 2, then: 'throttle' }])
    await put('/from/1')
    for (const name of ['/from/2', '/from/3']) await expect(put(name)).rejects.toMatchObject({ name: 'ThrottlingException' })
  })

  test('hang-after-apply tells that it hangs once the change is made', async () => {
    const hangs = Promise.withResolvers<void>()
    cloud.faults.set([{ call: '*', nth: 1, then: 'hang-after-apply' }], hangs.resolve)
    const giveUp = new AbortController()
    const input = { Name: '/hang', Value: 'v', Type: 'String' } as const
    const answer = ssm().send(new PutParameterCommand(input), { abortSignal: giveUp.signal })
    answer.catch(() => {})
    await hangs.promise
    expect((await ssm().send(new GetParameterCommand({ Name: '/hang' }))).Parameter?.Value).toBe('v')
    giveUp.abort()
    await expect(answer).rejects.toThrow()
  })

  test('reset-after-apply breaks the connection after the change', async () => {
    cloud.faults.set([{ call: 'ssm:PutParameter', then: 'reset-after-apply' }])
    await expect(put('/reset')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await ssm().send(new GetParameterCommand({ Name: '/reset' }))).Parameter?.Value).toBe('v')
  })

  test.each([
    ['page-503', 503, false],
    ['page-504-after-apply', 504, true],
  ] as const)('%s is a page that is no error of the API', async (then, status, isApplied) => {
    cloud.faults.set([{ call: 'ssm:PutParameter', then }])
    await expect(put(`/${then}`)).rejects.toMatchObject({ name: 'SyntaxError', $metadata: { httpStatusCode: status } })
    const there = ssm().send(new GetParameterCommand({ Name: `/${then}` }))
    if (isApplied) await expect(there).resolves.toMatchObject({ Parameter: { Value: 'v' } })
    else await expect(there).rejects.toMatchObject({ name: 'ParameterNotFound' })
  })

  test('hang never answers, and closing the cloud ends it', async () => {
    const hanging = await startCloud({ scenario, faults: [{ call: 'ecr:GetAuthorizationToken', then: 'hang' }] })
    const ecr = new ECRClient({ ...config(registryAccount), endpoint: hanging.endpoint })
    let ended = false
    const answer = ecr.send(new GetAuthorizationTokenCommand({})).finally(() => {
      ended = true
    })
    answer.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(ended).toBe(false)
    expect(hanging.recorder.calls()[0]?.outcome).toBe('pending')
    await hanging.close()
    await expect(answer).rejects.toThrow()
  })
})
