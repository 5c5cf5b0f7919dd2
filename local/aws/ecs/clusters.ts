import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import type { Operation } from '../service.ts'
import { clusterName, ecsArn } from './arns.ts'
import { onAnything } from './authorizations.ts'
import type { Engine } from './engine.ts'
import { clusterArn, findCluster, placeOf } from './find.ts'
import type { Cluster, Region, Wire } from './model.ts'

const clusterView = (region: Region, cluster: Cluster): Wire<sdk.Cluster> => {
  const tasks = [...region.tasks.values()].filter((task) => task.cluster === cluster)
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter((task) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus)).length,
    activeServicesCount: [...cluster.services.values()].filter((service) => service.status === 'ACTIVE').length,
    statistics: [],
    tags: region.tags.get(cluster.arn) ?? [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  }
}

export const clusterOperations = (engine: Engine): Record<string, Operation> => {
  const createCluster: Operation<Wire<sdk.CreateClusterCommandInput>> = {
    authorize: () => onAnything('CreateCluster'),
    run(input, call) {
      const region = engine.region(placeOf(call))
      const name = input.clusterName ?? 'default'
      const arn = ecsArn(region.place, `cluster/${name}`)
      const cluster = region.clusters.get(name) ?? { name, arn, services: new Map() }
      region.clusters.set(name, cluster)
      if (input.tags) region.tags.set(arn, input.tags)
      return { cluster: clusterView(region, cluster) }
    },
  }

  const describeClusters: Operation<Wire<sdk.DescribeClustersCommandInput>> = {
    authorize: (input, call) =>
      (input.clusters ?? ['default']).map((cluster) => ({
        action: 'ecs:DescribeClusters',
        resource: clusterArn(placeOf(call), cluster),
      })),
    run(input, call) {
      const region = engine.region(placeOf(call))
      const asked = input.clusters ?? ['default']
      const missing = asked.filter((each) => !region.clusters.has(clusterName(each)))
      return {
        clusters: asked.filter((each) => !missing.includes(each)).map((each) => clusterView(region, findCluster(region, each))),
        failures: missing.map((each) => ({ arn: clusterArn(region.place, each), reason: 'MISSING' })),
      }
    },
  }

  const listClusters: Operation<Wire<sdk.ListClustersCommandInput>> = {
    authorize: () => onAnything('ListClusters'),
    run(input, call) {
      const arns = [...engine.region(placeOf(call)).clusters.values()].map(({ arn }) => arn)
      const { items, nextToken } = page(arns, input.maxResults ?? 100, input.nextToken)
      return { clusterArns: items, nextToken }
    },
  }
  return { CreateCluster: createCluster, DescribeClusters: describeClusters, ListClusters: listClusters }
}
