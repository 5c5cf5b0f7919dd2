import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../lib/oci/manifest.ts'
import { indexOf, indexType, manifestType, newImage } from '../local/aws/ecr/image.case.ts'
import { account, otherAccount, region, startBuildWorld } from './build-world.ts'
import { type CopyWorld, elsewhere, source, startCopyWorld, WRITES, writer } from './copy-world.ts'
import { putImage } from './images.ts'

let world: CopyWorld
beforeEach(async () => {
  world = await startCopyWorld()
})
afterEach(() => world.close())

describe('an image that is in the source', () => {
  it('is copied with two roles, each in its own account, read back, and tagged last', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const mark = world.cloud.recorder.mark()
    const step = await world.run()
    expect(step.outputs).toEqual({
      digest,
      image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`,
      repository: 'shop/app',
      tag: world.tree(),
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
    expect(await world.stored({ imageTag: world.tree() })).toEqual(
      await world.stored({ imageTag: world.tree() }, otherAccount, elsewhere),
    )
    expect(world.dockerCalls()).toEqual([])
    expect(step.summary).toMatch(/\| Result \| copied \|\n\| Source \| `222222222222\.dkr/)
    expect(step.summary).toMatch(/\| Bytes \| [\d\u2009]+ copied, 0 skipped \|/)
    expect(world.leftovers()).toEqual([])
  })

  it('is found here from then on, with one call', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    await world.run()
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ 'when-missing': 'fail' })
    expect(step.outputs['result']).toBe('found')
    expect(world.calls(mark)).toEqual(['sts:AssumeRoleWithWebIdentity', 'ecr:BatchGetImage'])
  })

  it('comes as an index with the exact bytes of its images, before it', async () => {
    const registry = await world.owner()
    const images = [newImage(), newImage()]
    for (const { blobs, digest, manifest } of images) {
      for (const blob of blobs) await registry.pushBlob('shop/app', blob)
      await registry.pushManifest('shop/app', digest, manifest)
    }
    const index = indexOf(...images.map(({ manifest }) => manifest))
    await registry.pushManifest('shop/app', world.tree(), index, indexType)
    const step = await world.run()
    expect(step.outputs).toMatchObject({ result: 'copied', digest: digestOf(index) })
    expect(await world.stored({ imageTag: world.tree() })).toEqual({
      digest: digestOf(index),
      type: indexType,
      bytes: index.toString(),
    })
    for (const { digest, manifest } of images) {
      expect(await world.stored({ imageDigest: digest })).toEqual({ digest, type: manifestType, bytes: manifest.toString() })
    }
  })

  it('brings what refers to it', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const registry = await world.owner()
    const image = newImage()
    for (const blob of image.blobs) await registry.pushBlob('shop/app', blob)
    const subject = { mediaType: manifestType, digest, size: 1 }
    const signature = Buffer.from(JSON.stringify({ ...JSON.parse(image.manifest.toString()), artifactType: 'a/b', subject }))
    await registry.pushManifest('shop/app', digestOf(signature), signature)
    const mark = world.cloud.recorder.mark()
    const step = await world.run()
    expect(step.summary).toContain('| Signatures, SBOMs, attestations | 1 copied with it |')
    expect((await world.stored({ imageDigest: digestOf(signature) }))?.bytes).toBe(signature.toString())
    const asked = world.cloud.recorder.calls({ since: mark, call: 'ecr:ListImageReferrers' })
    expect(new Set(asked.flatMap(({ authorizations }) => authorizations.map(({ action }) => action)))).toEqual(
      new Set(['ecr:BatchGetImage']),
    )
    const { send } = await world.owner(account, region)
    expect(await (await send(`/v2/shop/app/referrers/${digest}`)).json()).toMatchObject({
      manifests: [{ mediaType: manifestType, digest: digestOf(signature), size: signature.length, artifactType: 'a/b' }],
    })
    // ECR keeps the list by itself: no tag stands in for it.
    expect(await world.stored({ imageTag: digest.replace(':', '-') })).toBeUndefined()
  })

  it('is not copied in a dry run, which says what it would do', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ 'dry-run': 'true' })
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect(step.log).toContain(`dry run: would copy ${digest} from ${source} to shop/app as ${world.tree()}`)
    expect(step.summary).toMatch(/would be copied \(dry run: nothing was changed\)/)
    expect(world.calls(mark).filter((call) => call.startsWith('registry'))).toEqual([])
  })

  it('also gets the further tag', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const step = await world.run({ tag: 'v1' })
    expect((await world.stored({ imageTag: 'v1' }))?.digest).toBe(step.outputs['digest'])
  })

  it('is refused for Lambda where Lambda cannot run it, and nothing is copied', async () => {
    const registry = await world.owner()
    const image = newImage()
    for (const blob of image.blobs) await registry.pushBlob('shop/app', blob)
    await registry.pushManifest('shop/app', image.digest, image.manifest)
    await registry.pushManifest('shop/app', world.tree(), indexOf(image.manifest), indexType)
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ for: 'lambda' })
    expect(step.log).toContain('Lambda runs no index')
    expect(world.calls(mark).filter((call) => call.startsWith('registry'))).toEqual([])
  })
})

describe('a tree that is in neither', () => {
  it('is built', async () => {
    world.willBuild()
    const step = await world.run()
    expect(step.outputs['result']).toBe('built')
    expect(step.log).toContain(`not in ${source} either`)
  })

  it("is refused with 'when-missing: fail'", async () => {
    const step = await world.run({ 'when-missing': 'fail' })
    expect(step.log).toMatch(
      /is not in repository 'shop\/app' of account 111111111111 \(eu-west-1\) and not in 222222222222\.dkr/,
    )
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
  })
})

describe('nothing is read or written', () => {
  it('with a source role of another account', async () => {
    const step = await world.run({ 'source-role-to-assume': writer.arn })
    expect(step.log).toMatch(/input 'source-role-to-assume' must be a role of account 222222222222, which owns 'source'/)
    expect(world.calls()).toEqual([])
  })

  it('where the source does not exist', async () => {
    const step = await world.run({ source: source.replace('shop/app', 'shop/typo') })
    expect(step.log).toMatch(
      /repository 'shop\/typo' does not exist in account 222222222222, region us-east-1; .*Correct 'source'/,
    )
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
  })

  it('where neither a role nor the policy of the source lets it be read', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ 'source-role-to-assume': '' })
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
  const other = await startBuildWorld({
    repositories: [
      { account, region, name: 'shop/app' },
      { account: otherAccount, region: elsewhere, name: 'shop/app', policy },
    ],
  })
  const digest = await putImage(other.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
  expect((await other.run({ source })).outputs).toMatchObject({ result: 'copied', digest })
  await other.close()
})
