import type { BatchGetImageCommandOutput, ImageTagMutability } from '@aws-sdk/client-ecr'
import { digestOf, indexType, manifestType, upload } from './registry.ts'
import { type Subject, unique } from './subject.ts'

export const repository = async ({ ecr, afterwards }: Subject, mutability: ImageTagMutability = 'MUTABLE'): Promise<string> => {
  const repositoryName = unique('app')
  await ecr.createRepository({ repositoryName, imageTagMutability: mutability })
  afterwards(() => ecr.deleteRepository({ repositoryName, force: true }))
  return repositoryName
}

const descriptor = (mediaType: string, content: string) => ({ mediaType, digest: digestOf(content), size: content.length })

const config = (content: string): string =>
  JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: { content } } })

/** The manifest of an image with a content of its own. */
export const manifestOf = (content: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor('application/vnd.oci.image.config.v1+json', config(content)),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', content)],
  })

export const indexOf = (...manifests: string[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: manifests.map((manifest) => ({
      ...descriptor(manifestType, manifest),
      platform: { os: 'linux', architecture: 'amd64' },
    })),
  })

/** Uploads what the manifest of that content names. A subject without a registry keeps no layers and asks for none. */
export const uploadContent = async (subject: Subject, name: string, content: string): Promise<void> => {
  if (!subject.has.includes('registry')) return
  for (const blob of [config(content), content]) await upload(subject, name, blob)
}

/** Puts an image of that content under a tag; resolves to its digest. */
export const putImage = async (subject: Subject, repositoryName: string, content: string, imageTag?: string): Promise<string> => {
  await uploadContent(subject, repositoryName, content)
  const imageManifest = manifestOf(content)
  const { image } = await subject.ecr.putImage({ repositoryName, imageManifest, imageTag })
  return image?.imageId?.imageDigest ?? ''
}

/** What a BatchGetImage has found and what not: tags, then failure codes. */
export const seen = ({ images = [], failures = [] }: BatchGetImageCommandOutput) => [
  images.map(({ imageId }) => imageId?.imageTag ?? imageId?.imageDigest),
  failures.map(({ failureCode }) => failureCode),
]
