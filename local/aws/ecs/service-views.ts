import type * as sdk from '@aws-sdk/client-ecs'
import type { Deployment, Service, ServiceDeployment, ServiceRevision, Task, Wire } from './model.ts'

const running = (task: Task): boolean => task.lastStatus === 'RUNNING'
const pending = (task: Task): boolean =>
  !task.stopping.signal.aborted && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus)

const tasksOf = (service: Service, deployment?: Deployment): Task[] =>
  [...service.region.tasks.values()].filter(
    (task) => task.service === service && (deployment === undefined || task.startedBy === deployment.id),
  )

const counts = (tasks: Task[]) => ({ runningCount: tasks.filter(running).length, pendingCount: tasks.filter(pending).length })

/** What the scheduler still wants of a deployment: the service's count of the PRIMARY one, what has not been stopped of the others. */
const desiredCount = (deployment: Deployment): number => {
  const { service } = deployment.revision
  if (deployment.status === 'PRIMARY') return service.desiredCount
  return tasksOf(service, deployment).filter((task) => !task.stopping.signal.aborted).length
}

export const revisionSummary = (deployment: Deployment): Wire<sdk.ServiceRevisionSummary> & { arn: string } => {
  const { runningCount, pendingCount } = counts(tasksOf(deployment.revision.service, deployment))
  return {
    arn: deployment.revision.arn,
    requestedTaskCount: desiredCount(deployment),
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  }
}

const deploymentView = (deployment: Deployment): Wire<sdk.Deployment> => ({
  id: deployment.id,
  status: deployment.status,
  taskDefinition: deployment.revision.definition.taskDefinitionArn,
  desiredCount: desiredCount(deployment),
  ...counts(tasksOf(deployment.revision.service, deployment)),
  failedTasks: deployment.failedTasks,
  createdAt: deployment.createdAt,
  updatedAt: deployment.updatedAt,
  ...deployment.revision.settings,
  rolloutState: deployment.rolloutState,
  rolloutStateReason: deployment.rolloutStateReason,
})

/** A service as it stands at this moment. */
export const serviceView = (service: Service): Wire<sdk.Service> => ({
  serviceArn: service.arn,
  serviceName: service.name,
  clusterArn: service.cluster.arn,
  loadBalancers: [],
  serviceRegistries: [],
  schedulingStrategy: 'REPLICA',
  deploymentController: { type: 'ECS' },
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  propagateTags: 'NONE',
  placementConstraints: [],
  placementStrategy: [],
  ...service.settings,
  ...service.revision?.settings,
  status: service.status,
  desiredCount: service.desiredCount,
  ...counts(tasksOf(service)),
  taskDefinition: service.revision?.definition.taskDefinitionArn,
  deploymentConfiguration: service.configuration,
  deployments: service.deployments.map(deploymentView),
  events: service.events.map((event) => ({ ...event })),
  createdAt: service.createdAt,
  createdBy: service.createdBy,
  currentServiceDeployment: service.serviceDeployment?.arn,
  currentServiceRevisions: service.deployments.map(revisionSummary),
})

export const serviceDeploymentView = (deployment: ServiceDeployment): Wire<sdk.ServiceDeployment> => ({
  serviceDeploymentArn: deployment.arn,
  serviceArn: deployment.service.arn,
  clusterArn: deployment.service.cluster.arn,
  createdAt: deployment.createdAt,
  startedAt: deployment.startedAt,
  finishedAt: deployment.finishedAt,
  stoppedAt: deployment.stoppedAt,
  updatedAt: deployment.updatedAt,
  sourceServiceRevisions: deployment.sources,
  targetServiceRevision: revisionSummary(deployment.deployment),
  status: deployment.status,
  statusReason: deployment.statusReason,
  deploymentConfiguration: deployment.configuration,
  rollback: deployment.rollback,
  deploymentCircuitBreaker: { ...deployment.breaker },
  alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
})

export const serviceRevisionView = (revision: ServiceRevision): Wire<sdk.ServiceRevision> => ({
  serviceRevisionArn: revision.arn,
  serviceArn: revision.service.arn,
  clusterArn: revision.service.cluster.arn,
  taskDefinition: revision.definition.taskDefinitionArn,
  ...revision.settings,
  containerImages: revision.definition.containerDefinitions.map(({ name, image }) => ({
    containerName: name,
    image,
    imageDigest: revision.digests.get(name) ?? image.split('@')[1],
  })),
  createdAt: revision.createdAt,
})
