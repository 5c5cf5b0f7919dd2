import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type Service,
  type ServiceDeployment,
  type Task,
} from '@aws-sdk/client-ecs'
import { call } from '../../../../../lib/aws/errors.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { ServiceDeploymentLook } from './verdict.ts'

/** One service of one cluster, and the clients that reach it. */
export type Place = {
  ecs: ECSClient
  /** Sends each call once; for calls that AWS gives no idempotency token. */
  once: ECSClient
  cluster: string
  service: string
}

export const describeService = async ({ ecs, cluster, service }: Place): Promise<Service> => {
  const command = new DescribeServicesCommand({ cluster, services: [service] })
  const { services = [] } = await call('ecs:DescribeServices', () => ecs.send(command)).catch((error: Error) => {
    if (error.name === 'ClusterNotFoundException')
      throw new Refusal(`there is no cluster '${cluster}' in this account and region`)
    throw error
  })
  const found = services.find(({ status }) => status === 'ACTIVE')
  if (found) return found
  throw new Refusal(
    services.length > 0
      ? `the service '${service}' in cluster '${cluster}' is ${services[0]?.status?.toLowerCase()}; only an active one can be deployed`
      : `there is no service '${service}' in cluster '${cluster}' in this account and region`,
  )
}

/**
 * The service deployment of `ecs-svc/N`: the one whose target revision ends in N. Terraform relies on the same link;
 * AWS does not document it, so a caller must be able to do without.
 */
export const findServiceDeployment = async ({ ecs, cluster, service }: Place, id: string): Promise<string | undefined> => {
  const number = id.replace('ecs-svc/', '')
  const command = new ListServiceDeploymentsCommand({ cluster, service, maxResults: 20 })
  const { serviceDeployments = [] } = await call('ecs:ListServiceDeployments', () => ecs.send(command))
  return serviceDeployments.find(({ targetServiceRevisionArn }) => targetServiceRevisionArn?.endsWith(`/${number}`))
    ?.serviceDeploymentArn
}

/**
 * Ids of the deployments that a service has had, by the same link: ECS goes back to one that it no longer lists, under the id
 * that it had, and that must not pass for somebody else's. Empty where it cannot be told.
 */
export const earlierDeployments = async ({ ecs, cluster, service }: Place): Promise<string[]> => {
  const command = new ListServiceDeploymentsCommand({ cluster, service, maxResults: 20 })
  const { serviceDeployments = [] } = await ecs.send(command).catch(() => ({ serviceDeployments: [] }))
  return serviceDeployments.flatMap(({ targetServiceRevisionArn: arn }) => (arn ? [`ecs-svc/${arn.split('/').at(-1)}`] : []))
}

export const describeServiceDeployment = async ({ ecs }: Place, arn: string): Promise<ServiceDeploymentLook | undefined> => {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })
  const { serviceDeployments = [] } = await call('ecs:DescribeServiceDeployments', () => ecs.send(command))
  return serviceDeployments[0] && lookAt(arn, serviceDeployments[0])
}

const lookAt = (arn: string, deployment: ServiceDeployment): ServiceDeploymentLook => ({
  arn,
  status: deployment.status ?? '',
  statusReason: deployment.statusReason ?? '',
  triggered: triggerOf(deployment),
  rollbackReason: deployment.rollback && (deployment.rollback.reason || 'rolled back'),
})

const triggerOf = ({ deploymentCircuitBreaker: breaker, alarms }: ServiceDeployment): string | undefined => {
  if (breaker?.status === 'TRIGGERED') {
    return `the circuit breaker fired after ${breaker.failureCount} of ${breaker.threshold} failed tasks`
  }
  return alarms?.status === 'TRIGGERED' ? `the alarms fired: ${alarms.triggeredAlarmNames?.join(', ')}` : undefined
}

/** Tasks of the service in one state. Stopped ones stay visible for about an hour. */
export const listTasks = (place: Place, desiredStatus: DesiredStatus): Promise<string[]> =>
  listTasksOf(place, { serviceName: place.service, desiredStatus })

/** Without a status: those that are to run. `startedBy` takes no other filter beside it. */
export const listTasksOf = async (
  { ecs, cluster }: Place,
  filter: { serviceName: string; desiredStatus: DesiredStatus } | { startedBy: string },
): Promise<string[]> => {
  const arns: string[] = []
  let nextToken: string | undefined
  do {
    const command = new ListTasksCommand({ cluster, ...filter, ...(nextToken && { nextToken }) })
    const page = await call('ecs:ListTasks', () => ecs.send(command))
    arns.push(...(page.taskArns ?? []))
    nextToken = page.nextToken
  } while (nextToken)
  return arns
}

/** Asks for a hundred tasks at a time, the most that the API takes. An empty list is answered without asking. */
export const describeTasks = async ({ ecs, cluster }: Place, arns: readonly string[]): Promise<Task[]> => {
  const tasks: Task[] = []
  for (let from = 0; from < arns.length; from += 100) {
    const command = new DescribeTasksCommand({ cluster, tasks: arns.slice(from, from + 100) })
    tasks.push(...((await call('ecs:DescribeTasks', () => ecs.send(command))).tasks ?? []))
  }
  return tasks
}
