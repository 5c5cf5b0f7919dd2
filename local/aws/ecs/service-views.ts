import type * as sdk from '@aws-sdk/client-ecs'
import { tasksOf } from './health.ts'
import type { Deployment, Service, ServiceDeployment, ServiceRevision, Task, Wire } from './model.ts'

const isPending = (task: Task): boolean =>
  !task.stopping.signal.aborted && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus)

export const counts = (tasks: Task[]) => ({
  runningCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
  pendingCount: tasks.filter(isPending).length,
})

/** What the scheduler still wants of a deployment: the service's count of the PRIMARY one, what has not been stopped of the others. */
const countsOf = (deployment: Deployment) => {
  const { service } = deployment.revision
  const tasks = tasksOf(service).filter((task) => task.startedBy === deployment.id)
  const kept = tasks.filter((task) => !task.stopping.signal.aborted).length
  return { ...counts(tasks), desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : kept }
}

export const revisionSummary = (deployment: Deployment): Wire<sdk.ServiceRevisionSummary> => {
  const { runningCount, pendingCount, desiredCount } = countsOf(deployment)
  return {
    arn: deployment.revision.arn,
    requestedTaskCount: desiredCount,
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  }
}

const deploymentView = (deployment: Deployment): Wire<sdk.Deployment> => {
  const { revision, lingers: _, ...own } = deployment
  return { ...own, taskDefinition: revision.definition.taskDefinitionArn, ...countsOf(deployment), ...revision.settings }
}

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
  currentServiceDeployment: service.serviceDeployment?.serviceDeploymentArn,
  currentServiceRevisions: service.deployments.map(revisionSummary),
})

export const serviceDeploymentView = ({ service: _, deployment, ...view }: ServiceDeployment): Wire<sdk.ServiceDeployment> =>
  structuredClone({ ...view, targetServiceRevision: revisionSummary(deployment) })

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
