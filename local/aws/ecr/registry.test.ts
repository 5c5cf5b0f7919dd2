import { randomBytes } from 'node:crypto'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'
import { indexOf, indexType, manifestType, newImage, registryClient } from './image.case.ts'
import { digestOf } from './manifest.ts'

let shift = 0
const time = { factor: 1, now: () => new Date(Date.now() + shift), after: () => () => {}, sleep: async () => {} }
let cloud: Cloud
let url: string
let owner: ReturnType<typeof registryClient>
const tokenOf = async (account: string) => {
  const ecr = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  return (await ecr.send(new GetAuthorizationTokenCommand())).authorizationData?.[0]
}
beforeAll(async () => {
  cloud = await startCloud({ scenario, time })
  const data = await tokenOf(registryAccount)
  url = data?.proxyEndpoint ?? ''
  owner = registryClient(url, data?.authorizationToken)
})
afterAll(() => cloud.close())
beforeEach(() => cloud.faults.set([]))

const errorOf = async (answer: Response | Promise<Response>) => {
  const { status, ...response } = await Promise.resolve(answer).then(async (got) => ({
    status: got.status,
    body: await got.json(),
  }))
  const [error] = (response.body as { errors: { code: string; message: string }[] }).errors
  return [status, error?.code, error?.message]
}

const pushImage = async (tag: string, repository = 'shop/app') => {
  const image = newImage()
  for (const blob of image.blobs) expect((await owner.pushBlob(repository, blob)).status).toBe(201)
  expect((await owner.pushManifest(repository, tag, image.manifest)).status).toBe(201)
  return image
}

describe('authentication', () => {
  test('is asked for with a challenge, and a wrong password fails', async () => {
    for (const token of [undefined, Buffer.from('AWS:wrong').toString('base64'), 'rubbish']) {
      const answer = await registryClient(url, token).send('/v2/')
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        `Basic realm="https://${registryAccount}.dkr.ecr.${region}.amazonaws.com/",service="ecr.amazonaws.com"`,
      ])
    }
    expect((await owner.send('/v2/')).status).toBe(200)
  })

  test('ends after 12 hours', async () => {
    const data = await tokenOf(registryAccount)
    expect((data?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(43_190_000)
    shift = 43_201_000
    expect(await errorOf(owner.send('/v2/'))).toEqual([
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    ])
    shift = 0
  })

  test('opens the registries of others as far as their policies say', async () => {
    const { digest } = await pushImage('shared')
    const data = await tokenOf(devAccount)
    expect(data?.proxyEndpoint).not.toBe(url)
    const guest = registryClient(url, data?.authorizationToken)
    expect((await guest.send(`/v2/shop/app/manifests/${digest}`)).status).toBe(200)
    expect((await guest.send('/v2/private/manifests/x')).status).toBe(403)
    expect((await guest.send('/v2/shop/app/blobs/uploads/', { method: 'POST' })).status).toBe(403)
  })
})

