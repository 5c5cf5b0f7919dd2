import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { until } from './world.ts'

/** The ECS services of a project, made and changed as infrastructure or a person at the console does. */
export const liveServices = (
  { project, services }: Configuration,
  ecs: (environment: string) => ECSClient,
  image: (digest: string) => string,
) => {
  const onEcs = Object.entries(services).filter(([, { target }]) => target === 'ecs')
  const register = async (environment: string, name: string, digest: string): Promise<string> => {
    const input = {
      family: `${project}-${environment}-${name}`,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc' as const,
      requiresCompatibilities: ['FARGATE' as const],
      containerDefinitions: [{ name, image: image(digest), essential: true }],
    }
    const { taskDefinition } = await ecs(environment).send(new RegisterTaskDefinitionCommand(input))
    return taskDefinition?.taskDefinitionArn ?? ''
  }
  const settled = (environment: string, name: string) =>
    until(
      () => ecs(environment).send(new DescribeServicesCommand({ cluster: `${project}-${environment}`, services: [name] })),
      (answer) =>
        answer.services?.[0]?.deployments?.length === 1 && answer.services[0].deployments[0]?.rolloutState === 'COMPLETED',
    )
  /** The services of an environment, as infrastructure makes them, all running one image. */
  const run = async (environment: string, digest: string): Promise<void> => {
    const cluster = `${project}-${environment}`
    await ecs(environment).send(new CreateClusterCommand({ clusterName: cluster }))
    for (const [name, service] of onEcs) {
      const input = {
        cluster,
        serviceName: name,
        taskDefinition: await register(environment, name, digest),
        desiredCount: 'count' in service ? (service.count ?? 1) : 1,
        launchType: 'FARGATE' as const,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      }
      await ecs(environment).send(new CreateServiceCommand(input))
    }
    await Promise.all(onEcs.map(([name]) => settled(environment, name)))
  }
  /** Somebody changes a service past the records. */
  const change = async (environment: string, name: string, digest: string): Promise<void> => {
    const taskDefinition = await register(environment, name, digest)
    await ecs(environment).send(new UpdateServiceCommand({ cluster: `${project}-${environment}`, service: name, taskDefinition }))
    await settled(environment, name)
  }
  return { run, change }
}
