import { createHash } from 'node:crypto'
import type { Configuration } from './configuration.ts'
import { publishedEcs } from './ecs.ts'

/** Where a service answers, and its place among the rules of the load balancer. */
export type Route = { service: string; host?: string; path?: string; priority: number }

/** The rule of the service that answers whatever no other does. */
const LAST = 50_000

/**
 * Places by how many parts the path has: a longer path is asked before a shorter one, because it may be below it. Two paths
 * of the same length never both fit, so their order does not matter.
 */
const PLACES = [
  { from: 30_000, to: 49_999 },
  { from: 10_000, to: 29_999 },
  { from: 5_000, to: 9_999 },
  { from: 1, to: 4_999 },
] as const

/** The rules of an environment's load balancer. That of a service does not depend on which others there are. */
export const routesOf = (configuration: Configuration, environment: string): Route[] =>
  publishedEcs(configuration, environment).map(([service, { host = service, path, priority }]) => {
    const { domain } = configuration.environments[environment] ?? {}
    const full = domain === undefined ? undefined : host === '@' ? domain : `${host}.${domain}`
    return {
      service,
      ...(full !== undefined && { host: full }),
      ...(path !== undefined && { path }),
      priority: priority ?? placeOf(full, path),
    }
  })

const placeOf = (host: string | undefined, path: string | undefined): number => {
  if (host === undefined && path === undefined) return LAST
  const parts = (path ?? '').split('/').length - 1
  const { from, to } = PLACES[Math.min(parts, 3) as 0 | 1 | 2 | 3]
  const hash = createHash('sha256')
    .update(`${host ?? ''}${path ?? ''}`)
    .digest()
    .readUInt32BE(0)
  return from + (hash % (to - from + 1))
}

/** Address of a published service. `loadBalancer` tells the host name that AWS gave the load balancer; asked where there is no other. */
export const addressOf = ({ host, path = '' }: Route, loadBalancer: () => string): string =>
  host === undefined ? `http://${loadBalancer()}${path}` : `https://${host}${path}`
