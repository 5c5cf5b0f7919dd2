import { BatchGetImageCommand, ECRClient, type ImageIdentifier } from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { isDigest } from '../../../lib/image.ts'
import { MANIFEST_TYPES, parseManifest } from '../../../lib/oci/manifest.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { FoundImage, Registry } from './ports.ts'

/** The most that one BatchGetImage takes (API reference). */
const BATCH = 100

export const ecrRegistry = (session: Session): Registry => {
  const ecr = session.client(ECRClient)
  const find = async (repositoryName: string, references: readonly string[]): Promise<[string, FoundImage][]> => {
    const imageIds = references.map(
      (reference): ImageIdentifier => (isDigest(reference) ? { imageDigest: reference } : { imageTag: reference }),
    )
    const input = { registryId: session.account, repositoryName, imageIds, acceptedMediaTypes: MANIFEST_TYPES }
    const { images = [] } = await call('ecr:BatchGetImage', () => ecr.send(new BatchGetImageCommand(input))).catch(
      (cause: Error) => {
        if (!isNamed(cause, 'RepositoryNotFoundException')) throw cause
        const where = `${session.account} in ${session.region}`
        throw new Refusal(`the registry ${where} has no repository ${repositoryName}`, { cause })
      },
    )
    return images.flatMap(({ imageId: { imageDigest: digest, imageTag } = {}, imageManifest }) => {
      if (digest === undefined) return []
      const found = { digest, children: childrenOf(imageManifest) }
      return [digest, ...(imageTag === undefined ? [] : [imageTag])].map((reference): [string, FoundImage] => [reference, found])
    })
  }
  return {
    guard: () => session.guard(),
    images: async (repository, references) => {
      const wanted = [...new Set(references)]
      const batches = Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, index) =>
        wanted.slice(index * BATCH, (index + 1) * BATCH),
      )
      return new Map((await Promise.all(batches.map((batch) => find(repository, batch)))).flat())
    },
  }
}

const childrenOf = (bytes: string | undefined): string[] => {
  const manifest = bytes === undefined ? undefined : parseManifest(bytes)
  return manifest?.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : []
}
