import type * as sdk from '@aws-sdk/client-ecs'
import type { Place } from './find.ts'

/** A shape of the SDK as it travels in JSON: a time is a number, seconds since 1970. */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

export type ContainerDefinition = Wire<sdk.ContainerDefinition> & { name: string; image: string; essential: boolean }

/** As registered, with every field that was given, known here or not. */
export type TaskDefinition = Omit<Wire<sdk.TaskDefinition>, 'containerDefinitions'> & {
  taskDefinitionArn: string
  family: string
  revision: number
  containerDefinitions: ContainerDefinition[]
}

/** Why no task can be placed: what a service event says of it, or nothing for a long time, and what `RunTask` answers. */
export type PlacementFailure = { event?: string; reason: string }

export type Cluster = {
  name: string
  arn: string
  services: Map<string, Service>
  placementFailure?: PlacementFailure | undefined
}

/** All that one account has in one region. */
export type Region = {
  place: Place
  clusters: Map<string, Cluster>
  /** Revisions by family, the first revision first. */
  families: Map<string, TaskDefinition[]>
  tasks: Map<string, Task>
  serviceDeployments: Map<string, ServiceDeployment>
  serviceRevisions: Map<string, ServiceRevision>
  tags: Map<string, Wire<sdk.Tag>[]>
  /** Tasks that a `RunTask` with this client token has started. */
  clientTokens: Map<string, { input: string; tasks: Task[] }>
  /** Names of the CloudWatch alarms that are in state ALARM. */
  alarms: Set<string>
}

/** The part of a service's settings that belongs to a revision: changing it starts a deployment. */
export const revisionKeys = [
  'networkConfiguration',
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
] as const

/** The part that is changed in place. */
export const serviceKeys = [
  'deploymentController',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'healthCheckGracePeriodSeconds',
  'placementConstraints',
  'placementStrategy',
  'propagateTags',
  'schedulingStrategy',
  'availabilityZoneRebalancing',
] as const

export type RevisionSettings = Wire<Pick<sdk.CreateServiceCommandInput, (typeof revisionKeys)[number]>>
type ServiceSettings = Wire<Pick<sdk.CreateServiceCommandInput, (typeof serviceKeys)[number]>>
export type DeploymentConfiguration = Wire<sdk.DeploymentConfiguration>

export type ServiceRevision = {
  /** `N` of the ARN's last segment and of the deployment `ecs-svc/N`. */
  number: string
  arn: string
  service: Service
  createdAt: number
  definition: TaskDefinition
  settings: RevisionSettings
  /** Digests that the first task resolved; every later task of the revision runs the same. */
  digests: Map<string, string>
}

export type Deployment = {
  id: string
  status: 'PRIMARY' | 'ACTIVE'
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'
  rolloutStateReason: string
  revision: ServiceRevision
  failedTasks: number
  /** A failed deployment can still be described for a moment when its last task is gone. */
  lingers: boolean
  createdAt: number
  updatedAt: number
}

/** As `DescribeServiceDeployments` answers it, but for the counts of its target revision. */
export type ServiceDeployment = Wire<sdk.ServiceDeployment> & {
  service: Service
  deployment: Deployment
  serviceDeploymentArn: string
  status: sdk.ServiceDeploymentStatus
  createdAt: number
  deploymentCircuitBreaker: { status: sdk.ServiceDeploymentRollbackMonitorsStatus; failureCount: number; threshold: number }
  alarms: { status: sdk.ServiceDeploymentRollbackMonitorsStatus; alarmNames: string[]; triggeredAlarmNames: string[] }
}

export type Service = {
  name: string
  arn: string
  region: Region
  cluster: Cluster
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  desiredCount: number
  /** What is in place, or being put in place: of the PRIMARY deployment, also when the service is INACTIVE. */
  revision: ServiceRevision | undefined
  settings: ServiceSettings
  configuration: DeploymentConfiguration
  /** The PRIMARY one first. */
  deployments: Deployment[]
  /** Where a rollback goes. */
  lastCompleted: Deployment | undefined
  /** The newest one, in flight or ended. */
  serviceDeployment: ServiceDeployment | undefined
  /** Newest first. */
  events: { id: string; createdAt: number; message: string }[]
  /** Tasks in a row that never ran, and whether their back-off is still running. */
  starts: { failures: number; cancel: (() => void) | undefined }
  /** Since when every task serves and nothing else runs, and whether that lasted long enough to be said. */
  steady: { since: number | undefined; reached: boolean }
  createdAt: number
  createdBy: string
}

export type Health = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'

export type TaskContainer = {
  definition: ContainerDefinition
  arn: string
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED'
  health: Health
  /** Answers to the load balancer's health checks; without a target group nobody asks. */
  targetHealth: Health
  digest?: string
  runtimeId?: string
  address?: string
  ports: ReadonlyMap<number, number>
  exitCode?: number
  reason?: string
  startedAt?: number
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

/** As `DescribeTasks` answers it, and what the engine knows beside that. */
export type Task = Omit<Wire<sdk.Task>, 'containers'> & {
  id: string
  taskArn: string
  region: Region
  cluster: Cluster
  definition: TaskDefinition
  /** Of a service's task; a task of `RunTask` has neither. */
  service: Service | undefined
  revision: ServiceRevision | undefined
  settings: RevisionSettings
  overrides: Wire<sdk.TaskOverride>
  lastStatus: TaskStatus
  containers: TaskContainer[]
  createdAt: number
  version: number
  /** Whether it ever served. */
  wasHealthy: boolean
  /** Aborted when the task is to stop; what it then reports is in `stopCode` and `stoppedReason`. */
  stopping: AbortController
}
