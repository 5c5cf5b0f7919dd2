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
import type { ConnectionOptions } from './connection.ts'
import { isFixed } from './decision.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'

type Options = Pick<Ports, 'clock' | 'random' | 'log' | 'ledger'> & {
  repository: string
  /** Where it is read from when that is not the session's own place; nothing is written there. */
  at?: { account: string; region: string }
  /** Milliseconds. */
  requestTimeout: number
}

/** One repository, of the session's account and region unless the options say another place. */
export const ecrRepository = (session: Session, options: Options): ImageRepository => {
  const { account, region } = options.at ?? session
  const { ledger } = options
  const ecr = session.client(ECRClient, region)
  const remedy = options.at === undefined ? "Create it, or correct 'repository'" : "Correct 'source'"
  const address = { registryId: account, repositoryName: options.repository }
  const ask = <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    ledger.count(operation)
    return call(operation, send)
  }

  const read = async (imageIds: ImageIdentifier[]): Promise<BatchGetImageCommandOutput> => {
    const input = { ...address, imageIds, acceptedMediaTypes: MANIFEST_TYPES }
    const answer = await ask('ecr:BatchGetImage', () => ecr.send(new BatchGetImageCommand(input))).catch((cause) => {
      if (!isNamed(cause, 'RepositoryNotFoundException')) throw cause
      const text = `repository '${options.repository}' does not exist in account ${account}, region ${region}; nothing was changed. ${remedy}`
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
    connect: async (signal) => (await import('./connection.ts')).connect(await credentials(signal)),
    openUpload: async (signal) => (await import('./upload.ts')).uploadTo(await credentials(signal)),
    putTag: async ({ digest, manifest, mediaType }, tag) => {
      const input = { ...address, imageTag: tag, imageManifest: manifest, imageManifestMediaType: mediaType, imageDigest: digest }
      await ask('ecr:PutImage', () => session.clientWithoutRetry(ECRClient).send(new PutImageCommand(input)))
    },
  }

  /** The address is the caller's own registry unless another is asked for; the token opens all that the caller may use. */
  async function credentials(signal: AbortSignal): Promise<ConnectionOptions> {
    const input = options.at === undefined ? {} : { registryIds: [account] }
    const { authorizationData } = await ask('ecr:GetAuthorizationToken', () => ecr.send(new GetAuthorizationTokenCommand(input)))
    const { authorizationToken: token = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {}
    return { ...options, token, address: proxyEndpoint, signal, label: options.at === undefined ? 'registry' : 'source' }
  }

  /** ECR may convert what it serves by tag, never what it serves by digest (user guide, image manifest formats). */
  async function unconverted(imageDigest: string): Promise<RegistryImage> {
    const [image] = (await read([{ imageDigest }])).images ?? []
    const manifest = image?.imageManifest ?? ''
    if (digestOf(manifest) !== imageDigest) throw new Error(`what ECR serves as ${imageDigest} hashes to ${digestOf(manifest)}`)
    return { digest: imageDigest, mediaType: image?.imageManifestMediaType ?? '', manifest }
  }
}
