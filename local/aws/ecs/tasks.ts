import type * as sdk from '@aws-sdk/client-ecs'
import { type Engine, seconds } from './engine.ts'
import { ecsArn, randomId } from './find.ts'
import { taskHealth } from './health.ts'
import type { Region, Task, TaskContainer, Wire } from './model.ts'

type Given = Pick<Task, 'region' | 'cluster' | 'definition' | 'group' | 'startedBy' | 'service' | 'revision' | 'settings'>

/** A task in PROVISIONING, known to its region from now on. */
export const newTask = (engine: Engine, given: Given, overrides: Wire<sdk.TaskOverride> = {}): Task => {
  const id = randomId()
  const { place } = given.region
  const task: Task = {
    ...given,
    id,
    taskArn: ecsArn(place, `task/${given.cluster.name}/${id}`),
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...overrides },
    lastStatus: 'PROVISIONING',
    containers: given.definition.containerDefinitions.map((definition) => ({
      definition,
      arn: ecsArn(place, `container/${given.cluster.name}/${id}/${randomId()}`),
      lastStatus: 'PENDING',
      health: 'UNKNOWN',
      targetHealth: 'UNKNOWN',
      ports: new Map(),
    })),
    createdAt: seconds(engine),
    wasHealthy: false,
    version: 1,
    stopping: new AbortController(),
  }
  given.region.tasks.set(id, task)
  return task
}

/** Forgets tasks that were stopped longer ago than ECS shows them. */
export const forgetStopped = (engine: Engine, region: Region): void => {
  const visible = engine.pace.stoppedTasksVisible / 1_000 / engine.time.factor
  for (const task of region.tasks.values()) {
    if (task.stoppedAt !== undefined && seconds(engine) - task.stoppedAt > visible) region.tasks.delete(task.id)
  }
}

const containerView = (task: Task, container: TaskContainer): Wire<sdk.Container> => ({
  containerArn: container.arn,
  taskArn: task.taskArn,
  name: container.definition.name,
  image: container.definition.image,
  imageDigest: container.digest,
  runtimeId: container.runtimeId,
  lastStatus: container.lastStatus,
  exitCode: container.exitCode,
  reason: container.reason,
  // AWS has none in awsvpc mode, where the task's own address leads to the container; here it is how loopback reaches it.
  networkBindings: [...container.ports].map(([containerPort, hostPort]) => ({
    bindIP: '127.0.0.1',
    containerPort,
    hostPort,
    protocol: 'tcp',
  })),
  networkInterfaces: container.address ? [{ attachmentId: task.id, privateIpv4Address: container.address }] : [],
  healthStatus: container.health,
  cpu: String(container.definition.cpu ?? 0),
  memory: container.definition.memory === undefined ? undefined : String(container.definition.memory),
})

const networkInterface = (task: Task): Wire<sdk.Attachment>[] => {
  const address = task.containers.find((container) => container.address)?.address
  if (task.definition.networkMode !== 'awsvpc') return []
  const subnet = task.settings.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? ''
  const details = [
    { name: 'subnetId', value: subnet },
    { name: 'networkInterfaceId', value: `eni-${task.id.slice(0, 17)}` },
    ...(address ? [{ name: 'privateIPv4Address', value: address }] : []),
  ]
  return [{ id: task.id, type: 'ElasticNetworkInterface', status: task.stoppedAt ? 'DELETED' : 'ATTACHED', details }]
}

export const taskView = (task: Task): Wire<sdk.Task> => {
  const { id: _, region, cluster, definition, service, revision, settings, wasHealthy, stopping, ...own } = task
  const provider = settings.capacityProviderStrategy?.[0]?.capacityProvider
  return {
    ...own,
    clusterArn: cluster.arn,
    taskDefinitionArn: definition.taskDefinitionArn,
    desiredStatus: stopping.signal.aborted ? 'STOPPED' : 'RUNNING',
    healthStatus: taskHealth(task),
    availabilityZone: `${region.place.region}a`,
    ...(provider === undefined ? { launchType: settings.launchType ?? 'FARGATE' } : { capacityProviderName: provider }),
    platformVersion: settings.platformVersion ?? '1.4.0',
    platformFamily: 'Linux',
    connectivity: 'CONNECTED',
    connectivityAt: task.createdAt,
    cpu: task.overrides.cpu ?? definition.cpu,
    memory: task.overrides.memory ?? definition.memory,
    attachments: networkInterface(task),
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    containers: task.containers.map((container) => containerView(task, container)),
    tags: [],
  }
}
