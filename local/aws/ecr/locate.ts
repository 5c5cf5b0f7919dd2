import { text } from 'node:stream/consumers'
import { findImage } from './images.ts'
import type { Registries } from './registry.ts'
import type { Repositories, Repository } from './repositories.ts'
import type { OciStore } from './store.ts'
import type { RegistryTokens } from './tokens.ts'

const ecrReference =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/

const notFound = (image: string): Error => new Error(`failed to resolve reference "${image}": ${image}: not found`)

/** Who pulls for a task; recorded as AWS's own service, so that its calls are never taken for the product's. */
const puller = (account: string) => ({ account, arn: 'ecs-tasks.amazonaws.com', accessKeyId: 'ecs-tasks' })

type RegistryImage = {
  /** What the container engine is asked to pull: loopback registry, repository, digest. */
  reference: string
  digest: string
  credentials: { username: string; password: string }
  mediaType: string
  /** Where it is kept, and whom its owner lets in. */
  repository: Pick<Repository, 'account' | 'region' | 'arn' | 'policy'>
  /** As its configuration states it; undefined for what has none, an index for example. */
  architecture(): Promise<string | undefined>
}

export type RegistryImages = {
  /** Resolves `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG` or `@DIGEST`. Rejects when there is no such image. */
  locate(image: string): Promise<RegistryImage>
}

const architectureOf = async (store: OciStore, path: string, digest: string): Promise<string | undefined> => {
  const manifest = await store.readManifest(path, digest)
  const { config } = JSON.parse(manifest?.bytes.toString() ?? '{}') as { config?: { digest: string } }
  const blob = config && (await store.readBlob(path, config.digest))
  return blob && (JSON.parse(await text(blob)) as { architecture?: string }).architecture
}

/** Finds the images of task definitions and functions in the local registries. Only ECR references can be resolved. */
export const locateImages = (
  store: OciStore,
  repositories: Repositories,
  registries: Registries,
  tokens: RegistryTokens,
): RegistryImages => ({
  locate: async (image) => {
    const { account, region, name, tag, digest } = ecrReference.exec(image)?.groups ?? {}
    if (account === undefined || region === undefined || name === undefined) throw notFound(image)
    let repository: Repository
    try {
      repository = repositories.find({ account, region, name })
    } catch (cause) {
      throw Object.assign(notFound(image), { cause })
    }
    // As in Docker, a digest beside a tag decides alone.
    const found = findImage(repository, digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest })
    if (found === undefined) throw notFound(image)
    const host = new URL(await registries.url(account, region)).host
    return {
      reference: `${host}/${name}@${found.digest}`,
      digest: found.digest,
      credentials: { username: 'AWS', password: tokens.issue(puller(account)).password },
      mediaType: found.mediaType,
      repository,
      architecture: () => architectureOf(store, repository.path, found.digest),
    }
  },
})
