import type {
  BatchGetImageRequest,
  DescribeImagesRequest,
  ImageFailure,
  ListImagesRequest,
  PutImageRequest,
} from '@aws-sdk/client-ecr'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { findImage, type ImageId, putImage, tagsOf } from './images.ts'
import type { Repositories, Repository, StoredImage } from './repositories.ts'
import { addressOf, onRepository } from './repository-operations.ts'
import type { OciStore } from './store.ts'

export type ImageDependencies = { now(): Date; store: OciStore; repositories: Repositories }

const failureOf = (imageId: ImageId, image: StoredImage | undefined): ImageFailure | undefined => {
  const { imageDigest, imageTag } = imageId
  if (imageDigest === undefined && imageTag === undefined) {
    const failureReason = 'Invalid request parameters: both tag and digest cannot be null'
    return { imageId, failureCode: 'MissingDigestAndTag', failureReason }
  }
  if (imageDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(imageDigest)) {
    const failureReason = `Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'`
    return { imageId, failureCode: 'InvalidImageDigest', failureReason }
  }
  if (image === undefined) return { imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }
  if (imageDigest === undefined || imageDigest === image.digest) return undefined
  const failureReason = 'Requested image not found'
  return { imageId, failureCode: 'ImageTagDoesNotMatchDigest', failureReason }
}

const describe = (repository: Repository, image: StoredImage) => {
  const tags = tagsOf(repository, image.digest)
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(tags.length === 0 ? {} : { imageTags: tags }),
    imageSizeInBytes: image.size,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    imageStatus: 'ACTIVE',
  }
}

const requireImage = (
  repository: Repository,
  { imageDigest = 'null', imageTag = 'null' }: ImageId,
  found: StoredImage | undefined,
) => {
  if (found !== undefined) return found
  const which = `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'}`
  const where = `within the repository with name '${repository.name}' in the registry with id '${repository.account}'`
  throw new AwsError('ImageNotFoundException', `${which} does not exist ${where}`)
}

export const imageOperations = ({ now, store, repositories }: ImageDependencies): Record<string, Operation> => {
  /** Manifests are never converted: what was pushed is what comes back, whatever `acceptedMediaTypes` says. */
  const batchGetImage: Operation<BatchGetImageRequest> = {
    authorize: onRepository('BatchGetImage'),
    run: async (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:BatchGetImage')
      const ids = input.imageIds ?? []
      if (ids.length < 1 || ids.length > 100) {
        const rule = "failed to satisfy constraint: 'Member must have length between 1 and 100'"
        throw new AwsError('InvalidParameterException', `Invalid parameter at 'imageIds' ${rule}`)
      }
      const answers = await Promise.all(
        ids.map(async (imageId) => {
          const image = findImage(repository, imageId)
          const failure = failureOf(imageId, image)
          const stored = failure || image === undefined ? undefined : await store.readManifest(repository.path, image.digest)
          if (failure !== undefined || image === undefined || stored === undefined) return { failure }
          const found = { imageDigest: image.digest, ...(imageId.imageTag === undefined ? {} : { imageTag: imageId.imageTag }) }
          return {
            image: {
              registryId: repository.account,
              repositoryName: repository.name,
              imageId: found,
              imageManifest: stored.bytes.toString(),
              imageManifestMediaType: image.mediaType,
            },
          }
        }),
      )
      return {
        images: answers.flatMap(({ image }) => image ?? []),
        failures: answers.flatMap(({ failure }) => failure ?? []),
      }
    },
  }

  const describeImages: Operation<DescribeImagesRequest> = {
    authorize: onRepository('DescribeImages'),
    run: (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:DescribeImages')
      const { imageIds, maxResults = 100, nextToken, filter } = input
      if (imageIds !== undefined) {
        const images = imageIds.map((id) => requireImage(repository, id, findImage(repository, id)))
        return { imageDetails: [...new Set(images)].map((image) => describe(repository, image)) }
      }
      const details = [...repository.images.values()].map((image) => describe(repository, image))
      const wanted = details.filter(({ imageTags }) => {
        const status = filter?.tagStatus ?? 'ANY'
        return status === 'ANY' || (status === 'TAGGED') === (imageTags !== undefined)
      })
      const { items, ...rest } = page(wanted, maxResults, nextToken)
      return { imageDetails: items, ...rest }
    },
  }

  const listImages: Operation<ListImagesRequest> = {
    authorize: onRepository('ListImages'),
    run: (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:ListImages')
      const tagged = [...repository.tags].map(([imageTag, imageDigest]): ImageId => ({ imageDigest, imageTag }))
      const withTag = new Set(repository.tags.values())
      const untagged = [...repository.images.keys()]
        .filter((digest) => !withTag.has(digest))
        .map((imageDigest): ImageId => ({ imageDigest }))
      const status = input.filter?.tagStatus ?? 'ANY'
      const ids = [...(status === 'UNTAGGED' ? [] : tagged), ...(status === 'TAGGED' ? [] : untagged)]
      const { items, ...rest } = page(ids, input.maxResults ?? 100, input.nextToken)
      return { imageIds: items, ...rest }
    },
  }

  const putImageOperation: Operation<PutImageRequest> = {
    authorize: onRepository('PutImage'),
    run: async (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:PutImage')
      const push = {
        manifest: Buffer.from(input.imageManifest ?? ''),
        mediaType: input.imageManifestMediaType,
        tag: input.imageTag,
        digest: input.imageDigest,
      }
      const { digest, mediaType } = await putImage(store, repository, push, now())
      return {
        image: {
          registryId: repository.account,
          repositoryName: repository.name,
          imageId: { imageDigest: digest, ...(input.imageTag === undefined ? {} : { imageTag: input.imageTag }) },
          imageManifest: input.imageManifest,
          imageManifestMediaType: mediaType,
        },
      }
    },
  }

  return {
    BatchGetImage: batchGetImage,
    DescribeImages: describeImages,
    ListImages: listImages,
    PutImage: putImageOperation,
  }
}
