import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import type { Operation } from '../service.ts'
import { onAnything, onResource } from './authorizations.ts'
import type { Engine } from './engine.ts'
import { clusterArn, clusterName, placeOf } from './find.ts'
import type { Cluster, Region, Wire } from './model.ts'
import { type Authorize, type Input, inRegion, split } from './operations.ts'
import { counts } from './service-views.ts'

const clusterView = (region: Region, cluster: Cluster): Wire<sdk.Cluster> => {
  const { runningCount, pendingCount } = counts([...region.tasks.values()].filter((task) => task.cluster === cluster))
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: runningCount,
    pendingTasksCount: pendingCount,
    activeServicesCount: [...cluster.services.values()].filter((service) => service.status === 'ACTIVE').length,
    statistics: [],
    tags: region.tags.get(cluster.arn) ?? [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  }
}

const onCreation: Authorize<Input<'CreateCluster'>> = (action, { clusterName: name, tags }, call) => {
  const resourceArn = clusterArn(placeOf(call), name)
  return [...onResource(action, { resourceArn, tags }), ...(tags?.length ? onResource('TagResource', { resourceArn, tags }) : [])]
}

export const clusterOperations = (engine: Engine): Record<string, Operation> => {
  const on = inRegion(engine)
  return {
    ...on('CreateCluster', onCreation, (input, region) => {
      const name = input.clusterName ?? 'default'
      const arn = clusterArn(region.place, name)
      const cluster = region.clusters.get(name) ?? { name, arn, services: new Map() }
      region.clusters.set(name, cluster)
      if (input.tags) region.tags.set(arn, input.tags)
      return { cluster: clusterView(region, cluster) }
    }),

    ...on(
      'DescribeClusters',
      (action, { clusters = ['default'] }, call) =>
        clusters.flatMap((each) => onResource(action, { resourceArn: clusterArn(placeOf(call), each) })),
      ({ clusters = ['default'] }, region) => {
        const find = (each: string) => region.clusters.get(clusterName(each))
        const { found, failures } = split(clusters, find, (each) => clusterArn(region.place, each))
        return { clusters: found.map((cluster) => clusterView(region, cluster)), failures }
      },
    ),

    ...on('ListClusters', onAnything, (input, region) => {
      const arns = [...region.clusters.values()].map(({ arn }) => arn)
      const { items, nextToken } = page(arns, input.maxResults ?? 100, input.nextToken)
      return { clusterArns: items, nextToken }
    }),

    ...on('TagResource', onResource, ({ resourceArn = '', tags: given = [] }, { tags }) => {
      const kept = (tags.get(resourceArn) ?? []).filter(({ key }) => !given.some((tag) => tag.key === key))
      tags.set(resourceArn, [...kept, ...given])
    }),

    ...on('ListTagsForResource', onResource, ({ resourceArn = '' }, { tags }) => ({ tags: tags.get(resourceArn) ?? [] })),
  }
}
