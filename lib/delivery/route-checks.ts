import type { Configuration } from './configuration.ts'
import { publishedEcs } from './ecs.ts'
import type { Finding } from './finding.ts'
import { type Route, routesOf } from './routes.ts'

/** Addresses that do not say which service is meant, and a domain that has no certificate. */
export const checkRoutes = (configuration: Configuration, environment: string): Finding[] => [
  ...checkDomain(configuration, environment),
  ...checkAddresses(configuration, environment),
]

const checkDomain = (configuration: Configuration, environment: string): Finding[] => {
  const { domain, zone, certificate, account, region } = configuration.environments[environment] ?? {}
  const path = (key: string): string[] => ['environments', environment, key]
  const without = (['zone', 'certificate'] as const).filter(
    (key) => domain === undefined && { zone, certificate }[key] !== undefined,
  )
  const published = publishedEcs(configuration, environment).map(([name]) => name)
  const [, , , itsRegion, itsAccount] = certificate?.split(':') ?? []
  return [
    ...without.map((key) => ({
      path: path(key),
      at: 'key' as const,
      message: "needs a domain that it belongs to: add 'domain', or remove it",
    })),
    ...(domain !== undefined && zone === undefined && certificate === undefined && published.length > 0
      ? [
          {
            path: path('domain'),
            at: 'key' as const,
            message: `has no certificate, without which the load balancer of ${published.join(', ')} cannot answer there: add 'zone', the id of its hosted zone in Route 53, or 'certificate', the ARN of one in Certificate Manager; or remove 'domain', and it answers by plain HTTP`,
          },
        ]
      : []),
    ...(certificate !== undefined && (itsRegion !== region || itsAccount !== account)
      ? [
          {
            path: path('certificate'),
            at: 'value' as const,
            message: `must be in the account and region of ${environment}, ${account} and ${region}, got ${itsAccount} and ${itsRegion}`,
          },
        ]
      : []),
  ]
}

const checkAddresses = (configuration: Configuration, environment: string): Finding[] => {
  const routes = routesOf(configuration, environment)
  return routes.flatMap((route, index) => {
    const earlier = routes.slice(0, index)
    const same = earlier.find(({ host, path }) => host === route.host && path === route.path)
    const place = same === undefined ? earlier.find(({ priority }) => priority === route.priority) : undefined
    if (same !== undefined) return [sameAddress(environment, route, same)]
    return place === undefined ? [] : [samePlace(environment, route, place)]
  })
}

const sameAddress = (environment: string, { service, host, path }: Route, other: Route): Finding => {
  const address = `${host ?? 'the load balancer'}${path ?? ''}`
  const remedy = host === undefined ? "a 'path', or the environment a 'domain'" : "another 'host', or a 'path'"
  const message = `would answer at the same address as ${other.service} in ${environment}, ${address}; give one of them ${remedy}`
  return { path: ['services', service], at: 'key', message }
}

const samePlace = (environment: string, { service, priority }: Route, other: Route): Finding => {
  const message = `gets the same place among the rules of the load balancer as ${other.service} in ${environment}, ${priority}; give one of them a 'priority' of its own`
  return { path: ['services', service], at: 'key', message }
}
