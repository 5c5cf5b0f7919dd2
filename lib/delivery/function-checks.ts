import type { Configuration } from './configuration.ts'
import type { Finding } from './finding.ts'
import { apisIn, functionKeys, type LambdaService, LONGEST_ANSWER, lambdaServices } from './functions.ts'
import { routesOf } from './routes.ts'
import { seconds } from './schema/fields.ts'

/** Functions that Lambda, or the API in front of them, could not run; a place once, though it holds in three environments. */
export const checkFunctions = (configuration: Configuration): Finding[] => {
  const found = Object.keys(configuration.environments).flatMap((environment) => [
    ...lambdaServices(configuration, environment).flatMap(([name, service]) => [
      ...checkPlace(configuration, environment, name),
      ...checkPlatforms(configuration, name, service),
      ...checkVariables(environment, name, service),
      ...checkApi(configuration, environment, name, service),
    ]),
    ...checkHosts(configuration, environment),
  ])
  return [...new Map(found.toReversed().map((finding) => [finding.path.join('\0'), finding])).values()].toReversed()
}

const checkPlace = ({ environments, registry }: Configuration, environment: string, name: string): Finding[] => {
  const region = environments[environment]?.region
  if (region === registry.region) return []
  const message = `cannot run in ${environment}: Lambda takes images only from a registry in its own region, and ${environment} is in ${region}, the registry in ${registry.region}; have both in one region`
  return [{ path: ['services', name], at: 'key', message }]
}

const checkPlatforms = ({ images }: Configuration, name: string, { image }: LambdaService): Finding[] => {
  const platforms = images[image]?.platforms ?? []
  if (platforms.length < 2) return []
  const message = `must name an image of one platform, as Lambda runs no index, and "${image}" is built for ${platforms.join(' and ')}; give the functions an image of their own`
  return [{ path: ['services', name, 'image'], at: 'value', message }]
}

/** Variables that Lambda sets itself, and refuses from anybody else (Lambda developer guide, "Defined runtime environment variables"). */
const RESERVED =
  /^(?:_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR)|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_(?:ACCESS_)?KEY|AWS_SESSION_TOKEN)$/

/** Bytes of all names and values together. */
const MOST_VARIABLES = 4096

const checkVariables = (environment: string, name: string, { variables = {}, secrets }: LambdaService): Finding[] => {
  const path = ['services', name, 'variables']
  const taken = Object.keys(variables).filter((key) => RESERVED.test(key) || (key === 'SECRET_ID' && secrets !== undefined))
  const size = Buffer.byteLength(Object.entries(variables).flat().join(''))
  const message = `takes ${size} bytes in ${environment}, Lambda allows ${MOST_VARIABLES}; read the rest from somewhere else`
  return [
    ...taken.map((key) => ({ path, at: 'key' as const, message: `has ${key}, which is set for every function; rename it` })),
    ...(size > MOST_VARIABLES ? [{ path, at: 'key' as const, message }] : []),
  ]
}

const checkApi = (configuration: Configuration, environment: string, name: string, service: LambdaService): Finding[] => {
  const { http, timeout } = service
  if (http === undefined) return []
  const declared = configuration.services[name]?.in?.[environment]
  const at = (key: 'http' | 'timeout', ...inner: string[]): string[] => {
    const where = declared !== undefined && Object.hasOwn(declared, key) ? ['in', environment] : []
    return ['services', name, ...where, key, ...inner]
  }
  const keys = functionKeys(name, service)
  const routes = Object.entries(http.routes ?? {})
  const open = (http.authorizer?.public ?? []).filter((route) => http.routes !== undefined && !Object.hasOwn(http.routes, route))
  return [
    ...(http.routes === undefined && keys.length > 1
      ? [{ path: at('http'), at: 'key' as const, message: `needs 'routes' that say which of ${keys.join(', ')} answers what` }]
      : []),
    ...routes
      .filter(([, key]) => !keys.includes(key))
      .map(([route, key]) => ({
        path: at('http', 'routes', route),
        at: 'value' as const,
        message: `must name a function of this service (one of ${keys.join(', ')}), got "${key}"`,
      })),
    ...open.map((route) => ({
      path: at('http', 'authorizer', 'public'),
      at: 'value' as const,
      message: `must name routes of 'routes' (one of ${routes.map(([key]) => key).join(', ')}), got "${route}"`,
    })),
    ...(timeout !== undefined && seconds(timeout) > LONGEST_ANSWER
      ? [
          {
            path: at('timeout'),
            at: 'value' as const,
            message: `must be at most ${LONGEST_ANSWER}s behind 'http', whose API answers for the function after 30 s, got "${timeout}"; shorten it, or give what takes longer a service of its own`,
          },
        ]
      : []),
  ]
}

/** A host name that no certificate is for, or that belongs to another service. */
const checkHosts = (configuration: Configuration, environment: string): Finding[] => {
  const { domain, zone, certificate } = configuration.environments[environment] ?? {}
  const apis = apisIn(configuration, environment)
  if (domain === undefined || apis.length === 0) return []
  const names = apis.map(({ name }) => name).join(', ')
  const behind = new Map(routesOf(configuration, environment).map(({ host, service }) => [host, service]))
  const clash = apis.flatMap(({ name, host }, index) => {
    const other = behind.get(host) ?? apis.slice(0, index).find((each) => each.host === host)?.name
    const message = `would answer at the same address as ${other} in ${environment}, ${host}; give one of them another 'host'`
    return other === undefined ? [] : [{ path: ['services', name], at: 'key' as const, message }]
  })
  if (zone !== undefined || certificate !== undefined) return clash
  const message = `has no certificate, without which the API of ${names} cannot answer there: add 'zone', the id of its hosted zone in Route 53, or 'certificate', the ARN of one in Certificate Manager; or remove 'domain', and it answers at the address that AWS gives it`
  return [{ path: ['environments', environment, 'domain'], at: 'key', message }, ...clash]
}
