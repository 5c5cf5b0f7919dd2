import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { ECS } from '@aws-sdk/client-ecs'
import type { Cloud } from '../../local/cloud.ts'
import type { EnvironmentSetting, ServiceSetting } from '../../local/demo/setting.ts'
import { until } from '../world.ts'

const createService = async (ecs: ECS, region: string, setting: ServiceSetting, image: string): Promise<void> => {
  const { cluster, service, family, container, logGroup, cpu, memory, port } = setting
  await ecs.createCluster({ clusterName: cluster })
  const log = { 'awslogs-group': logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' }
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(cpu),
    memory: String(memory),
    containerDefinitions: [
      {
        name: container,
        image,
        essential: true,
        logConfiguration: { logDriver: 'awslogs', options: log },
        ...(port !== undefined && { portMappings: [{ containerPort: port }] }),
      },
    ],
  })
  await ecs.createService({
    cluster,
    serviceName: service,
    taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  })
  await until(
    () => ecs.describeServices({ cluster, services: [service] }),
    ({ services }) => services?.[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED') ?? false,
  )
}

/** What the stacks of an environment would have made: log groups, and services that ask for no task yet. */
export const createInfrastructure = async (cloud: Cloud, environment: EnvironmentSetting, image: string): Promise<void> => {
  const { account, region, services } = environment
  const config = { endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) }
  const [ecs, logs] = [new ECS(config), new CloudWatchLogs(config)]
  await Promise.all(
    services.map(async (setting) => {
      await logs.createLogGroup({ logGroupName: setting.logGroup })
      await createService(ecs, region, setting, image)
    }),
  )
  ecs.destroy()
  logs.destroy()
}
