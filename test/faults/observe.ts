import { ECRClient, paginateListImages } from '@aws-sdk/client-ecr'
import {
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm'
import { region, registryAccount, until, type World } from '../world.ts'

export type ServiceState = {
  desired: number
  /** The revision that the service is asked to run. */
  revision: string
  /** Digests of all running tasks. */
  running: string[]
  rollout: string
  /** How many revisions there are beyond the first. */
  revisions: number
  /** Deployments of a revision beyond the first that were ever started. */
  started: number
}

export type DeployState = {
  services: Record<string, ServiceState>
  /** Parameters without what differs from run to run. */
  records: Record<string, unknown>
  tags: Record<string, string>
  /** Tasks that belong to no service and still run. */
  orphans: number
}

const CLUSTER = 'shop'

export const observeServices = async (world: World, names: readonly string[]): Promise<DeployState> => {
  const services = await Promise.all(names.map(async (name) => [name, await stateOf(world, name)] as const))
  const { taskArns = [] } = await world.ecs.send(new ListTasksCommand({ cluster: CLUSTER, startedBy: 'slipway-pre-deploy' }))
  return {
    services: Object.fromEntries(services),
    records: await recordsOf(world),
    tags: await tagsOf(world),
    orphans: taskArns.length,
  }
}

const hasSettled = ({ deployments = [], desiredCount, runningCount }: Service): boolean =>
  runningCount === desiredCount &&
  (deployments.length === 1 || deployments[0]?.rolloutState === 'FAILED') &&
  deployments[0]?.rolloutState !== 'IN_PROGRESS'

const stateOf = async (world: World, name: string): Promise<ServiceState> => {
  const service = await until(() => world.service(name), hasSettled)
  const { taskArns = [] } = await world.ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName: name }))
  const { tasks = [] } =
    taskArns.length === 0 ? {} : await world.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: taskArns }))
  const { taskDefinition } = await world.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }))
  return {
    desired: service.desiredCount ?? 0,
    revision: service.taskDefinition?.split('/').at(-1) ?? '',
    running: tasks.flatMap(({ containers = [] }) => containers.map(({ imageDigest = '' }) => imageDigest)),
    rollout: service.deployments?.[0]?.rolloutState ?? '',
    revisions: (taskDefinition?.revision ?? 1) - 1,
    started: await startedOf(world, name),
  }
}

const startedOf = async (world: World, name: string): Promise<number> => {
  const list = new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: name })
  const { serviceDeployments = [] } = await world.ecs.send(list)
  const arns = serviceDeployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? [])
  const { serviceRevisions = [] } = await world.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }))
  return serviceRevisions.filter(({ taskDefinition }) => !taskDefinition?.endsWith(':1')).length
}

/** Who and when differ from run to run, and the release that it names itself does not; of the lease, whether it was given back. */
const recordsOf = async (world: World): Promise<Record<string, unknown>> => {
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

const tagsOf = async (world: World): Promise<Record<string, string>> => {
  const client = new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(registryAccount) })
  const tags: Record<string, string> = {}
  for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName: 'shop/app' })) {
    for (const { imageTag, imageDigest = '' } of imageIds) if (imageTag !== undefined) tags[imageTag] = imageDigest
  }
  return tags
}
