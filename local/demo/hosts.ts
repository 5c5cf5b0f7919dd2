import { bashHosts } from '../aws/ssm/bash-hosts.ts'
import type { HostExecutor } from '../aws/ssm/executor.ts'
import { createHost, type Host, removeHosts } from '../hosts/host.ts'
import { proxyImage } from '../hosts/proxy-image.ts'
import type { LocalCloud } from './local-cloud.ts'
import type { EnvironmentSetting, HostSetting, Setting } from './setting.ts'

type Options = {
  /** A short path: sockets are below it. */
  folder: string
  home: string
  env: Record<string, string>
  session: string
  say: (line: string) => void
}

export type Hosts = {
  executor: HostExecutor
  /** Puts a host of an environment up, which gets the credentials of its own role from its metadata service. */
  make(local: LocalCloud, registry: Setting['registry'], environment: EnvironmentSetting, setting: HostSetting): Promise<void>
  /** Where the proxy of a host answers. */
  address(instanceId: string): string
  removeAll(): Promise<void>
}

/** EC2 hosts on the Docker engine of this machine, which run the scripts of commands for real. */
export const dockerHosts = ({ folder, home, env, session, say }: Options): Hosts => {
  const hosts = new Map<string, Host>()
  let image: Promise<string> | undefined
  const executor = bashHosts((instanceId) => {
    const host = hosts.get(instanceId)
    return host && { path: host.environment['PATH'] ?? '', environment: host.environment, reboot: () => host.reboot() }
  })
  return {
    executor,
    async make({ cloud, metadata }, registry, { region }, setting) {
      image ??= proxyImage({ home, env, say })
      const name = setting.settings['REPOSITORY']?.split('/')[0] ?? ''
      const address = new URL(await cloud.registry(registry.account, registry.region)).host
      const identity = { endpoint: cloud.endpoint, region }
      const tools = {
        folder,
        env,
        session,
        proxyImage: await image,
        registry: { name, address },
        identity,
        metadata: await metadata(setting.instanceId),
      }
      hosts.set(setting.instanceId, await createHost(tools, setting))
    },
    address: (instanceId) => hosts.get(instanceId)?.address ?? '',
    removeAll: () => removeHosts({ env, session, folder }),
  }
}
