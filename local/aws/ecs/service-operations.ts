import { isDeepStrictEqual } from 'node:util'
import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import type { Call, Operation } from '../service.ts'
import { lastSegment } from './arns.ts'
import { inCluster, onService, passRoles, tagContext } from './authorizations.ts'
import { abandon, begin } from './deployments.ts'
import { type Engine, seconds } from './engine.ts'
import {
  findActiveDefinition,
  findActiveService,
  findCluster,
  findDefinition,
  findService,
  invalid,
  placeOf,
  serviceArn,
} from './find.ts'
import {
  type RevisionSettings,
  revisionKeys,
  type Service,
  type ServiceSettings,
  serviceKeys,
  type TaskDefinition,
  type Wire,
} from './model.ts'
import { serviceView } from './service-views.ts'

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>

const checkNetwork = (definition: TaskDefinition, settings: RevisionSettings): void => {
  if (definition.networkMode === 'awsvpc' && !settings.networkConfiguration?.awsvpcConfiguration) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  }
}

type Create = Wire<sdk.CreateServiceCommandInput>
type Update = Wire<sdk.UpdateServiceCommandInput>

/** AWS refuses a sixth deployment beside five that still have tasks. */
const mostDeployments = 5

export type Addresses = {
  /** Has every container port of the service's tasks reachable on loopback. */
  open(service: Service): Promise<void>
  close(service: Service): void
}

export const serviceOperations = (engine: Engine, addresses: Addresses): Record<string, Operation> => {
  const deployPermissions = (action: string, call: Call, input: Create | Update, service: string | undefined) => {
    const definition = findDefinition(engine.region(placeOf(call)), input.taskDefinition)
    const context = {
      ...(definition && { 'ecs:task-definition': definition.taskDefinitionArn }),
      ...(input.enableExecuteCommand !== undefined && { 'ecs:enable-execute-command': String(input.enableExecuteCommand) }),
    }
    return [onService(action, call, input.cluster, service, context), ...passRoles(definition)]
  }

  const createService: Operation<Create> = {
    authorize: (input, call) => [
      ...deployPermissions('CreateService', call, input, input.serviceName),
      ...(input.tags?.length ? [onService('TagResource', call, input.cluster, input.serviceName, tagContext(input.tags))] : []),
    ],
    async run(input, call) {
      const region = engine.region(placeOf(call))
      const cluster = findCluster(region, input.cluster)
      const name = input.serviceName ?? ''
      if (!/^[\w-]{1,255}$/.test(name))
        throw invalid('Service name must be between 1 and 255 letters, numbers, underscores and hyphens.')
      const existing = cluster.services.get(name)
      if (existing?.status === 'ACTIVE') throw invalid('Creation of service was not idempotent.')
      if (existing?.status === 'DRAINING') throw invalid('Unable to Start a service that is still Draining.')
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
    },
  }

  const updateService: Operation<Update> = {
    authorize: (input, call) => deployPermissions('UpdateService', call, input, input.service),
    async run(input, call) {
      const region = engine.region(placeOf(call))
      const service = findActiveService(region, input.cluster, input.service)
      const current = service.revision
      if (!current) throw invalid('Service has no revision.')
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
      service.settings = { ...service.settings, ...(pick(input, serviceKeys) as ServiceSettings) }
      service.configuration = { ...service.configuration, ...input.deploymentConfiguration }
      if (deploys) {
        begin(engine, service, definition, settings)
        await addresses.open(service)
      }
      engine.wake(service)
      return { service: serviceView(service) }
    },
  }

  const describeServices: Operation<Wire<sdk.DescribeServicesCommandInput>> = {
    authorize: (input, call) => (input.services ?? []).map((each) => onService('DescribeServices', call, input.cluster, each)),
    run(input, call) {
      const region = engine.region(placeOf(call))
      const cluster = findCluster(region, input.cluster)
      const asked = input.services ?? []
      if (asked.length === 0) throw invalid('Services cannot be empty.')
      if (asked.length > 10) throw invalid('Services cannot have more than 10 elements.')
      const missing = asked.filter((each) => !cluster.services.has(lastSegment(each)))
      const found = asked.filter((each) => !missing.includes(each)).map((each) => findService(region, input.cluster, each))
      const tags = (service: Service) => (input.include?.includes('TAGS') ? { tags: region.tags.get(service.arn) ?? [] } : {})
      return {
        services: found.map((service) => ({ ...serviceView(service), ...tags(service) })),
        failures: missing.map((each) => ({ arn: serviceArn(region.place, cluster.name, each), reason: 'MISSING' })),
      }
    },
  }

  const deleteService: Operation<Wire<sdk.DeleteServiceCommandInput>> = {
    authorize: (input, call) => [onService('DeleteService', call, input.cluster, input.service)],
    run(input, call) {
      const service = findActiveService(engine.region(placeOf(call)), input.cluster, input.service)
      if (service.desiredCount > 0 && !input.force) throw invalid('The service cannot be stopped while it is scaled above 0.')
      service.status = 'DRAINING'
      service.desiredCount = 0
      abandon(engine, service)
      addresses.close(service)
      engine.wake(service)
      return { service: serviceView(service) }
    },
  }

  const listServices: Operation<Wire<sdk.ListServicesCommandInput>> = {
    authorize: (input, call) => inCluster('ListServices', call, input.cluster),
    run(input, call) {
      const { services } = findCluster(engine.region(placeOf(call)), input.cluster)
      const arns = [...services.values()].filter(({ status }) => status !== 'INACTIVE').map(({ arn }) => arn)
      const { items, nextToken } = page(arns, input.maxResults ?? 10, input.nextToken)
      return { serviceArns: items, nextToken }
    },
  }

  return {
    CreateService: createService,
    UpdateService: updateService,
    DescribeServices: describeServices,
    DeleteService: deleteService,
    ListServices: listServices,
  }
}
