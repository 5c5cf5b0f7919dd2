import type { Image, ImageFailure } from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { type ImageReference, parseImage } from '../../../lib/image.ts'
import {
  digestOf,
  MANIFEST_TYPES,
  type Manifest,
  type Platform,
  parseManifest,
  parsePlatform,
} from '../../../lib/oci/manifest.ts'

/** What a registry says of one image. */
export type Found = { digest: string; manifest?: Manifest; bytes?: string; mediaType?: string }

export interface Registry {
  /**
   * Looks images up, one call a repository. An image that is not there is absent from the answer; one whose registry
   * may not be asked is found, with nothing but its digest.
   */
  find(images: readonly string[]): Promise<Map<string, Found>>
  /** The platforms that an image has; undefined where the registry may not be asked. */
  platforms(image: string, found: Found): Promise<Platform[] | undefined>
  /** Puts one more tag on an image. Done already is done. */
  tag(image: string, found: Found, tag: string): Promise<void>
}

export const ecrRegistry = (session: Session, notice: (message: string) => void): Registry => ({
  find: async (images) => {
    const { BatchGetImageCommand, ECRClient } = await import('@aws-sdk/client-ecr')
    const references = images.flatMap((text) => {
      const reference = parseImage(text)
      return reference ? [{ ...reference, text }] : []
    })
    const lookUp = async (group: Wanted[]): Promise<[string, Found][]> => {
      const { account, region, name } = group[0] as ImageReference
      const imageIds = group.map(({ digest, tag }) => (digest === undefined ? { imageTag: tag } : { imageDigest: digest }))
      const input = { registryId: account, repositoryName: name, imageIds, acceptedMediaTypes: MANIFEST_TYPES }
      try {
        const send = () => session.client(ECRClient, region).send(new BatchGetImageCommand(input))
        const answer = await call('ecr:BatchGetImage', send)
        return group.flatMap((reference) => foundOf(reference, answer.images ?? [], answer.failures ?? []))
      } catch (error) {
        if (isNamed(error, 'RepositoryNotFoundException')) return []
        if (!isNamed(error, 'AccessDeniedException')) throw error
        notice(`${(error as Error).message}; whether the images exist is left to the platform`)
        return group.flatMap(({ text, digest }) => (digest === undefined ? [] : [[text, { digest }]]))
      }
    }
    const repositories = Map.groupBy(references, ({ account, region, name }) => `${account} ${region} ${name}`)
    return new Map((await Promise.all([...repositories.values()].map(lookUp))).flat())
  },

  platforms: async (image, { manifest }) => {
    if (manifest?.kind !== 'image') return manifest?.manifests.flatMap(({ platform }) => platform ?? [])
    const { GetDownloadUrlForLayerCommand, ECRClient } = await import('@aws-sdk/client-ecr')
    const { account, region, name } = parseImage(image) as ImageReference
    const { digest } = manifest.config
    const command = new GetDownloadUrlForLayerCommand({ registryId: account, repositoryName: name, layerDigest: digest })
    try {
      const { downloadUrl = '' } = await session.client(ECRClient, region).send(command)
      const config = await (await fetch(downloadUrl, { signal: AbortSignal.timeout(session.requestTimeout) })).text()
      return digestOf(config) === digest ? [parsePlatform(JSON.parse(config))] : undefined
    } catch {
      // A check that cannot be made is left to the platform, which makes it again when a task starts.
      return undefined
    }
  },

  tag: async (image, { digest, bytes, mediaType }, tag) => {
    if (bytes === undefined) return
    const { PutImageCommand, ECRClient } = await import('@aws-sdk/client-ecr')
    const { account, region, name } = parseImage(image) as ImageReference
    const manifest = { imageManifest: bytes, imageManifestMediaType: mediaType, imageDigest: digest, imageTag: tag }
    const command = new PutImageCommand({ registryId: account, repositoryName: name, ...manifest })
    await call('ecr:PutImage', () => session.client(ECRClient, region).send(command)).catch((error) => {
      if (!isNamed(error, 'ImageAlreadyExistsException')) throw error
    })
  },
})

/** The same registry, asked once for an image by its digest, however many want to know of it. */
export const askedOnce = (registry: Registry): Registry => {
  const asked = new Map<string, Promise<Map<string, Found>>>()
  return {
    ...registry,
    find: async (images) => {
      const fresh = images.filter((image) => !asked.has(image))
      const answer = fresh.length === 0 ? undefined : registry.find(fresh)
      for (const image of fresh) if (answer && parseImage(image)?.digest !== undefined) asked.set(image, answer)
      const answers = await Promise.all([answer, ...images.map((image) => asked.get(image))])
      const known = new Map(answers.flatMap((found) => [...(found ?? [])]))
      return new Map([...known].filter(([image]) => images.includes(image)))
    },
  }
}

type Wanted = ImageReference & { text: string }

const foundOf = (wanted: Wanted, images: Image[], failures: ImageFailure[]): [string, Found][] => {
  const image = images.find(({ imageId }) =>
    wanted.digest === undefined ? imageId?.imageTag === wanted.tag : imageId?.imageDigest === wanted.digest,
  )
  const { imageManifest: bytes, imageManifestMediaType: mediaType = '' } = image ?? {}
  const digest = image?.imageId?.imageDigest
  if (digest !== undefined && bytes !== undefined) {
    return [[wanted.text, { digest, bytes, mediaType, manifest: parseManifest(bytes) }]]
  }
  // A child of an index is there although it cannot be asked for alone.
  const failure = failures.find(({ imageId }) => imageId?.imageDigest === wanted.digest)
  const isChild = failure?.failureCode === 'ImageReferencedByManifestList' && wanted.digest !== undefined
  return isChild ? [[wanted.text, { digest: wanted.digest as string }]] : []
}
