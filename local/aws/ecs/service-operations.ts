import { isDeepStrictEqual } from 'node:util'
import { page } from '../pages.ts'
import type { Operation } from '../service.ts'
import { inCluster, onDeployed, onService, onServices } from './authorizations.ts'
import { abandon, begin } from './deployments.ts'
import { type Engine, seconds } from './engine.ts'
import {
  checkList,
  checkNetwork,
  findActiveDefinition,
  findActiveService,
  findCluster,
  findService,
  invalid,
  lastSegment,
  serviceArn,
} from './find.ts'
import { type RevisionSettings, revisionKeys, type Service, serviceKeys } from './model.ts'
import { inRegion, split } from './operations.ts'
import { checkCapacity, checkKind } from './service-kinds.ts'
import { serviceView } from './service-views.ts'

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]) =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as {
    [key in K]?: Exclude<T[key], undefined>
  }

/** AWS refuses a sixth deployment beside five that still have tasks. */
const mostDeployments = 5

export type Addresses = {
  /** Has every container port of the service's tasks reachable on loopback. */
  open(service: Service): Promise<void>
  close(service: Service): void
}

export const serviceOperations = (engine: Engine, addresses: Addresses): Record<string, Operation> => {
  const on = inRegion(engine)
  return {
    ...on('CreateService', onDeployed, async (input, region, call) => {
      const cluster = findCluster(region, input.cluster)
      const name = input.serviceName ?? ''
      if (!/^[\w-]{1,255}$/.test(name))
        throw invalid('Service name must be between 1 and 255 letters, numbers, underscores and hyphens.')
      const existing = cluster.services.get(name)
      if (existing?.status === 'ACTIVE') throw invalid('Creation of service was not idempotent.')
      if (existing?.status === 'DRAINING') throw invalid('Unable to Start a service that is still Draining.')
      checkKind('CreateService', input)
      checkCapacity('CreateService', input)
      const definition = findActiveDefinition(region, input.taskDefinition)
      const settings: RevisionSettings = pick(input, revisionKeys)
      checkNetwork(definition, settings)
      const service: Service = {
        name,
        arn: serviceArn(region.place, cluster.name, name),
        region,
        cluster,
        status: 'ACTIVE',
        desiredCount: input.desiredCount ?? 1,
        revision: undefined,
        settings: pick(input, serviceKeys),
        configuration: {
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          deploymentCircuitBreaker: { enable: false, rollback: false },
          strategy: 'ROLLING',
          bakeTimeInMinutes: 0,
          ...input.deploymentConfiguration,
        },
        deployments: [],
        lastCompleted: undefined,
        serviceDeployment: undefined,
        events: [],
        starts: { failures: 0, cancel: undefined },
        steady: { since: undefined, reached: false },
        createdAt: seconds(engine),
        createdBy: call.principal.arn,
      }
      cluster.services.set(name, service)
      if (input.tags) region.tags.set(service.arn, input.tags)
      begin(engine, service, definition, settings)
      await addresses.open(service)
      return { service: { ...serviceView(service), tags: input.tags ?? [] } }
    }),

    ...on('UpdateService', onDeployed, async (input, region) => {
      const service = findActiveService(region, input.cluster, input.service)
      const current = service.revision
      if (!current) throw invalid('Service has no revision.')
      checkKind('UpdateService', service.settings)
      checkCapacity('UpdateService', input)
      const definition =
        input.taskDefinition === undefined ? current.definition : findActiveDefinition(region, input.taskDefinition)
      const settings: RevisionSettings = { ...current.settings, ...pick(input as RevisionSettings, revisionKeys) }
      checkNetwork(definition, settings)
      const changed = definition !== current.definition || !isDeepStrictEqual(settings, current.settings)
      const deploys = changed || input.forceNewDeployment === true
      if (deploys && service.deployments.length >= mostDeployments) {
        throw invalid(`Unable to update service: ${service.deployments.length} active deployments exist.`)
      }
      service.desiredCount = input.desiredCount ?? service.desiredCount
      service.settings = { ...service.settings, ...pick(input as Service['settings'], serviceKeys) }
      service.configuration = { ...service.configuration, ...input.deploymentConfiguration }
      if (deploys) {
        begin(engine, service, definition, settings)
        await addresses.open(service)
      }
      engine.wake(service)
      return { service: serviceView(service) }
    }),

    ...on('DescribeServices', onServices, (input, region) => {
      const { name, services } = findCluster(region, input.cluster)
      const find = (each: string): Service | undefined =>
        services.has(lastSegment(each)) ? findService(region, input.cluster, each) : undefined
      const asked = checkList(input.services, 'Services', 10)
      const { found, failures } = split(asked, find, (each) => serviceArn(region.place, name, each))
      const tags = (service: Service) => (input.include?.includes('TAGS') ? { tags: region.tags.get(service.arn) ?? [] } : {})
      return { services: found.map((service) => ({ ...serviceView(service), ...tags(service) })), failures }
    }),

    ...on('DeleteService', onService, (input, region) => {
      const service = findActiveService(region, input.cluster, input.service)
      if (service.desiredCount > 0 && !input.force) throw invalid('The service cannot be stopped while it is scaled above 0.')
      service.status = 'DRAINING'
      service.desiredCount = 0
      abandon(engine, service)
      addresses.close(service)
      engine.wake(service)
      return { service: serviceView(service) }
    }),

    ...on('ListServices', inCluster, (input, region) => {
      const { services } = findCluster(region, input.cluster)
      const arns = [...services.values()].filter(({ status }) => status !== 'INACTIVE').map(({ arn }) => arn)
      const { items, nextToken } = page(arns, input.maxResults ?? 10, input.nextToken)
      return { serviceArns: items, nextToken }
    }),
  }
}
