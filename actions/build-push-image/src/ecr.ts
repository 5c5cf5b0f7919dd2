import {
  BatchGetImageCommand,
  type BatchGetImageCommandOutput,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageIdentifier,
  PutImageCommand,
} from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { digestOf, MANIFEST_TYPES } from '../../../lib/oci/manifest.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { isFixed } from './decision.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'

type Options = Pick<Ports, 'clock' | 'random' | 'log' | 'ledger'> & {
  repository: string
  /** Milliseconds. */
  requestTimeout: number
}

/** One repository of the session's account and region. */
export const ecrRepository = (session: Session, options: Options): ImageRepository => {
  const { account, region } = session
  const { ledger } = options
  const ecr = session.client(ECRClient)
  const address = { registryId: account, repositoryName: options.repository }
  const ask = <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    ledger.count(operation)
    return call(operation, send)
  }

  const read = async (imageIds: ImageIdentifier[]): Promise<BatchGetImageCommandOutput> => {
    const input = { ...address, imageIds, acceptedMediaTypes: MANIFEST_TYPES }
    const answer = await ask('ecr:BatchGetImage', () => ecr.send(new BatchGetImageCommand(input))).catch((cause) => {
      if (!isNamed(cause, 'RepositoryNotFoundException')) throw cause
      const text = `repository '${options.repository}' does not exist in account ${account}, region ${region}; nothing was changed. Create it, or correct 'repository'`
      throw new Refusal(text, { cause })
    })
    const failure = answer.failures?.find(({ failureCode }) => failureCode !== 'ImageNotFound')
    if (failure) {
      const { imageTag, imageDigest } = failure.imageId ?? {}
      throw new Error(
        `ECR cannot read ${imageTag ?? imageDigest} of ${options.repository}: ${failure.failureCode}: ${failure.failureReason}`,
      )
    }
    return answer
  }

  return {
    guard: async () => {
      ledger.count('sts:GetCallerIdentity')
      await session.guard()
    },
    find: async ({ tags, digests = [] }) => {
      const ids = [...tags.map((imageTag) => ({ imageTag })), ...digests.map((imageDigest) => ({ imageDigest }))]
      const found = new Map<string, RegistryImage>()
      for (const { imageId, imageManifest = '', imageManifestMediaType = '' } of (await read(ids)).images ?? []) {
        const { imageTag, imageDigest = '' } = imageId ?? {}
        const image = { digest: imageDigest, mediaType: imageManifestMediaType, manifest: imageManifest }
        const exact = digestOf(imageManifest) === imageDigest ? image : await unconverted(imageDigest)
        for (const name of imageTag === undefined ? [imageDigest] : [imageTag, imageDigest]) found.set(name, exact)
      }
      return found
    },
    tagRule: async (tag) => {
      const input = { registryId: account, repositoryNames: [options.repository] }
      try {
        const answer = await ask('ecr:DescribeRepositories', () => ecr.send(new DescribeRepositoriesCommand(input)))
        const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = answer.repositories?.[0] ?? {}
        const filters = imageTagMutabilityExclusionFilters.flatMap(({ filter }) => filter ?? [])
        return isFixed(tag, { imageTagMutability, filters }) ? 'fixed' : 'movable'
      } catch (error) {
        if (!isNamed(error, 'AccessDeniedException')) throw error
        options.log.info(
          `whether the tag '${tag}' may be moved is not known before ECR is asked to: allow ecr:DescribeRepositories to see it earlier`,
        )
        return 'unknown'
      }
    },
    openUpload: async (signal) => {
      const { authorizationData } = await ask('ecr:GetAuthorizationToken', () => ecr.send(new GetAuthorizationTokenCommand({})))
      const { authorizationToken: token = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {}
      const { uploadTo } = await import('./upload.ts')
      return uploadTo({ ...options, token, address: proxyEndpoint, signal })
    },
    putTag: async ({ digest, manifest, mediaType }, tag) => {
      const input = { ...address, imageTag: tag, imageManifest: manifest, imageManifestMediaType: mediaType, imageDigest: digest }
      await ask('ecr:PutImage', () => session.clientWithoutRetry(ECRClient).send(new PutImageCommand(input)))
    },
  }

  /** ECR may convert what it serves by tag, never what it serves by digest (user guide, image manifest formats). */
  async function unconverted(imageDigest: string): Promise<RegistryImage> {
    const [image] = (await read([{ imageDigest }])).images ?? []
    const manifest = image?.imageManifest ?? ''
    if (digestOf(manifest) !== imageDigest) throw new Error(`what ECR serves as ${imageDigest} hashes to ${digestOf(manifest)}`)
    return { digest: imageDigest, mediaType: image?.imageManifestMediaType ?? '', manifest }
  }
}
