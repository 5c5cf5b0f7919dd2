import type { Images } from '../ecs/ports.ts'
import { findImage } from './images.ts'
import type { Registries } from './registry.ts'
import type { Repositories, Repository } from './repositories.ts'
import type { RegistryTokens } from './tokens.ts'

const ecrReference =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/

const notFound = (image: string): Error => new Error(`failed to resolve reference "${image}": ${image}: not found`)

/** Who pulls for a task; recorded as AWS's own service, so that its calls are never taken for the product's. */
const puller = (account: string) => ({ account, arn: 'ecs-tasks.amazonaws.com', accessKeyId: 'ecs-tasks' })

/** Finds the images of task definitions in the local registries. Only ECR references can be resolved. */
export const locateImages = (repositories: Repositories, registries: Registries, tokens: RegistryTokens): Images => ({
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
    }
  },
})
