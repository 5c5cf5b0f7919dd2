import type { Configuration, Service } from './configuration.ts'
import { seconds } from './schema/fields.ts'
import { serviceIn } from './services.ts'

export type EcsService = Extract<Service, { target: 'ecs' }>

/** Services on ECS that are ours in an environment, as they are there: neither the service nor its cluster exists already. */
export const ownEcs = ({ services }: Configuration, environment: string): [string, EcsService][] =>
  Object.entries(services).flatMap(([name, declared]) => {
    const service = serviceIn(declared, environment)
    if (service.target !== 'ecs') return []
    const { names = {} } = service
    return names.service === undefined && names.cluster === undefined ? [[name, service] as [string, EcsService]] : []
  })

/** Those of them that answer requests. */
export const publishedEcs = (configuration: Configuration, environment: string): [string, EcsService & { port: number }][] =>
  ownEcs(configuration, environment).flatMap(([name, { port, ...service }]) =>
    port === undefined ? [] : [[name, { ...service, port }] as [string, EcsService & { port: number }]],
  )

/** Size of a task in CPU units and MiB. */
export const sizeOf = ({ cpu = 256, memory }: EcsService) => ({ cpu, memory: memory ?? cpu * 2 })

export type Architecture = 'X86_64' | 'ARM64'

/**
 * What the tasks run on: the first platform that the image is built for. So a service can move either way, while the image on
 * record is already built for both.
 */
export const architectureOf = ({ images }: Configuration, { image }: Service): Architecture => {
  const [platform = 'linux/amd64'] = images[image]?.platforms ?? []
  return platform === 'linux/arm64' ? 'ARM64' : 'X86_64'
}

/** Seconds in which a container must stop, and in which the load balancer lets it finish its requests before. */
export const stopSeconds = ({ stopTimeout = '30s' }: EcsService): number => seconds(stopTimeout)

/** The file system of a container cannot be read-only where the agent of ECS Exec works in it (developer guide, "ECS Exec"). */
export const isReadOnly = ({ shell = false, readonly = !shell }: EcsService): boolean => readonly
