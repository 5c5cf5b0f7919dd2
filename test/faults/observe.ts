import { ECRClient, paginateListImages } from '@aws-sdk/client-ecr'
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm'
import type { ServiceState, TargetWorld } from '../behaviour/world.ts'
import { type CloudWorld, region, registryAccount } from '../cloud-world.ts'

export type DeployState = {
  services: Record<string, ServiceState>
  /** Parameters without what differs from run to run. */
  records: Record<string, unknown>
  tags: Record<string, string>
}

export const observeServices = async (world: TargetWorld, names: readonly string[]): Promise<DeployState> => {
  const services = await Promise.all(names.map(async (name) => [name, await world.observe(name)] as const))
  return { services: Object.fromEntries(services), records: await recordsOf(world), tags: await tagsOf(world) }
}

/** Who and when differ from run to run, and the release that it names itself does not; of the lease, whether it was given back. */
const recordsOf = async (world: CloudWorld): Promise<Record<string, unknown>> => {
  const { Parameters = [] } = await world.ssm.send(new GetParametersByPathCommand({ Path: '/shop', Recursive: true }))
  return Object.fromEntries(
    Parameters.map(({ Name = '', Value = '' }) => {
      if (Name.endsWith('/lock')) return [Name, JSON.parse(Value).state]
      if (Name.endsWith('/hold')) return [Name, { ...JSON.parse(Value), at: '' }]
      if (!Name.endsWith('/release')) return [Name, Value]
      const { verifiedAt, run, actor, ...release } = JSON.parse(Value)
      return [Name, release]
    }),
  )
}

const tagsOf = async (world: CloudWorld): Promise<Record<string, string>> => {
  const client = new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(registryAccount) })
  const tags: Record<string, string> = {}
  for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName: 'shop/app' })) {
    for (const { imageTag, imageDigest = '' } of imageIds) if (imageTag !== undefined) tags[imageTag] = imageDigest
  }
  return tags
}
