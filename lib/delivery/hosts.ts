import type { Configuration, Environment, Service } from './configuration.ts'
import type { Finding } from './finding.ts'
import { routesOf } from './routes.ts'
import { serviceIn } from './services.ts'

export type Ec2Service = Extract<Service, { target: 'ec2' }>

/** Services on hosts that are ours, as they are in one environment, by name. */
export const hostedServices = ({ services }: Configuration, environment: string): [string, Ec2Service][] =>
  Object.entries(services).flatMap(([name, declared]) => {
    const service = serviceIn(declared, environment)
    return service.target === 'ec2' && service.names?.tag === undefined ? [[name, service] as [string, Ec2Service]] : []
  })

/** Whether everybody may reach it. Of such a service there is one host, since its address is one. */
export const isPublished = ({ port, published = true }: Ec2Service): boolean => port !== undefined && published

/** Name under which a published service is reached; undefined where the environment has no domain. */
export const publicName = (name: string, { host = name }: Ec2Service, { domain }: Environment): string | undefined =>
  domain === undefined ? undefined : host === '@' ? domain : `${host}.${domain}`

type Architecture = 'x86_64' | 'arm64'

/** The letter g behind the generation stands for Graviton: `t4g`, `c7gn`, `im4gn`; `a1` came before. */
export const architectureOf = (instanceType: string): Architecture =>
  /^(a1|[a-z]+\d+g[a-z-]*)\./.test(instanceType) ? 'arm64' : 'x86_64'

const PLATFORM = { x86_64: 'linux/amd64', arm64: 'linux/arm64' } as const satisfies Record<Architecture, string>

/** Instance type, volume and number of the hosts with their defaults. */
export const hostSize = ({ images }: Configuration, { image, instanceType, volume = 20, count = 1 }: Ec2Service) => {
  const armOnly = images[image]?.platforms?.every((platform) => platform === PLATFORM.arm64) ?? false
  return { instanceType: instanceType ?? (armOnly ? 't4g.small' : 't3.small'), volume, count }
}

/** Services that their hosts could not run, or nobody could reach; a place once, though it holds in three environments. */
export const checkHosts = (configuration: Configuration): Finding[] => {
  const found = Object.keys(configuration.environments).flatMap((environment) =>
    hostedServices(configuration, environment).flatMap(([name, service]) => check(configuration, environment, name, service)),
  )
  return [...new Map(found.toReversed().map((finding) => [finding.path.join('\0'), finding])).values()].toReversed()
}

const check = (configuration: Configuration, environment: string, name: string, service: Ec2Service): Finding[] => {
  const said = configuration.services[name]?.in?.[environment] ?? {}
  const at = (key: string, ...inner: string[]): string[] => [
    'services',
    name,
    ...(Object.hasOwn(said, key) ? ['in', environment] : []),
    key,
    ...inner,
  ]
  const { count, instanceType } = hostSize(configuration, service)
  const platform = PLATFORM[architectureOf(instanceType)]
  const { platforms = ['linux/amd64'] } = configuration.images[service.image] ?? {}
  const declared = configuration.environments[environment]
  const known = declared && isPublished(service) ? publicName(name, service, declared) : undefined
  const twin = hostedServices(configuration, environment).find(
    ([other, its]) => other < name && declared !== undefined && isPublished(its) && publicName(other, its, declared) === known,
  )?.[0]
  const sharing =
    known === undefined ? undefined : (routesOf(configuration, environment).find(({ host }) => host === known)?.service ?? twin)
  const lines = Object.entries(service.variables ?? {}).filter(([, value]) => /[\r\n]/.test(value))
  return [
    ...(isPublished(service) && count > 1
      ? [
          {
            path: at('count'),
            at: 'value' as const,
            message: `must be 1 or 0, got ${count}: a published service has one address, which belongs to one host; set "published": false and put a load balancer in front, or run it on ecs, which has one`,
          },
        ]
      : []),
    ...(service.published === true && service.port === undefined
      ? [
          {
            path: at('published'),
            at: 'key' as const,
            message: "needs a port to publish: add 'port', or remove it from this worker",
          },
        ]
      : []),
    ...(sharing === undefined
      ? []
      : [
          {
            path: service.host === undefined ? ['services', name] : at('host'),
            at: 'key' as const,
            message: `would be reached as ${known}, and so would ${sharing}; give one of them another 'host'`,
          },
        ]),
    ...(platforms.some((built) => built === platform)
      ? []
      : [
          {
            path: service.instanceType === undefined ? ['services', name, 'image'] : at('instanceType'),
            at: 'value' as const,
            message: `makes hosts of ${instanceType}, which run ${platform}, and image "${service.image}" is built for ${platforms.join(' and ')}; choose another type, or add the platform to the image`,
          },
        ]),
    ...lines.map(([key]) => ({
      path: at('variables', key),
      at: 'value' as const,
      message: 'must be one line: the file from which Docker takes the variables of a host cannot hold more',
    })),
  ]
}
