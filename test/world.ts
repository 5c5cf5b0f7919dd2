import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import { type CloudFormationService, cloudFormationService } from '../local/aws/cloudformation/service.ts'
import { placementFailures } from '../local/aws/ecs/placement.ts'
import { ecsService } from '../local/aws/ecs/service.ts'
import { type Script, type ScriptedContainer, scriptedRuntime } from '../local/containers/scripted.ts'
import { account, type CloudWorldOptions, region, startCloudWorld, until } from './cloud-world.ts'

export { account, region, registryAccount, repository, until } from './cloud-world.ts'

export type World = Awaited<ReturnType<typeof startWorld>>

export type WorldOptions = Omit<CloudWorldOptions, 'tags' | 'services'> & {
  /** What each image does when a container runs it, by its tag. */
  images?: Record<string, ScriptedContainer>
}

/** A registry account with images, a dev account with an ECS cluster of scripted containers; nothing made by Slipway. */
export const startWorld = async ({ images = {}, ...options }: WorldOptions = {}) => {
  const script: Script = {}
  let ecsEngine: ReturnType<typeof ecsService> | undefined
  let stacks: CloudFormationService | undefined
  const world = await startCloudWorld({
    ...options,
    tags: Object.keys(images),
    services: (core) => {
      ecsEngine = ecsService({ ...core, runtime: scriptedRuntime(script, core.time) })
      stacks = cloudFormationService(core)
      return [ecsEngine, stacks]
    },
  })
  const { imageOf } = world
  for (const [tag, behaviour] of Object.entries(images)) script[world.digests[tag] ?? ''] = behaviour
  const ecs = new ECSClient(world.config)

  const createService = async (
    name: string,
    tag: string,
    details: Partial<CreateServiceCommandInput> = {},
    definition: object = {},
  ): Promise<string> => {
    await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }))
    const log = {
      logDriver: 'awslogs' as const,
      options: { 'awslogs-group': `/shop/${name}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
    }
    const app = { name: 'app', image: imageOf(tag), essential: true, logConfiguration: log, ...definition }
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        containerDefinitions: [app],
      }),
    )
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'shop',
        serviceName: name,
        taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...details,
      }),
    )
    if (details.desiredCount !== 0)
      await until(
        () => service(name),
        ({ deployments = [] }) => deployments[0]?.rolloutState === 'COMPLETED',
      )
    return name
  }
  const service = async (name: string): Promise<Service> => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [name] }))
    return services[0] as Service
  }
  const inputs = (name: string, tag: string, more: Record<string, string> = {}): Record<string, string> => ({
    cluster: 'shop',
    service: name,
    image: imageOf(tag),
    'aws-account-id': account,
    'aws-region': region,
    'poll-interval': '500ms',
    ...more,
  })
  return {
    ...world,
    ecs,
    /** A CloudFormation in which no stack is. */
    stacks: stacks as CloudFormationService,
    /** What a container does, by the digest of its image; may be changed while the world runs. */
    script,
    /** Where a service answers that publishes port 8080. */
    address: (name: string): string => ecsEngine?.address(account, region, 'shop', name, 8080).origin ?? '',
    setAlarm: (name: string, state: 'OK' | 'ALARM') => ecsEngine?.setAlarm(account, region, name, state),
    /** Has a service described as of another kind than the engine runs. */
    describeAs: (name: string, kind: Pick<CreateServiceCommandInput, 'schedulingStrategy' | 'deploymentController'>) =>
      ecsEngine?.describeAs(account, region, 'shop', name, kind),
    /** From now on no task can be placed, for that reason. */
    setPlacement: (failure: keyof typeof placementFailures) =>
      ecsEngine?.setPlacement(account, region, 'shop', placementFailures[failure]),
    createService,
    service,
    inputs,
    close: async () => {
      await ecsEngine?.stopAll()
      await world.close()
    },
  }
}

/** A world that ends with its test, so that tests of one file can run side by side. */
export const openWorld = async (end: (close: () => Promise<void>) => void, options: WorldOptions = {}): Promise<World> => {
  const world = await startWorld(options)
  end(world.close)
  return world
}
