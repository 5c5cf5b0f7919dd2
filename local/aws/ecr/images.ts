import { AwsError } from '../service.ts'
import { invalidParameter, parseManifest } from './manifest.ts'
import type { Repository, StoredImage } from './repositories.ts'
import type { OciStore } from './store.ts'

export type ImageId = { imageDigest?: string | undefined; imageTag?: string | undefined }

export type Push = ImageId & { manifest: Buffer; mediaType?: string | undefined }

const within = ({ name, account }: Repository): string => `repository with name '${name}' in registry with id '${account}'`

const requireContent = async (store: OciStore, repository: Repository, blobs: string[], children: string[]): Promise<void> => {
  const found = await Promise.all(blobs.map((digest) => store.statBlob(repository.path, digest)))
  const missing = blobs.filter((_, index) => found[index] === undefined)
  if (missing.length > 0) {
    const layers = `Layers with digests '[${missing.join(', ')}]'`
    throw new AwsError('LayersNotFoundException', `${layers} required for pushing image into ${within(repository)} do not exist`)
  }
  const absent = children.filter((digest) => !repository.images.has(digest))
  if (absent.length > 0) {
    const images = `Images with digests '[${absent.join(', ')}]'`
    throw new AwsError(
      'ReferencedImagesNotFoundException',
      `${images} required for pushing image into ${within(repository)} do not exist`,
    )
  }
}

const requireFreeTag = (repository: Repository, tag: string | undefined, digest: string): void => {
  const taken = tag === undefined ? undefined : repository.tags.get(tag)
  if (taken === undefined || taken === digest || repository.tagMutability === 'MUTABLE') return
  const taking = `The image tag '${tag}' already exists in the '${repository.name}' repository`
  const message = `${taking} and cannot be overwritten because the repository is immutable.`
  throw new AwsError('ImageTagAlreadyExistsException', message)
}

/** Keeps an image and its tag as PutImage does; throws PutImage's errors, ImageAlreadyExistsException included. */
export const putImage = async (store: OciStore, repository: Repository, push: Push, now: Date): Promise<StoredImage> => {
  const { digest, mediaType, bytes, blobs, children, size, refers } = parseManifest(push.manifest, push.mediaType)
  if (push.imageDigest !== undefined && push.imageDigest !== digest) {
    const message = `Provided image digest '${push.imageDigest}' does not match calculated image digest '${digest}'`
    throw new AwsError('ImageDigestDoesNotMatchException', message)
  }
  if (push.imageTag !== undefined && !/^\w[\w.-]{0,127}$/.test(push.imageTag)) {
    throw invalidParameter('imageTag', "must satisfy regular expression '[a-zA-Z0-9-_.]+'")
  }
  const known = repository.images.get(digest)
  if (known !== undefined && (push.imageTag === undefined || repository.tags.get(push.imageTag) === digest)) {
    const tagged = push.imageTag === undefined ? '' : ` and tag '${push.imageTag}'`
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}'${tagged} already exists in the ${within(repository)}`,
    )
  }
  await requireContent(store, repository, blobs, children)
  if (known === undefined) await store.putManifest(repository.path, digest, { mediaType, bytes })
  // Last, with no pause before the tag is set: another push may take it while the store is writing.
  requireFreeTag(repository, push.imageTag, digest)
  const largestChild = Math.max(0, ...children.map((child) => repository.images.get(child)?.size ?? 0))
  const manifestSize = bytes.length
  const image = known ?? { digest, mediaType, size: size + largestChild, manifestSize, pushedAt: now, refers }
  repository.images.set(digest, image)
  if (push.imageTag !== undefined) repository.tags.set(push.imageTag, digest)
  return image
}

/** The image that a tag, a digest or both mean; undefined when there is none. */
export const findImage = (repository: Repository, { imageDigest, imageTag }: ImageId): StoredImage | undefined => {
  const digest = imageTag === undefined ? imageDigest : repository.tags.get(imageTag)
  return digest === undefined ? undefined : repository.images.get(digest)
}

export const tagsOf = (repository: Repository, digest: string): string[] =>
  [...repository.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag)
