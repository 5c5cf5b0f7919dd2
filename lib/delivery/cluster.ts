import type { Configuration } from './configuration.ts'
import { type Architecture, architectureOf, ownEcs } from './ecs.ts'
import { architectureOf as processorOf } from './hosts.ts'
import { isProtected } from './protect.ts'

/** What the services on ECS of an environment have in common, with its defaults. */
export const clusterOf = (configuration: Configuration, environment: string) => {
  const protect = isProtected(configuration, environment)
  const { insights, accessLogs, shellLogs = 365 } = configuration.environments[environment]?.cluster ?? {}
  return {
    insights: insights ?? (protect ? 'on' : 'off'),
    accessLogs: accessLogs ?? (protect ? 90 : false),
    shellLogs,
    shell: ownEcs(configuration, environment).some(([, { shell }]) => shell === true),
    ...instancesOf(configuration, environment),
  }
}

/**
 * Container instances, where a service runs on them or `instances` asks for them. The second is for a service that leaves them:
 * its cluster is brought before its own stack, and AWS takes no capacity from a cluster while a service runs on it.
 */
const instancesOf = (configuration: Configuration, environment: string) => {
  const asked = configuration.environments[environment]?.cluster?.instances
  const services = ownEcs(configuration, environment)
  const [, onThem] = services.find(([, { capacity }]) => capacity === 'ec2') ?? []
  if (onThem === undefined && asked === undefined) return {}
  const { type, most = 4 } = asked ?? {}
  const known = onThem ?? (type === undefined ? services[0]?.[1] : undefined)
  const architecture: Architecture = known
    ? architectureOf(configuration, known)
    : type !== undefined && processorOf(type) === 'arm64'
      ? 'ARM64'
      : 'X86_64'
  return { instances: { architecture, type: type ?? (architecture === 'ARM64' ? 't4g.medium' : 't3.medium'), most } }
}
