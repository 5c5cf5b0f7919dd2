import type { ContainerRuntime } from '../../containers/runtime.ts'
import type { Time } from '../../time.ts'
import type { Service as AwsService } from '../service.ts'
import { createAddresses } from './address.ts'
import type { Place } from './arns.ts'
import { clusterOperations } from './clusters.ts'
import type { Engine } from './engine.ts'
import { findService } from './find.ts'
import { requestStop } from './launch.ts'
import { metadataEndpoint } from './metadata.ts'
import type { Region, Service } from './model.ts'
import { type Pace, usualPace } from './pace.ts'
import type { Images, LogStreams, Secrets } from './ports.ts'
import { reconcile } from './schedule.ts'
import { serviceDeploymentOperations } from './service-deployments.ts'
import { serviceOperations } from './service-operations.ts'
import { tagOperations } from './tags.ts'
import { taskDefinitionOperations } from './task-definitions.ts'
import { taskOperations } from './task-operations.ts'

export type EcsDependencies = {
  time: Time
  runtime: ContainerRuntime
  images: Images
  logs: LogStreams
  /** Without it every task with `secrets` fails with a `ResourceInitializationError`. */
  secrets?: Secrets
  /** Delays other than the usual ones. */
  pace?: Partial<Pace>
}

export type EcsService = AwsService & {
  /** Where a service answers on loopback, the same across its deployments. Throws when there is no such service or port. */
  address(account: string, region: string, cluster: string, service: string, containerPort: number): URL
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
})

/** ECS with a deployment engine: what AWS documents of the rolling update, on containers of the given runtime. */
export const ecsService = (dependencies: EcsDependencies): EcsService => {
  const { time, runtime, images, logs, secrets } = dependencies
  const regions = new Map<string, Region>()
  const region = ({ account, region: name }: Place): Region => {
    const key = `${account}/${name}`
    const found = regions.get(key) ?? emptyRegion({ account, region: name })
    regions.set(key, found)
    return found
  }
  const all = (): Region[] => [...regions.values()]

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
      ...tagOperations(engine),
    },
    address: (account, name, cluster, service, containerPort) =>
      addresses.find(findService(region({ account, region: name }), cluster, service), containerPort),
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
