import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { type ContainerDefinition, ECS } from '@aws-sdk/client-ecs'
import type { Cloud } from '../cloud.ts'
import type { LocalCloud } from './local-cloud.ts'
import type { EnvironmentSetting, HostSetting, ServiceSetting } from './setting.ts'

export const adminOf = (cloud: Cloud, { account, region }: { account: string; region: string }) => ({
  endpoint: cloud.endpoint,
  region,
  credentials: cloud.adminKey(account),
})

const healthCheck = (port: number, path: string): Pick<ContainerDefinition, 'healthCheck'> => {
  const program = `fetch('http://127.0.0.1:${port}${path}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`
  // Long, since a busy machine takes its time to start a program, and the time of the local cloud may be quicker than real time.
  return { healthCheck: { command: ['CMD', 'node', '-e', program], interval: 5, timeout: 60, retries: 2 } }
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

/** What infrastructure is made on. */
type Ground = Pick<LocalCloud, 'cloud' | 'lambda'> & {
  /** Puts up what is behind an instance; without it the instance is only acted. */
  makeHost?(environment: EnvironmentSetting, host: HostSetting): Promise<void>
}

const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'

/**
 * Stands in for the infrastructure of an environment: log groups, clusters, task definitions with the real digest and services
 * that ask for no task yet, functions without an alias, and hosts on which nothing runs. `imageOf` answers with the reference of
 * an image of `delivery.json`.
 */
export const createInfrastructure = async (
  { cloud, lambda, makeHost }: Ground,
  environment: EnvironmentSetting,
  imageOf: (image: string) => string,
): Promise<void> => {
  const config = adminOf(cloud, environment)
  const { region, services, functions, hosts } = environment
  const [ecs, logs] = [new ECS(config), new CloudWatchLogs(config)]
  try {
    await Promise.all([
      ...services.map(async (setting) => {
        await logs.createLogGroup({ logGroupName: setting.logGroup })
        await createService(ecs, region, setting, imageOf(setting.image))
      }),
      ...functions.map(({ name, image, command, memory, variables }) => {
        const settings = { name, image: imageOf(image), memory, timeout: 10, architecture, environment: variables } as const
        return lambda.createFunction(environment, { ...settings, ...(command && { command }) })
      }),
      ...hosts.map((host) => makeHost?.(environment, host)),
    ])
  } finally {
    ecs.destroy()
    logs.destroy()
  }
}
