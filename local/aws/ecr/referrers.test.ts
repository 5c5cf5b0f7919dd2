import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'
import { manifestType, newImage, registryClient } from './image.case.ts'
import { digestOf } from './manifest.ts'

let cloud: Cloud
let owner: ReturnType<typeof registryClient>
const login = async (account: string) => {
  const ecr = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({ registryIds: [registryAccount] }))
  return registryClient(authorizationData?.[0]?.proxyEndpoint ?? '', authorizationData?.[0]?.authorizationToken)
}
beforeAll(async () => {
  cloud = await startCloud({ scenario })
  owner = await login(registryAccount)
})
afterAll(() => cloud.close())

const push = async (more: object = {}) => {
  const { blobs, manifest } = newImage()
  const bytes = Buffer.from(JSON.stringify({ ...JSON.parse(manifest.toString()), ...more }))
  for (const blob of blobs) await owner.pushBlob('shop/app', blob)
  const { headers } = await owner.pushManifest('shop/app', digestOf(bytes), bytes)
  return { digest: digestOf(bytes), size: bytes.length, subject: headers.get('oci-subject') }
}
const referTo = (digest: string, artifactType: string) =>
  push({ artifactType, subject: { mediaType: manifestType, digest, size: 1 }, annotations: { by: 'us' } })

const listed = async (path: string) => {
  const { headers, json } = await owner.send(path).then(async (answer) => ({
    headers: answer.headers,
    json: (await answer.json()) as { manifests: { digest: string }[] },
  }))
  return { headers, manifests: json.manifests }
}

test('what names an image as its subject is listed with it, whichever came first', async () => {
  const before = await referTo(`sha256:${'a'.repeat(64)}`, 'a/early')
  const image = await push()
  const signature = await referTo(image.digest, 'a/signature')
  const bill = await referTo(image.digest, 'a/bill')
  expect([image.subject, signature.subject]).toEqual([null, image.digest])
  const { headers, manifests } = await listed(`/v2/shop/app/referrers/${image.digest}`)
  expect(headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json')
  const entry = { mediaType: manifestType, annotations: { by: 'us' } }
  expect(manifests).toEqual([
    { ...entry, digest: signature.digest, size: signature.size, artifactType: 'a/signature' },
    { ...entry, digest: bill.digest, size: bill.size, artifactType: 'a/bill' },
  ])
  const filtered = await listed(`/v2/shop/app/referrers/${image.digest}?artifactType=a/bill`)
  expect(filtered.manifests.map(({ digest }) => digest)).toEqual([bill.digest])
  expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType')
  expect((await listed(`/v2/shop/app/referrers/sha256:${'a'.repeat(64)}`)).manifests).toMatchObject([{ digest: before.digest }])
})

test('a long list comes in pages of fifty', async () => {
  const image = await push()
  const all: string[] = []
  for (let made = 0; made < 51; made += 1) all.push((await referTo(image.digest, 'a/b')).digest)
  const first = await listed(`/v2/shop/app/referrers/${image.digest}`)
  const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? []
  const second = await listed(next)
  expect([...first.manifests, ...second.manifests].map(({ digest }) => digest)).toEqual(all)
  expect([first.manifests.length, second.headers.get('link')]).toEqual([50, null])
})

test('a digest that is none is refused, and a policy that lets images be read lets their referrers be listed', async () => {
  expect((await owner.send('/v2/shop/app/referrers/latest')).status).toBe(400)
  const image = await push()
  const mark = cloud.recorder.mark()
  const dev = await login(devAccount)
  expect((await dev.send(`/v2/shop/app/referrers/${image.digest}`)).status).toBe(200)
  expect((await dev.send(`/v2/private/referrers/${image.digest}`)).status).toBe(403)
  const calls = cloud.recorder.calls({ since: mark, call: 'ecr:ListImageReferrers' })
  expect(calls.map(({ authorizations, outcome }) => [authorizations.map(({ action }) => action), outcome])).toEqual([
    [['ecr:BatchGetImage'], 'ok'],
    [['ecr:BatchGetImage'], 'DENIED'],
  ])
})
