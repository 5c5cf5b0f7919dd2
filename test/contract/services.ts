import type {
  ContainerDefinition,
  CreateServiceCommandInput,
  Deployment,
  DeploymentCircuitBreaker,
  DesiredStatus,
  RunTaskCommandInput,
  Service,
  ServiceDeployment,
  Task,
} from '@aws-sdk/client-ecs'
import { once, until } from './rule.ts'
import { type Subject, unique } from './subject.ts'

/** Runs until it is told to end, and then ends at once. */
export const serves = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1; done']

/** Ends by itself, with a failure. */
export const crashes = ['sh', '-c', 'exit 3']

/** Runs, and stays unhealthy for ten minutes before it fails: its deployment is in flight for as long as a rule needs. */
export const undecided: ContainerDefinition = { healthCheck: { command: ['CMD-SHELL', 'exit 1'], interval: 60, retries: 10 } }

/** The cluster that all rules share. */
export const cluster = once('cluster', async ({ ecs, afterwards }) => {
  const clusterName = unique('cluster')
  await ecs.createCluster({ clusterName })
  afterwards(() => ecs.deleteCluster({ cluster: clusterName }))
  return clusterName
})

const fargate = { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' } as const

export const definition = (subject: Subject, family: string, container: ContainerDefinition = {}) => ({
  family,
  ...fargate,
  requiresCompatibilities: [...fargate.requiresCompatibilities],
  containerDefinitions: [{ name: 'app', image: subject.image, command: serves, ...container }],
})

/** Registers one more revision of the family; resolves to its ARN. */
export const register = async (subject: Subject, family: string, container: ContainerDefinition = {}): Promise<string> => {
  const { taskDefinition } = await subject.ecs.registerTaskDefinition(definition(subject, family, container))
  const arn = taskDefinition?.taskDefinitionArn ?? ''
  subject.afterwards(() => subject.ecs.deregisterTaskDefinition({ taskDefinition: arn }))
  return arn
}

export const network = ({ subnet }: Subject) => ({
  awsvpcConfiguration: { subnets: [subnet], assignPublicIp: 'ENABLED' as const },
})

export const breaker = (deploymentCircuitBreaker: DeploymentCircuitBreaker) => ({ deploymentCircuitBreaker })

export const service = async (subject: Subject, name: string): Promise<Service> => {
  const { services } = await subject.ecs.describeServices({ cluster: await cluster(subject), services: [name] })
  const [found] = services ?? []
  if (found === undefined) throw new Error(`no service ${name}`)
  return found
}

/** The documentation promises no order of the deployments. */
export const primaryOf = ({ deployments = [] }: Service): Deployment | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY')

/** One deployment is left, it has completed, and all of its tasks run. */
export const completed = ({ deployments = [], desiredCount, runningCount, pendingCount }: Service): boolean =>
  deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED' && runningCount === desiredCount && pendingCount === 0

/** A service of two tasks; resolves to its name as soon as it is made. */
export const create = async (
  subject: Subject,
  container: ContainerDefinition = {},
  more: Partial<CreateServiceCommandInput> = {},
): Promise<string> => {
  const serviceName = unique('service')
  await subject.ecs.createService({
    cluster: await cluster(subject),
    serviceName,
    taskDefinition: await register(subject, serviceName, container),
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: network(subject),
    ...more,
  })
  const at = await cluster(subject)
  subject.afterwards(() => subject.ecs.deleteService({ cluster: at, service: serviceName, force: true }))
  return serviceName
}

/** A service of two tasks whose first deployment has completed. */
export const running = async (subject: Subject, more: Partial<CreateServiceCommandInput> = {}): Promise<string> => {
  const name = await create(subject, {}, more)
  await until(subject, () => service(subject, name), completed)
  return name
}

const tasksOf = async (subject: Subject, serviceName: string, desiredStatus: DesiredStatus): Promise<Task[]> => {
  const at = await cluster(subject)
  const { taskArns = [] } = await subject.ecs.listTasks({ cluster: at, serviceName, desiredStatus })
  if (taskArns.length === 0) return []
  return (await subject.ecs.describeTasks({ cluster: at, tasks: taskArns })).tasks ?? []
}

export const runningTasks = (subject: Subject, name: string): Promise<Task[]> => tasksOf(subject, name, 'RUNNING')

export const stoppedTasks = (subject: Subject, name: string): Promise<Task[]> => tasksOf(subject, name, 'STOPPED')

/** Starts one task of a definition of its own. */
export const runTask = async (
  subject: Subject,
  container: ContainerDefinition = {},
  more: Partial<RunTaskCommandInput> = {},
): Promise<Task> => {
  const taskDefinition = await register(subject, unique('task'), container)
  const asked = { cluster: await cluster(subject), taskDefinition, networkConfiguration: network(subject) }
  const { tasks } = await subject.ecs.runTask({ ...asked, launchType: 'FARGATE', ...more })
  const [task] = tasks ?? []
  if (task === undefined) throw new Error('no task was started')
  return task
}

export const task = async (subject: Subject, { taskArn = '' }: Task): Promise<Task> => {
  const { tasks } = await subject.ecs.describeTasks({ cluster: await cluster(subject), tasks: [taskArn] })
  return tasks?.[0] ?? {}
}

/** Runs one task and waits for its end. */
export const ended = async (subject: Subject, container: ContainerDefinition): Promise<Task> => {
  const started = await runTask(subject, container)
  return until(
    subject,
    () => task(subject, started),
    ({ lastStatus }) => lastStatus === 'STOPPED',
  )
}

/** The service deployment that the service names as its current one. */
export const currentDeployment = async (subject: Subject, name: string): Promise<ServiceDeployment> => {
  const { currentServiceDeployment: arn } = await service(subject, name)
  if (arn === undefined) throw new Error('the service names no current service deployment')
  const { serviceDeployments } = await subject.ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })
  return serviceDeployments?.[0] ?? {}
}

const inFlight = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']

export const hasEnded = ({ status = 'PENDING' }: ServiceDeployment): boolean => !inFlight.includes(status)
