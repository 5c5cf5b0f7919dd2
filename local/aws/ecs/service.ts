import type { ContainerRuntime } from '../../containers/runtime.ts'
import type { Time } from '../../time.ts'
import { type Service as AwsService, inEachRegion } from '../service.ts'
import { createAddresses } from './address.ts'
import { clusterOperations } from './clusters.ts'
import type { Engine } from './engine.ts'
import { findCluster, findService, type Place } from './find.ts'
import { requestStop } from './launch.ts'
import { metadataEndpoint } from './metadata.ts'
import type { PlacementFailure, Region, Service } from './model.ts'
import { type Pace, usualPace } from './pace.ts'
import type { Images, LogStreams, Secrets } from './ports.ts'
import { reconcile } from './schedule.ts'
import { serviceDeploymentOperations } from './service-deployments.ts'
import { serviceOperations } from './service-operations.ts'
import { targetHealthService } from './target-health.ts'
import { taskDefinitionOperations } from './task-definitions.ts'
import { taskOperations } from './task-operations.ts'

type EcsDependencies = {
  time: Time
  runtime: ContainerRuntime
  images: Images
  logs: LogStreams
  /** Without it every task with `secrets` fails with a `ResourceInitializationError`. */
  secrets?: Secrets
  /** Delays other than the usual ones. */
  pace?: Partial<Pace>
  /** Path of a target group's health check, by ARN; where there is none, a port that is there is healthy. */
  healthPaths?: Record<string, string>
}

type ServiceKind = Pick<Service['settings'], 'schedulingStrategy' | 'deploymentController'>

export type EcsService = AwsService & {
  /** Where a service answers on loopback, the same across its deployments. Throws when there is no such service or port. */
  address(account: string, region: string, cluster: string, service: string, containerPort: number): URL
  /** CloudWatch's view of an alarm; one that was never set is OK. */
  setAlarm(account: string, region: string, name: string, state: 'OK' | 'ALARM'): void
  /** Has a service described as one that the engine would not make, for clients that have to see what it is. */
  describeAs(account: string, region: string, cluster: string, service: string, kind: ServiceKind): void
  /** From now on no task can be placed in the cluster, for that reason; without one they can again. */
  setPlacement(account: string, region: string, cluster: string, failure: PlacementFailure | undefined): void
  /** `elbv2:DescribeTargetHealth` of the services' targets, to be served beside ECS. */
  targetHealth: AwsService
  /** Kills every container and closes every port. The engine starts nothing afterwards. */
  stopAll(): Promise<void>
}

const emptyRegion = (place: Place): Region => ({
  place,
  clusters: new Map(),
  families: new Map(),
  tasks: new Map(),
  serviceDeployments: new Map(),
  serviceRevisions: new Map(),
  tags: new Map(),
  clientTokens: new Map(),
  alarms: new Set(),
})

/** ECS with a deployment engine: what AWS documents of the rolling update, on containers of the given runtime. */
export const ecsService = (dependencies: EcsDependencies): EcsService => {
  const { time, runtime, images, logs, secrets } = dependencies
  const regions = inEachRegion((account, name) => emptyRegion({ account, region: name }))
  const region = ({ account, region: name }: Place): Region => regions.find(account, name)
  const { all } = regions

  const metadata = metadataEndpoint(runtime, (id) => all().flatMap(({ tasks }) => tasks.get(id) ?? [])[0])
  const addresses = createAddresses()
  const awake = new Set<Service>()
  let stopped = false

  const engine: Engine = {
    time,
    pace: { ...usualPace, ...dependencies.pace },
    runtime,
    images,
    logs,
    secrets,
    healthPaths: dependencies.healthPaths ?? {},
    metadataUri: metadata.uri,
    lives: new Set(),
    region,
    wake(service) {
      if (awake.size === 0) queueMicrotask(reconcileAwake)
      awake.add(service)
    },
  }
  const reconcileAwake = (): void => {
    const services = [...awake]
    awake.clear()
    if (!stopped) for (const service of services) reconcile(engine, service)
  }

  return {
    name: 'ecs',
    operations: {
      ...clusterOperations(engine),
      ...taskDefinitionOperations(engine),
      ...serviceOperations(engine, addresses),
      ...taskOperations(engine),
      ...serviceDeploymentOperations(engine),
    },
    address: (account, name, cluster, service, containerPort) =>
      addresses.find(findService(region({ account, region: name }), cluster, service), containerPort),
    setAlarm(account, name, alarm, state) {
      const { alarms, clusters } = region({ account, region: name })
      if (state === 'ALARM') alarms.add(alarm)
      else alarms.delete(alarm)
      for (const { services } of clusters.values()) for (const service of services.values()) engine.wake(service)
    },
    describeAs(account, name, cluster, service, kind) {
      const found = findService(region({ account, region: name }), cluster, service)
      found.settings = { ...found.settings, ...kind }
    },
    setPlacement(account, name, cluster, failure) {
      findCluster(region({ account, region: name }), cluster).placementFailure = failure
    },
    targetHealth: targetHealthService(region),
    async stopAll() {
      stopped = true
      addresses.closeAll()
      for (const { clusters, tasks } of all()) {
        for (const cluster of clusters.values()) for (const service of cluster.services.values()) service.starts.cancel?.()
        for (const task of tasks.values()) requestStop(engine, task, 'UserInitiated', 'Task stopped by user')
      }
      try {
        await runtime.removeAll()
        await Promise.all(engine.lives)
        // Once more, for what was about to start.
        await runtime.removeAll()
      } finally {
        await metadata.close()
      }
    },
  }
}
