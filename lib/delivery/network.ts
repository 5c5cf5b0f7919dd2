import type { Configuration, Environment, Service } from './configuration.ts'
import type { Finding } from './finding.ts'
import type { Endpoint } from './schema/network.ts'
import { serviceIn } from './services.ts'

/** The network of an environment with its defaults. */
export const networkOf = ({ network = {} }: Environment) => {
  const { cidr = '10.0.0.0/16', zones = 2, subnets = 'private', endpoints = [], flowLogs = 30 } = network
  return { cidr, zones, subnets, nat: network.nat ?? (subnets === 'private' ? 'one' : 'none'), endpoints, flowLogs }
}

/** Services whose network is ours: those on ecs and ec2 that are not adopted. */
export const inNetwork = (configuration: Configuration, environment: string): [string, Service][] =>
  Object.entries(configuration.services)
    .map(([name, service]): [string, Service] => [name, serviceIn(service, environment)])
    .filter(
      ([, service]) =>
        (service.target === 'ecs' && service.names?.service === undefined && service.names?.cluster === undefined) ||
        (service.target === 'ec2' && service.names?.tag === undefined),
    )

/**
 * What a service in a private subnet without NAT cannot do without: its image, its logs, its secrets; a shell its channel; a host
 * also Run Command, and CloudFormation, which it tells that it is ready.
 */
const needed = ([, service]: [string, Service]): Endpoint[] => [
  'ecr.api',
  'ecr.dkr',
  'logs',
  ...(service.secrets === undefined ? [] : (['secretsmanager'] as const)),
  ...(service.target === 'ecs' && service.shell === true ? (['ssmmessages'] as const) : []),
  ...(service.target === 'ec2' ? (['cloudformation', 'ssm', 'ssmmessages'] as const) : []),
]

/** Networks in which what is to run there could not run. */
export const checkNetworks = (configuration: Configuration): Finding[] =>
  Object.entries(configuration.environments).flatMap(([name, environment]) => {
    const { subnets, nat, endpoints, zones } = networkOf(environment)
    const services = inNetwork(configuration, name)
    const at = (key: string, message: string): Finding => ({
      path: environment.network === undefined ? ['environments', name] : ['environments', name, 'network'],
      at: 'key',
      message: `${key} ${message}`,
    })
    const missing = [...new Set(services.flatMap(needed))].filter((endpoint) => !endpoints.includes(endpoint))
    const published = services.filter(([, service]) => service.target === 'ecs' && service.port !== undefined)
    return [
      ...(subnets === 'public' && nat !== 'none'
        ? [at('has NAT gateways', `("nat": "${nat}") that nothing would use, since services run in public subnets; remove 'nat'`)]
        : []),
      ...(subnets === 'private' && nat === 'none' && missing.length > 0
        ? [
            at(
              'has no way out',
              `for services in private subnets: without NAT they need the endpoints ${missing.join(', ')}; add them to 'endpoints', or set "nat": "one", or "subnets": "public"`,
            ),
          ]
        : []),
      ...(nat === 'per-zone' && zones === 1
        ? [at('has one zone', 'and NAT gateways per zone, which is one; write "nat": "one", or more \'zones\'')]
        : []),
      ...(zones === 1 && published.length > 0
        ? [at('has one zone', `but the load balancer of ${published.map(([key]) => key).join(', ')} needs two; set "zones": 2`)]
        : []),
    ]
  })
