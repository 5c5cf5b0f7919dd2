import type { Image, ImageFailure } from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { type ImageReference, parseImage } from '../../../lib/image.ts'

/** What a registry says of one image. `children`: digests of the platforms behind an index. */
export type Found = { digest: string; children: readonly string[] }

export interface Registry {
  /**
   * Looks images up, one call a repository. An image that is not there is absent from the answer; one whose registry
   * may not be asked is found, without children.
   */
  find(images: readonly string[]): Promise<Map<string, Found>>
}

/** The ECR API takes a manifest in the type it was pushed with only if the type is listed. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]

export const ecrRegistry = (session: Session, notice: (message: string) => void): Registry => ({
  find: async (images) => {
    const { BatchGetImageCommand, ECRClient } = await import('@aws-sdk/client-ecr')
    const references = images.flatMap((text) => {
      const reference = parseImage(text)
      return reference ? [{ ...reference, text }] : []
    })
    const repositories = Map.groupBy(references, ({ account, region, name }) => `${account} ${region} ${name}`)
    const lookUp = async (group: (ImageReference & { text: string })[]): Promise<[string, Found][]> => {
      const { account, region, name } = group[0] as ImageReference
      const imageIds = group.map(({ digest, tag }) => (digest === undefined ? { imageTag: tag } : { imageDigest: digest }))
      const command = new BatchGetImageCommand({
        registryId: account,
        repositoryName: name,
        imageIds,
        acceptedMediaTypes: MEDIA_TYPES,
      })
      try {
        const answer = await call('ecr:BatchGetImage', () => session.client(ECRClient, region).send(command))
        return group.flatMap((reference) => found(reference, answer.images ?? [], answer.failures ?? []))
      } catch (error) {
        if (isNamed(error, 'RepositoryNotFoundException')) return []
        if (!isNamed(error, 'AccessDeniedException')) throw error
        notice(`${(error as Error).message}; whether the images exist is left to the platform`)
        return group.flatMap(({ text, digest }) => (digest === undefined ? [] : [[text, { digest, children: [] }]]))
      }
    }
    return new Map((await Promise.all([...repositories.values()].map(lookUp))).flat())
  },
})

const found = (wanted: ImageReference & { text: string }, images: Image[], failures: ImageFailure[]): [string, Found][] => {
  const image = images.find(({ imageId }) =>
    wanted.digest === undefined ? imageId?.imageTag === wanted.tag : imageId?.imageDigest === wanted.digest,
  )
  const digest = image?.imageId?.imageDigest
  if (digest !== undefined) return [[wanted.text, { digest, children: childrenOf(image?.imageManifest ?? '{}') }]]
  const failure = failures.find(({ imageId }) => imageId?.imageDigest === wanted.digest)
  // A child of an index is there although it cannot be asked for alone.
  return failure?.failureCode === 'ImageReferencedByManifestList' && wanted.digest !== undefined
    ? [[wanted.text, { digest: wanted.digest, children: [] }]]
    : []
}

const childrenOf = (manifest: string): string[] => {
  const { manifests = [] } = JSON.parse(manifest) as { manifests?: { digest: string }[] }
  return manifests.map(({ digest }) => digest)
}
