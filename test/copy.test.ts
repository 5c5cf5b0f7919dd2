import { BatchGetImageCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { digestOf, MANIFEST_TYPES } from '../lib/oci/manifest.ts'
import { indexOf, indexType, manifestType, newImage, registryClient } from '../local/aws/ecr/image.case.ts'
import { gitHubClaims } from '../local/github/claims.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { account, type BuildWorld, otherAccount, region, startBuildWorld } from './build-world.ts'
import { putImage } from './images.ts'

const elsewhere = 'us-east-1'
const source = `${otherAccount}.dkr.ecr.${elsewhere}.amazonaws.com/shop/app`
const provider = 'token.actions.githubusercontent.com'

const role = (of: string, name: string, actions: string[]): ScenarioRole => ({
  arn: `arn:aws:iam::${of}:role/${name}`,
  trust: {
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${of}:oidc-provider/${provider}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${provider}:aud`]: 'sts.amazonaws.com' } },
    },
  },
  policies: [{ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }],
})
const reader = role(otherAccount, 'shop-registry-read', [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
])
const writer = role(account, 'shop-registry-build', [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
])

let world: BuildWorld
beforeEach(async () => {
  world = await startBuildWorld({
    roles: [reader, writer],
    repositories: [
      { account, region, name: 'shop/app', tagMutability: 'IMMUTABLE' },
      { account, region, name: 'shop/moving' },
      { account: otherAccount, region: elsewhere, name: 'shop/app' },
    ],
  })
})
afterEach(() => world.close())

const tree = (): string => `src-${world.git('rev-parse', 'HEAD:app')}`
const WRITES = /PutImage|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload/
const inputs = { source, 'source-role-to-assume': reader.arn, 'role-to-assume': writer.arn }

/** A job with no AWS key of its own. */
const job = (): Record<string, string> => {
  const { url, token } = world.cloud.issuer.job(
    gitHubClaims({
      owner: 'acme',
      ownerId: 1,
      repository: 'shop',
      repositoryId: 2,
      ref: 'refs/heads/dev',
      sha: '1',
      event: 'push',
      workflowFile: 'deliver.yml',
    }),
  )
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  }
}
const run = (more: Record<string, string> = {}) => world.run({ ...inputs, ...more }, job())

const clientOf = (of: string, at: string) =>
  new ECRClient({ endpoint: world.cloud.endpoint, region: at, credentials: world.cloud.adminKey(of) })
/** Talks to the registry of the source as its owner. */
const owner = async () => {
  const { authorizationData } = await clientOf(otherAccount, elsewhere).send(new GetAuthorizationTokenCommand({}))
  return registryClient(authorizationData?.[0]?.proxyEndpoint ?? '', authorizationData?.[0]?.authorizationToken)
}
/** What ECR answers for a tag or digest: media type and bytes. */
const stored = async (id: { imageTag?: string; imageDigest?: string }, of = account, at = region) => {
  const command = new BatchGetImageCommand({ repositoryName: 'shop/app', imageIds: [id], acceptedMediaTypes: MANIFEST_TYPES })
  const [image] = (await clientOf(of, at).send(command)).images ?? []
  return image && { digest: image.imageId?.imageDigest, type: image.imageManifestMediaType, bytes: image.imageManifest }
}

describe('an image that is in the source', () => {
  it('is copied with two roles, each in its own account, read back, and tagged last', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const mark = world.cloud.recorder.mark()
    const step = await run()
    expect(step.outputs).toEqual({
      digest,
      image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`,
      repository: 'shop/app',
      tag: tree(),
      result: 'copied',
      'platform-digests': JSON.stringify({ 'linux/amd64': digest }),
    })
    const calls = world.cloud.recorder.calls({ since: mark })
    expect(new Set(calls.filter(({ role: name }) => name === 'shop-registry-read').map(({ region: at }) => at))).toEqual(
      new Set([elsewhere]),
    )
    expect(calls.filter(({ operation, role: name }) => WRITES.test(operation) && name !== 'shop-registry-build')).toEqual([])
    expect(calls.slice(-2).map(({ operation, via }) => [operation, via])).toEqual([
      ['BatchGetImage', 'api'],
      ['PutImage', 'api'],
    ])
    expect(await stored({ imageTag: tree() })).toEqual(await stored({ imageTag: tree() }, otherAccount, elsewhere))
    expect(world.dockerCalls()).toEqual([])
    expect(step.summary).toMatch(/\| Result \| copied \|\n\| Source \| `222222222222\.dkr/)
    expect(step.summary).toMatch(/\| Bytes \| [\d\u2009]+ copied, 0 skipped \|/)
    expect(world.leftovers()).toEqual([])
  })

  it('is found here from then on, with one call', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    await run()
    const mark = world.cloud.recorder.mark()
    const step = await run({ 'when-missing': 'fail' })
    expect(step.outputs['result']).toBe('found')
    expect(world.calls(mark)).toEqual(['sts:AssumeRoleWithWebIdentity', 'ecr:BatchGetImage'])
  })

  it('comes as an index with the exact bytes of its images, before it', async () => {
    const registry = await owner()
    const images = [newImage(), newImage()]
    for (const { blobs, digest, manifest } of images) {
      for (const blob of blobs) await registry.pushBlob('shop/app', blob)
      await registry.pushManifest('shop/app', digest, manifest)
    }
    const index = indexOf(...images.map(({ manifest }) => manifest))
    await registry.pushManifest('shop/app', tree(), index, indexType)
    const step = await run()
    expect(step.outputs).toMatchObject({ result: 'copied', digest: digestOf(index) })
    expect(await stored({ imageTag: tree() })).toEqual({ digest: digestOf(index), type: indexType, bytes: index.toString() })
    for (const { digest, manifest } of images) {
      expect(await stored({ imageDigest: digest })).toEqual({ digest, type: manifestType, bytes: manifest.toString() })
    }
  })

  it('brings what refers to it', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const registry = await owner()
    const image = newImage()
    for (const blob of image.blobs) await registry.pushBlob('shop/app', blob)
    const subject = { mediaType: manifestType, digest, size: 1 }
    const signature = Buffer.from(JSON.stringify({ ...JSON.parse(image.manifest.toString()), artifactType: 'a/b', subject }))
    await registry.pushManifest('shop/app', digestOf(signature), signature)
    // The local registry keeps no list of referrers: the tag of the OCI specification stands in for it.
    const list = indexOf(signature)
    await registry.pushManifest('shop/app', digest.replace(':', '-'), list, indexType)
    const step = await run()
    expect(step.summary).toContain('| Signatures, SBOMs, attestations | 1 copied with it |')
    expect((await stored({ imageDigest: digestOf(signature) }))?.bytes).toBe(signature.toString())
    const entries = JSON.parse((await stored({ imageTag: digest.replace(':', '-') }))?.bytes ?? '').manifests
    expect(entries).toEqual([
      { mediaType: manifestType, digest: digestOf(signature), size: signature.length, artifactType: 'a/b' },
    ])
  })

  it('is not copied in a dry run, which says what it would do', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const mark = world.cloud.recorder.mark()
    const step = await run({ 'dry-run': 'true' })
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect(step.log).toContain(`dry run: would copy ${digest} from ${source} to shop/app as ${tree()}`)
    expect(step.summary).toMatch(/would be copied \(dry run: nothing was changed\)/)
    expect(world.calls(mark).filter((call) => call.startsWith('registry'))).toEqual([])
  })

  it('also gets the further tag', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const step = await run({ tag: 'v1' })
    expect((await stored({ imageTag: 'v1' }))?.digest).toBe(step.outputs['digest'])
  })

  it('is refused for Lambda where Lambda cannot run it, and nothing is copied', async () => {
    const registry = await owner()
    const image = newImage()
    for (const blob of image.blobs) await registry.pushBlob('shop/app', blob)
    await registry.pushManifest('shop/app', image.digest, image.manifest)
    await registry.pushManifest('shop/app', tree(), indexOf(image.manifest), indexType)
    const mark = world.cloud.recorder.mark()
    const step = await run({ for: 'lambda' })
    expect(step.log).toContain('Lambda runs no index')
    expect(world.calls(mark).filter((call) => call.startsWith('registry'))).toEqual([])
  })
})

describe('a tree that is in neither', () => {
  it('is built', async () => {
    world.willBuild()
    const step = await run()
    expect(step.outputs['result']).toBe('built')
    expect(step.log).toContain(`not in ${source} either`)
  })

  it("is refused with 'when-missing: fail'", async () => {
    const step = await run({ 'when-missing': 'fail' })
    expect(step.log).toMatch(
      /is not in repository 'shop\/app' of account 111111111111 \(eu-west-1\) and not in 222222222222\.dkr/,
    )
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
  })
})

describe('a copy that is disturbed', () => {
  it.each([
    { call: 'ecr:GetDownloadUrlForLayer', nth: 1, then: 'throttle' } as const,
    { call: 'ecr:GetDownloadUrlForLayer', nth: 2, then: 'error-500' } as const,
    { call: 'ecr:CompleteLayerUpload', nth: 1, then: 'reset-after-apply' } as const,
    { call: 'ecr:PutImage', nth: 1, then: 'error-500' } as const,
    { call: 'ecr:PutImage', nth: 2, then: 'reset-after-apply' } as const,
    { call: 'ecr:GetAuthorizationToken', nth: 2, then: 'throttle' } as const,
  ])('survives $call number $nth, $then', async (fault) => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    world.cloud.faults.set([fault])
    const step = await run()
    expect(step.log).not.toContain('::error')
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect((await stored({ imageTag: tree() }))?.digest).toBe(digest)
  })

  it('is finished by the next run, which sends only what is missing', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    world.cloud.faults.set([{ call: 'ecr:PutImage', then: 'deny' }])
    const cut = await run()
    expect([cut.exitCode, await stored({ imageDigest: digest })]).toEqual([1, undefined])
    expect(cut.log).toMatch(/allow .*ecr:PutImage on the repository/)
    world.cloud.faults.set([])
    const mark = world.cloud.recorder.mark()
    const step = await run()
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect(world.calls(mark).filter((call) => /InitiateLayerUpload|GetDownloadUrl/.test(call))).toEqual([])
  })

  it('leaves the tag to another run that was first', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const mark = world.cloud.recorder.mark()
    world.cloud.faults.set([{ call: 'ecr:InitiateLayerUpload', nth: 1, then: 'hang' }])
    const running = world.start({ ...inputs, 'request-timeout': '2s' }, job())
    await vi.waitFor(() => expect(world.calls(mark)).toContain('registry ecr:InitiateLayerUpload'), 10_000)
    const theirs = await putImage(world.cloud, account, region, 'shop/app', tree(), 'arm64')
    const step = await running.done
    expect(step.outputs).toMatchObject({ result: 'found', digest: theirs })
    expect(step.log).toMatch(/::notice::another run built the same tree meanwhile and got sha256:/)
  })
})

describe('nothing is read or written', () => {
  it('with a source role of another account', async () => {
    const step = await run({ 'source-role-to-assume': writer.arn })
    expect(step.log).toMatch(/input 'source-role-to-assume' must be a role of account 222222222222, which owns 'source'/)
    expect(world.calls()).toEqual([])
  })

  it('where the source does not exist', async () => {
    const step = await run({ source: source.replace('shop/app', 'shop/typo') })
    expect(step.log).toMatch(
      /repository 'shop\/typo' does not exist in account 222222222222, region us-east-1; .*Correct 'source'/,
    )
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
  })

  it('where neither a role nor the policy of the source lets it be read', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
    const mark = world.cloud.recorder.mark()
    const step = await run({ 'source-role-to-assume': '' })
    expect(step.log).toMatch(
      /ecr:BatchGetImage was denied: allow ecr:BatchGetImage on arn:aws:ecr:us-east-1:222222222222:repository/,
    )
    expect(world.calls(mark).filter((call) => WRITES.test(call))).toEqual([])
  })
})

it('needs no second role where the policy of the source lets the first one read', async () => {
  const policy = {
    Statement: {
      Effect: 'Allow' as const,
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  }
  await world.close()
  world = await startBuildWorld({
    repositories: [
      { account, region, name: 'shop/app' },
      { account: otherAccount, region: elsewhere, name: 'shop/app', policy },
    ],
  })
  const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', tree())
  expect((await world.run({ source })).outputs).toMatchObject({ result: 'copied', digest })
})
