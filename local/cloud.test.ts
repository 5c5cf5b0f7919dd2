import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import type { Service } from './aws/service.ts'
import { devAccount, region, registryAccount, scenario } from './cloud.case.ts'
import { type CloudCore, startCloud } from './cloud.ts'

const reachable = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

test('added services are given what they build on, and may add to a service that is there', async () => {
  let given: CloudCore | undefined
  const more: Service = { name: 'ssm', operations: { SendCommand: { authorize: () => [], run: () => ({}) } } }
  const cloud = await startCloud({
    scenario,
    services: (core) => {
      given = core
      return [more]
    },
  })
  expect(given).toMatchObject({ images: cloud.images, logs: cloud.logs })
  const call = (operation: string) =>
    fetch(cloud.endpoint, {
      method: 'POST',
      body: '{"Name":"/x"}',
      headers: {
        authorization: `Credential=${cloud.adminKey(registryAccount).accessKeyId}/20260101/${region}/ssm/aws4_request`,
        'x-amz-target': `AmazonSSM.${operation}`,
      },
    }).then((answer) => answer.json())
  expect(await call('SendCommand')).toEqual({})
  expect(await call('GetParameter')).toMatchObject({ __type: 'ParameterNotFound' })
  await cloud.close()
})

test('secrets of tasks are read from the parameters of their account, by name and by ARN', async () => {
  let secrets: CloudCore['secrets'] | undefined
  const cloud = await startCloud({
    scenario,
    services: (core) => {
      secrets = core.secrets
      return []
    },
  })
  const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(registryAccount) })
  await ssm.send(new PutParameterCommand({ Name: '/db/url', Value: 'postgres://', Type: 'SecureString' }))
  await ssm.send(new PutParameterCommand({ Name: 'plain', Value: 'word', Type: 'SecureString' }))
  const arn = (name: string) => `arn:aws:ssm:${region}:${registryAccount}:parameter/${name}`
  expect(await secrets?.({ account: registryAccount, region }, '/db/url')).toBe('postgres://')
  expect(await secrets?.({ account: devAccount, region }, arn('db/url'))).toBe('postgres://')
  expect(await secrets?.({ account: devAccount, region }, arn('plain'))).toBe('word')
  await expect(secrets?.({ account: devAccount, region }, '/db/url')).rejects.toThrow('Parameter')
  await cloud.close()
})

test('closing frees every port', async () => {
  const cloud = await startCloud({ scenario })
  const ecr = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(registryAccount) })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand())
  const urls = [cloud.endpoint, cloud.issuer.url, authorizationData?.[0]?.proxyEndpoint ?? '']
  expect(await Promise.all(urls.map(reachable))).toEqual([true, true, true])
  await cloud.close()
  expect(await Promise.all(urls.map(reachable))).toEqual([false, false, false])
})

test('an account that the scenario does not have has no key', async () => {
  const cloud = await startCloud({ scenario })
  expect(() => cloud.adminKey('999999999999')).toThrow('no account 999999999999 in the scenario, only 111111111111, 222222222222')
  await cloud.close()
})
