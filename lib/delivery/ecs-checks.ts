import type { Configuration } from './configuration.ts'
import { architectureOf, type EcsService, isReadOnly, ownEcs, sizeOf } from './ecs.ts'
import { fargateRemedy } from './fargate.ts'
import type { Finding } from './finding.ts'
import { architectureOf as processorOf } from './hosts.ts'
import { networkOf } from './network.ts'
import { checkRoutes } from './route-checks.ts'
import { checkSchedules } from './schedule-checks.ts'

/** Services on ECS that could not be made or could not run; a place once, though it holds in three environments. */
export const checkEcs = (configuration: Configuration): Finding[] => {
  const found = Object.keys(configuration.environments).flatMap((environment) => [
    ...checkRoutes(configuration, environment),
    ...checkInstances(configuration, environment),
    ...ownEcs(configuration, environment).flatMap(([name, service]) => {
      const at = placeOf(configuration, environment, name)
      return [
        ...checkSize(service, at),
        ...checkScaling(service, at),
        ...checkShell(service, at),
        ...checkWorker(service, at),
        ...checkSchedules(service, at),
      ]
    }),
  ])
  return [...new Map(found.toReversed().map((finding) => [finding.path.join('\0'), finding])).values()].toReversed()
}

type Key = keyof EcsService
type At = (key: Key, ...inner: string[]) => string[]

/** Where a key of the service is written: for this environment, or for all. */
export const placeOf =
  ({ services }: Configuration, environment: string, name: string): At =>
  (key, ...inner) => {
    const declared = services[name]?.in?.[environment]
    const where = declared !== undefined && Object.hasOwn(declared, key) ? ['in', environment] : []
    return ['services', name, ...where, key, ...inner]
  }

/** Only where one of the pair is left to its default: pairs that are written out are checked with the service. */
const checkSize = (service: EcsService, at: At): Finding[] => {
  if ((service.cpu === undefined) === (service.memory === undefined)) return []
  const { cpu, memory } = sizeOf(service)
  const remedy = fargateRemedy(cpu, memory)
  if (remedy === undefined) return []
  const [key, other] = service.cpu === undefined ? (['memory', 'cpu'] as const) : (['cpu', 'memory'] as const)
  const message = `makes a size that Fargate does not have: ${remedy}, got cpu ${cpu} and memory ${memory}; add '${other}'`
  return [{ path: at(key), at: 'value', message }]
}

const checkScaling = ({ autoscaling, count, port }: EcsService, at: At): Finding[] => {
  if (autoscaling === undefined) return []
  const { min, max, requests } = autoscaling
  return [
    ...(min > max
      ? [{ path: at('autoscaling', 'min'), at: 'value' as const, message: `must not be above max, got ${min} and ${max}` }]
      : []),
    ...(requests !== undefined && port === undefined
      ? [
          {
            path: at('autoscaling', 'requests'),
            at: 'key' as const,
            message: "needs requests to count: add 'port', or have this worker scaled by 'cpu' or 'memory'",
          },
        ]
      : []),
    ...(count !== undefined && min <= max && (count < min || count > max)
      ? [
          {
            path: at('count'),
            at: 'value' as const,
            message: `must be from ${min} to ${max}, which 'autoscaling' keeps to, got ${count}; remove it, or change 'autoscaling'`,
          },
        ]
      : []),
  ]
}

const checkShell = (service: EcsService, at: At): Finding[] =>
  service.shell === true && isReadOnly(service)
    ? [
        {
          path: at('readonly'),
          at: 'value',
          message: "must be false with 'shell', whose agent writes to the file system of the container; remove it, or 'shell'",
        },
      ]
    : []

const checkWorker = (service: EcsService, at: At): Finding[] =>
  service.port !== undefined
    ? []
    : (['host', 'path', 'priority', 'stickiness'] as const)
        .filter((key) => service[key] !== undefined)
        .map((key) => ({
          path: at(key),
          at: 'key' as const,
          message: "needs a port to send requests to: add 'port', or remove it from this worker",
        }))

/** Tasks on instances never get public addresses, and ECS has endpoints for its agent that a network here cannot have. */
const checkInstances = (configuration: Configuration, environment: string): Finding[] => {
  const place = configuration.environments[environment]
  const services = ownEcs(configuration, environment).filter(([, { capacity }]) => capacity === 'ec2')
  const [first] = services
  if (place === undefined) return []
  if (first === undefined)
    return place.cluster?.instances !== undefined && isKept(configuration)
      ? [
          {
            path: ['environments', environment, 'cluster', 'instances'],
            at: 'key',
            message: `cannot be there in a project whose name begins with "ecs" or "fargate", which ECS keeps for itself; remove it`,
          },
        ]
      : []
  const [name, service] = first
  const { subnets, nat } = networkOf(place)
  const wanted = architectureOf(configuration, service)
  const other = services.find(([, each]) => architectureOf(configuration, each) !== wanted)
  const type = place.cluster?.instances?.type
  const finding = (named: string, message: string): Finding => ({
    path: placeOf(configuration, environment, named)('capacity'),
    at: 'value',
    message,
  })
  return [
    ...(subnets === 'public' || nat === 'none'
      ? [
          finding(
            name,
            `cannot be "ec2" in ${environment}: container instances reach AWS by a NAT gateway only, as their tasks have no public addresses; set "subnets": "private" and "nat": "one", or use "fargate"`,
          ),
        ]
      : []),
    ...(other !== undefined
      ? [
          finding(
            other[0],
            `cannot be "ec2" beside ${name}: their images are for different processors, and there is one type of instance; build both for one platform, or use "fargate"`,
          ),
        ]
      : []),
    ...(type !== undefined && processorOf(type).toUpperCase() !== wanted
      ? [
          {
            path: ['environments', environment, 'cluster', 'instances', 'type'],
            at: 'value' as const,
            message: `must be a type whose processors are ${wanted}, for which the image of ${name} is built, got "${type}"`,
          },
        ]
      : []),
    ...(isKept(configuration)
      ? [finding(name, `cannot be "ec2" in a project whose name begins with "ecs" or "fargate", which ECS keeps for itself`)]
      : []),
  ]
}

/** Capacity is called as the project and the environment. */
const isKept = ({ project }: Configuration): boolean => /^(ecs|fargate)/.test(project)
