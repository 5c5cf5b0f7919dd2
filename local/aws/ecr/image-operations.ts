import type { ImageFailureCode } from '@aws-sdk/client-ecr'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { findImage, type ImageId, putImage, tagsOf } from './images.ts'
import type { InRepository } from './in-repository.ts'
import { invalidParameter } from './manifest.ts'
import type { Repository, StoredImage } from './repositories.ts'
import type { OciStore } from './store.ts'

/** `registryId` and `repositoryName`, which every image in an answer carries. */
const whereabouts = ({ account, name }: Repository) => ({ registryId: account, repositoryName: name })

const failureOf = (
  { imageDigest, imageTag }: ImageId,
  image: StoredImage | undefined,
): [ImageFailureCode, reason: string] | undefined => {
  if (imageDigest === undefined && imageTag === undefined) {
    return ['MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null']
  }
  if (imageDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(imageDigest)) {
    return [
      'InvalidImageDigest',
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    ]
  }
  if (image === undefined) return ['ImageNotFound', 'Requested image not found']
  const otherDigest = imageDigest !== undefined && imageDigest !== image.digest
  return otherDigest ? ['ImageTagDoesNotMatchDigest', 'Requested image not found'] : undefined
}

const describe = (repository: Repository, image: StoredImage) => {
  const tags = tagsOf(repository, image.digest)
  return {
    ...whereabouts(repository),
    imageDigest: image.digest,
    imageTags: tags.length === 0 ? undefined : tags,
    imageSizeInBytes: image.size,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    imageStatus: 'ACTIVE',
  }
}

const requireImage = (repository: Repository, id: ImageId): StoredImage => {
  const found = findImage(repository, id)
  if (found !== undefined) return found
  const which = `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`
  const where = `within the repository with name '${repository.name}' in the registry with id '${repository.account}'`
  throw new AwsError('ImageNotFoundException', `${which} does not exist ${where}`)
}

/** Every tag with its digest, then the digests that have none. */
const idsOf = (repository: Repository): ImageId[] => {
  const tagged = new Set(repository.tags.values())
  return [
    ...[...repository.tags].map(([imageTag, imageDigest]) => ({ imageDigest, imageTag })),
    ...[...repository.images.keys()].filter((digest) => !tagged.has(digest)).map((imageDigest) => ({ imageDigest })),
  ]
}

const hasStatus = (isTagged: boolean, status = 'ANY'): boolean => status === 'ANY' || (status === 'TAGGED') === isTagged

export const imageOperations = (on: InRepository, store: OciStore, now: () => Date): Record<string, Operation> => {
  const read = async (repository: Repository, imageId: ImageId) => {
    const image = findImage(repository, imageId)
    const [failureCode, failureReason] = failureOf(imageId, image) ?? []
    const stored = image && failureCode === undefined ? await store.readManifest(repository.path, image.digest) : undefined
    if (image === undefined || stored === undefined) return { failure: { imageId, failureCode, failureReason } }
    const found = { imageDigest: image.digest, imageTag: imageId.imageTag }
    const manifest = { imageManifest: stored.bytes.toString(), imageManifestMediaType: image.mediaType }
    return { image: { ...whereabouts(repository), imageId: found, ...manifest } }
  }

  return {
    // Manifests are never converted: what was pushed is what comes back, whatever `acceptedMediaTypes` says.
    ...on('BatchGetImage', async (repository, { imageIds = [] }) => {
      if (imageIds.length < 1 || imageIds.length > 100) {
        throw invalidParameter('imageIds', 'Member must have length between 1 and 100')
      }
      const answers = await Promise.all(imageIds.map((id) => read(repository, id)))
      return {
        images: answers.flatMap(({ image }) => image ?? []),
        failures: answers.flatMap(({ failure }) => failure ?? []),
      }
    }),

    ...on('DescribeImages', (repository, { imageIds, maxResults = 100, nextToken, filter }) => {
      if (imageIds !== undefined) {
        const images = new Set(imageIds.map((id) => requireImage(repository, id)))
        return { imageDetails: [...images].map((image) => describe(repository, image)) }
      }
      const details = [...repository.images.values()].map((image) => describe(repository, image))
      const wanted = details.filter(({ imageTags }) => hasStatus(imageTags !== undefined, filter?.tagStatus))
      const { items, ...rest } = page(wanted, maxResults, nextToken)
      return { imageDetails: items, ...rest }
    }),

    ...on('ListImages', (repository, { filter, maxResults = 100, nextToken }) => {
      const wanted = idsOf(repository).filter(({ imageTag }) => hasStatus(imageTag !== undefined, filter?.tagStatus))
      const { items, ...rest } = page(wanted, maxResults, nextToken)
      return { imageIds: items, ...rest }
    }),

    ...on('PutImage', async (repository, { imageManifest = '', imageManifestMediaType: mediaType, imageTag, imageDigest }) => {
      const manifest = Buffer.from(imageManifest)
      const image = await putImage(store, repository, { manifest, mediaType, imageTag, imageDigest }, now())
      const imageId = { imageDigest: image.digest, imageTag }
      return { image: { ...whereabouts(repository), imageId, imageManifest, imageManifestMediaType: image.mediaType } }
    }),
  }
}
