import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { type ContainerDefinition, ECS } from '@aws-sdk/client-ecs'
import type { EnvironmentSetting, ServiceSetting } from './setting.ts'
import type { World } from './world.ts'

export const adminOf = ({ cloud }: World, { account, region }: { account: string; region: string }) => ({
  endpoint: cloud.endpoint,
  region,
  credentials: cloud.adminKey(account),
})

const healthCheck = (port: number, path: string): Pick<ContainerDefinition, 'healthCheck'> => {
  const program = `fetch('http://127.0.0.1:${port}${path}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`
  return { healthCheck: { command: ['CMD', 'node', '-e', program], interval: 5, timeout: 3, retries: 2 } }
}

const containerOf = (region: string, setting: ServiceSetting, image: string): ContainerDefinition => ({
  name: setting.container,
  image,
  essential: true,
  environment: Object.entries(setting.variables).map(([name, value]) => ({ name, value })),
  ...(setting.port !== undefined && { portMappings: [{ containerPort: setting.port }] }),
  ...(setting.port !== undefined && setting.health !== undefined && healthCheck(setting.port, setting.health)),
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': setting.logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
  },
})

const createService = async (ecs: ECS, region: string, setting: ServiceSetting, image: string): Promise<void> => {
  const { cluster, service, family, cpu, memory } = setting
  await ecs.createCluster({ clusterName: cluster })
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(cpu),
    memory: String(memory),
    containerDefinitions: [containerOf(region, setting, image)],
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
  for (;;) {
    const { services } = await ecs.describeServices({ cluster, services: [service] })
    if (services?.[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED')) return
    await sleep(100)
  }
}

/**
 * Stands in for the infrastructure of an environment: log groups, clusters, task definitions with the real digest, and services
 * that ask for no task yet. Made with the account's own keys through the API that any other tool would use.
 */
export const createInfrastructure = async (
  world: World,
  environment: EnvironmentSetting,
  imageOf: (image: string) => string,
): Promise<void> => {
  const config = adminOf(world, environment)
  const [ecs, logs] = [new ECS(config), new CloudWatchLogs(config)]
  try {
    await Promise.all(
      environment.services.map(async (setting) => {
        await logs.createLogGroup({ logGroupName: setting.logGroup })
        await createService(ecs, environment.region, setting, imageOf(setting.image))
      }),
    )
  } finally {
    ecs.destroy()
    logs.destroy()
  }
}
