import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
  ListImagesCommand,
  PutImageCommand,
  paginateDescribeImages,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'
import { indexOf, indexType, newImage, registryClient } from './image.case.ts'
import { digestOf } from './manifest.ts'

let cloud: Cloud
let ecr: ECRClient
let dev: ECRClient
let registry: ReturnType<typeof registryClient>
const clientOf = (account: string) =>
  new ECRClient({ endpoint: cloud.endpoint, region, maxAttempts: 1, credentials: cloud.adminKey(account) })
beforeAll(async () => {
  cloud = await startCloud({ scenario })
  ecr = clientOf(registryAccount)
  dev = clientOf(devAccount)
  const { authorizationData: [data] = [] } = await ecr.send(new GetAuthorizationTokenCommand())
  registry = registryClient(data?.proxyEndpoint ?? '', data?.authorizationToken)
})
afterAll(() => cloud.close())

const repositoryName = 'shop/app'
const putImage = (manifest: Buffer, imageTag?: string, name = repositoryName, rest = {}) =>
  ecr.send(
    new PutImageCommand({ repositoryName: name, imageManifest: manifest.toString(), ...(imageTag && { imageTag }), ...rest }),
  )
const pushed = async (imageTag?: string, name = repositoryName) => {
  const image = newImage()
  for (const blob of image.blobs) await registry.pushBlob(name, blob)
  await putImage(image.manifest, imageTag, name)
  return image
}
const batchGet = (imageIds: ImageIdentifier[], client = ecr, name = repositoryName) =>
  client.send(new BatchGetImageCommand({ registryId: registryAccount, repositoryName: name, imageIds }))

describe('repositories', () => {
  test('are created once and described, by name and in pages', async () => {
    const { repository } = await ecr.send(
      new CreateRepositoryCommand({ repositoryName: 'made', imageTagMutability: 'IMMUTABLE' }),
    )
    expect(repository).toMatchObject({
      repositoryArn: `arn:aws:ecr:${region}:${registryAccount}:repository/made`,
      repositoryUri: `${registryAccount}.dkr.ecr.${region}.amazonaws.com/made`,
      registryId: registryAccount,
      imageTagMutability: 'IMMUTABLE',
      createdAt: expect.any(Date),
    })
    await expect(ecr.send(new CreateRepositoryCommand({ repositoryName: 'made' }))).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message: `The repository with name 'made' already exists in the registry with id '${registryAccount}'`,
    })
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['made'] }))
    expect(repositories).toEqual([repository])
    const first = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2 }))
    const { nextToken } = first
    const second = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken }))
    expect([first, second].map((page) => page.repositories?.length)).toEqual([2, 1])
  })

  test('that do not exist are named', async () => {
    await expect(batchGet([{ imageTag: 'x' }], ecr, 'none')).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: `The repository with name 'none' does not exist in the registry with id '${registryAccount}'`,
    })
    await expect(ecr.send(new CreateRepositoryCommand({ repositoryName: 'Upper' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })

  test('let another account in only by their policy', async () => {
    const { digest } = await pushed()
    expect((await batchGet([{ imageDigest: digest }], dev)).images).toHaveLength(1)
    const denied = {
      name: 'AccessDeniedException',
      message: expect.stringContaining('no resource-based policy allows the ecr:BatchGetImage action'),
    }
    await expect(batchGet([{ imageTag: 'x' }], dev, 'private')).rejects.toMatchObject(denied)
    const put = new PutImageCommand({ registryId: registryAccount, repositoryName, imageManifest: '{}', imageTag: 'x' })
    await expect(dev.send(put)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'opened' }))
    await expect(batchGet([{ imageTag: 'x' }], dev, 'opened')).rejects.toMatchObject(denied)
    const Statement = { Effect: 'Allow', Principal: { AWS: devAccount }, Action: 'ecr:Batch*' }
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'opened', policyText: JSON.stringify({ Statement }) }))
    expect((await batchGet([{ imageTag: 'x' }], dev, 'opened')).failures).toHaveLength(1)
  })
})