describe('blobs', () => {
  test('are found after a push and answered with a redirect', async () => {
    const { layer } = await pushImage('redirect')
    const path = `/v2/shop/app/blobs/${digestOf(layer)}`
    const head = await owner.send(path, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000'])
    expect((await owner.send(path, { redirect: 'manual' })).status).toBe(307)
    const granted = (await owner.send(path, { redirect: 'manual' })).headers.get('location') ?? ''
    shift = 3_601_000
    expect((await fetch(granted)).status).toBe(403)
    shift = 0
    const followed = await owner.send(path)
    expect(Buffer.from(await followed.arrayBuffer()).equals(layer)).toBe(true)
    expect((await owner.send(`/v2/private/blobs/${digestOf(layer)}`, { method: 'HEAD' })).status).toBe(404)
  })

  test('come in chunks, in order', async () => {
    const [first, second] = [randomBytes(3_000), randomBytes(500)]
    const whole = Buffer.concat([first, second])
    const opened = await owner.send('/v2/shop/app/blobs/uploads/', { method: 'POST' })
    const location = opened.headers.get('location') ?? ''
    const chunk = (body: Buffer, range: string) =>
      owner.send(location, { method: 'PATCH', body: new Uint8Array(body), headers: { 'content-range': range } })
    const one = await chunk(first, '0-2999')
    expect([one.status, one.headers.get('range')]).toEqual([202, '0-2999'])
    expect((await chunk(second, '100-599')).status).toBe(416)
    expect((await owner.send(location)).headers.get('range')).toBe('0-2999')
    expect((await chunk(second, '3000-3499')).headers.get('range')).toBe('0-3499')
    const done = await owner.send(`${location}?digest=${digestOf(whole)}`, { method: 'PUT' })
    expect([done.status, done.headers.get('docker-content-digest')]).toEqual([201, digestOf(whole)])
    expect((await owner.send(location)).status).toBe(404)
    const other = await owner.send('/v2/shop/app/blobs/uploads/', { method: 'POST' })
    expect((await owner.send(other.headers.get('location')?.replace('shop/app', 'private') ?? '')).status).toBe(404)
  })

  test('whose digest is wrong are refused', async () => {
    const opened = await owner.send('/v2/shop/app/blobs/uploads/', { method: 'POST' })
    const other = digestOf(randomBytes(4))
    const put = (digest: string) =>
      owner.send(`${opened.headers.get('location')}?digest=${digest}`, { method: 'PUT', body: new Uint8Array([1, 2]) })
    expect((await errorOf(put('md5:1'))).slice(0, 2)).toEqual([400, 'DIGEST_INVALID'])
    expect((await errorOf(put(other))).slice(0, 2)).toEqual([400, 'DIGEST_INVALID'])
    expect((await owner.send(`/v2/shop/app/blobs/${other}`, { method: 'HEAD' })).status).toBe(404)
  })
})

describe('manifests', () => {
  test('keep their bytes, by tag and by digest', async () => {
    const { manifest, digest } = await pushImage('kept')
    for (const reference of ['kept', digest]) {
      const answer = await owner.send(`/v2/shop/app/manifests/${reference}`)
      expect([answer.headers.get('content-type'), answer.headers.get('docker-content-digest')]).toEqual([manifestType, digest])
      expect(Buffer.from(await answer.arrayBuffer()).equals(manifest)).toBe(true)
      const head = await owner.send(`/v2/shop/app/manifests/${reference}`, { method: 'HEAD' })
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(manifest.length)])
    }
    expect((await owner.pushManifest('shop/app', 'kept', manifest)).status).toBe(201)
    const index = await owner.pushManifest('shop/app', 'multi', indexOf(manifest), indexType)
    expect([index.status, index.headers.get('docker-content-digest')]).toEqual([201, digestOf(indexOf(manifest))])
    expect(await (await owner.send('/v2/shop/app/tags/list')).json()).toMatchObject({
      tags: expect.arrayContaining(['kept', 'multi']),
    })
  })

  test('are refused on a taken tag, without their blobs, under another digest, and in no repository', async () => {
    await pushImage('fixed')
    const other = newImage()
    expect((await errorOf(owner.pushManifest('shop/app', 'new', other.manifest))).slice(0, 2)).toEqual([
      400,
      'MANIFEST_BLOB_UNKNOWN',
    ])
    for (const blob of other.blobs) await owner.pushBlob('shop/app', blob)
    expect(await errorOf(owner.pushManifest('shop/app', 'fixed', other.manifest))).toEqual([
      400,
      'TAG_INVALID',
      "The image tag 'fixed' already exists in the 'shop/app' repository and cannot be overwritten because the repository is immutable.",
    ])
    const wrong = digestOf(Buffer.from('other'))
    expect((await errorOf(owner.pushManifest('shop/app', wrong, other.manifest))).slice(0, 2)).toEqual([400, 'DIGEST_INVALID'])
    expect((await errorOf(owner.send('/v2/shop/app/manifests/none'))).slice(0, 2)).toEqual([404, 'MANIFEST_UNKNOWN'])
    expect(await errorOf(owner.pushManifest('none', 'x', other.manifest))).toEqual([
      404,
      'NAME_UNKNOWN',
      `The repository with name 'none' does not exist in the registry with id '${registryAccount}'`,
    ])
  })
})

test('every request is recorded under its IAM action', async () => {
  const mark = cloud.recorder.mark()
  const { digest } = await pushImage('recorded')
  await (await owner.send(`/v2/shop/app/manifests/${digest}`)).text()
  const calls = cloud.recorder.calls({ since: mark })
  expect(calls.map(({ operation }) => operation)).toEqual([
    ...['InitiateLayerUpload', 'CompleteLayerUpload', 'InitiateLayerUpload', 'CompleteLayerUpload', 'PutImage', 'BatchGetImage'],
  ])
  const resource = `arn:aws:ecr:${region}:${registryAccount}:repository/shop/app`
  expect(calls[1]).toMatchObject({
    service: 'ecr',
    via: 'registry',
    outcome: 'ok',
    principal: `arn:aws:iam::${registryAccount}:root`,
    authorizations: [
      { action: 'ecr:UploadLayerPart', resource },
      { action: 'ecr:CompleteLayerUpload', resource },
    ],
  })
})

test('faults strike here too', async () => {
  cloud.faults.set([{ call: 'ecr:InitiateLayerUpload', nth: 1, then: 'throttle' }])
  const start = () => owner.send('/v2/shop/app/blobs/uploads/', { method: 'POST' })
  expect((await errorOf(start())).slice(0, 2)).toEqual([429, 'TOOMANYREQUESTS'])
  expect((await start()).status).toBe(202)
  const { layer, manifest } = await pushImage('before')
  cloud.faults.set([{ call: 'ecr:PutImage', then: 'reset-after-apply' }])
  await expect(owner.pushManifest('shop/app', 'after', manifest)).rejects.toThrow()
  expect((await owner.send('/v2/shop/app/manifests/after')).status).toBe(200)
  cloud.faults.set([{ call: 'ecr:BatchCheckLayerAvailability', then: 'expire' }])
  expect((await owner.send(`/v2/shop/app/blobs/${digestOf(layer)}`, { method: 'HEAD' })).status).toBe(403)
})