describe('images', () => {
  test('come back as the bytes that were pushed; what is missing is a failure, not an error', async () => {
    const { manifest, digest } = await pushed('one')
    const { images, failures } = await batchGet([{ imageTag: 'one' }, { imageDigest: digest }, { imageTag: 'none' }, {}])
    expect(images).toMatchObject([{ imageId: { imageDigest: digest, imageTag: 'one' } }, { imageId: { imageDigest: digest } }])
    expect(images?.[0]?.imageManifest).toBe(manifest.toString())
    expect(failures).toMatchObject([
      { imageId: { imageTag: 'none' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' },
      { failureCode: 'MissingDigestAndTag' },
    ])
    const other = await batchGet([{ imageTag: 'one', imageDigest: `sha256:${'0'.repeat(64)}` }])
    expect(other.failures).toMatchObject([{ failureCode: 'ImageTagDoesNotMatchDigest' }])
  })

  test('are refused again, on a taken tag, with another digest, and without their content', async () => {
    const image = await pushed('taken')
    await expect(putImage(image.manifest, 'taken')).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' })
    await putImage(image.manifest, 'second-tag')
    const other = await pushed()
    await expect(putImage(other.manifest, 'taken')).rejects.toMatchObject({
      name: 'ImageTagAlreadyExistsException',
      message:
        "The image tag 'taken' already exists in the 'shop/app' repository and cannot be overwritten because the repository is immutable.",
    })
    await expect(putImage(other.manifest, 'x', repositoryName, { imageDigest: image.digest })).rejects.toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
    })
    const absent = newImage()
    await expect(putImage(absent.manifest, 'x')).rejects.toMatchObject({
      name: 'LayersNotFoundException',
      message: expect.stringContaining(digestOf(absent.layer)),
    })
    await expect(putImage(indexOf(absent.manifest), 'x')).rejects.toMatchObject({ name: 'ReferencedImagesNotFoundException' })
    await expect(putImage(Buffer.from('no json'), 'x')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('that race for an immutable tag: one gets it', async () => {
    const racers = [await pushed(), await pushed(), newImage()]
    for (const blob of racers[2]?.blobs ?? []) await registry.pushBlob(repositoryName, blob)
    const results = await Promise.allSettled(racers.map(({ manifest }) => putImage(manifest, 'raced')))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('move a tag in a mutable repository', async () => {
    await pushed('moving', 'private')
    const { digest } = await pushed('moving', 'private')
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'private', imageIds: [{ imageTag: 'moving' }] }),
    )
    expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['moving'] }])
  })

  test('are described with all their tags, and a missing one is an error', async () => {
    const { manifest, digest } = await pushed('first')
    await putImage(manifest, 'again')
    const describeImages = (imageTag: string) => ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }))
    expect((await describeImages('again')).imageDetails).toMatchObject([
      {
        imageDigest: digest,
        imageTags: ['first', 'again'],
        imageSizeInBytes: 1_000,
        imagePushedAt: expect.any(Date),
        registryId: registryAccount,
      },
    ])
    await expect(describeImages('none')).rejects.toMatchObject({
      name: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository " +
        `with name 'shop/app' in the registry with id '${registryAccount}'`,
    })
  })

  test('are listed in pages, an index with its children beside it', async () => {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'paged' }))
    const children = [await pushed(undefined, 'paged'), await pushed(undefined, 'paged')]
    const index = indexOf(...children.map(({ manifest }) => manifest))
    const { image } = await putImage(index, 'multi', 'paged')
    expect(image).toMatchObject({
      imageManifestMediaType: indexType,
      imageId: { imageDigest: digestOf(index), imageTag: 'multi' },
    })
    const pages = []
    for await (const page of paginateDescribeImages({ client: ecr, pageSize: 2 }, { repositoryName: 'paged' })) pages.push(page)
    expect(pages.map(({ imageDetails }) => imageDetails?.length)).toEqual([2, 1])
    const tagged = await ecr.send(new ListImagesCommand({ repositoryName: 'paged', filter: { tagStatus: 'TAGGED' } }))
    expect(tagged.imageIds).toEqual([{ imageTag: 'multi', imageDigest: digestOf(index) }])
    expect((await ecr.send(new ListImagesCommand({ repositoryName: 'paged' }))).imageIds).toHaveLength(3)
  })
})

test('layers are checked, and downloaded from a URL that takes no Authorization header', async () => {
  const { layer } = await pushed()
  const layerDigest = digestOf(layer)
  const missing = `sha256:${'1'.repeat(64)}`
  const { layers } = await ecr.send(
    new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [layerDigest, missing] }),
  )
  expect(layers).toMatchObject([{ layerAvailability: 'AVAILABLE', layerSize: 1_000 }, { layerAvailability: 'UNAVAILABLE' }])
  const { downloadUrl = '' } = await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))
  expect(Buffer.from(await (await fetch(downloadUrl)).arrayBuffer()).equals(layer)).toBe(true)
  expect((await fetch(downloadUrl, { headers: { authorization: 'Basic eA==' } })).status).toBe(400)
  expect((await fetch(downloadUrl.replace(/=.*/, '=forged'))).status).toBe(403)
  await expect(ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: missing }))).rejects.toMatchObject({
    name: 'LayersNotFoundException',
  })
})

describe('locate', () => {
  const host = `${registryAccount}.dkr.ecr.${region}.amazonaws.com`
  test('finds by tag, by digest and by both, with credentials that pull', async () => {
    const { digest } = await pushed('located')
    for (const reference of [':located', `@${digest}`, `:anything@${digest}`]) {
      const located = await cloud.images.locate(`${host}/shop/app${reference}`)
      const registryHost = new URL(await cloud.registry(registryAccount, region)).host
      expect(located).toMatchObject({ reference: `${registryHost}/shop/app@${digest}`, digest })
      const { username, password } = located.credentials
      const client = registryClient(`http://${registryHost}`, Buffer.from(`${username}:${password}`).toString('base64'))
      expect((await client.send(`/v2/shop/app/manifests/${digest}`)).status).toBe(200)
    }
    expect(cloud.recorder.calls({ principal: 'ecs-tasks.amazonaws.com' })).toHaveLength(3)
  })

  test.each([
    `${host}/shop/app:none`,
    `${host}/none:x`,
    `${host}/shop/app@sha256:${'0'.repeat(64)}`,
    'nginx:latest',
    `999999999999.dkr.ecr.${region}.amazonaws.com/shop/app:x`,
  ])('says of %s that it is not there', async (image) => {
    await expect(cloud.images.locate(image)).rejects.toThrow(`failed to resolve reference "${image}": ${image}: not found`)
  })
})
