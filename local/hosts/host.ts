import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { sessionLabel } from '../containers/docker-arguments.ts'
import { run } from '../engine/command.ts'
import { listen } from '../listen.ts'
import type { HostIdentity } from './aws.ts'
import { writeShims } from './shims.ts'

/** What infrastructure makes of a host for one service: plain data, all names included. */
export type HostSpec = {
  instanceId: string
  /** How the host calls the service: its file is named so. */
  service: string
  /** Docker network of the service's containers. */
  network: string
  /** `config` is HAProxy's; `port` is the one on which it listens inside its container. */
  proxy: { name: string; config: string; port: number }
  /** Lines of `/etc/slipway/SERVICE.env`; `PROXY_URL` is added. */
  settings: Record<string, string>
  /** Environment of the service's containers. */
  variables?: Record<string, string>
}

/** What all hosts of one run share. */
export type HostTools = {
  /** Each host gets a folder of its own below it. Short, because a socket's path may have 107 bytes only. */
  folder: string
  /** Environment of the docker commands. */
  env: Record<string, string>
  /** Label of everything that is started; `removeHosts` finds it by that. */
  session: string
  /** Image of the proxy. */
  proxyImage: string
  registry: { name: string; address: string }
  identity: HostIdentity
  /** Address of the metadata service of the host's instance, where the host gets its credentials from it. */
  metadata?: string
}

export type Host = {
  instanceId: string
  /** The folder that stands for `/`. */
  root: string
  /** Environment of every program on the host; the shims are first on its PATH. As under the agent, there is no HOME. */
  environment: Record<string, string>
  /** Where the proxy answers on loopback, also after a reboot. */
  address: string
  /** Everything stops at once; then what has a restart policy starts again, and the boot step runs. */
  reboot(boot?: () => Promise<unknown>): Promise<void>
}

const hostLabel = 'slipway.host'
const longestSocket = 107

/** The engine that the user's context means is named, because programs on a host have a configuration folder of their own. */
const engineHost = async (env: Record<string, string>): Promise<string> =>
  env['DOCKER_HOST'] ?? (await run('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], { env })).trim()

const freePort = async (): Promise<number> => {
  const listener = await listen(new Hono())
  await listener.close()
  return listener.port
}

const answers = async (port: number): Promise<void> => {
  for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
    const accepted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (accepted) return
    if (Date.now() > deadline) throw new Error(`the proxy of a simulated host did not listen on port ${port} within 20 s`)
  }
}

/** `/run` is empty after a restart, and its folders are made anew by tmpfiles.d: for a user of the proxy's own too. */
const makeRun = async (root: string): Promise<void> => {
  await rm(join(root, 'run'), { recursive: true, force: true })
  await mkdir(join(root, 'run/slipway'), { recursive: true })
  await chmod(join(root, 'run/slipway'), 0o777)
}

const layOut = async (root: string, { service, proxy, settings, variables = {} }: HostSpec, address: string): Promise<void> => {
  const socket = join(root, 'run/slipway', `${service}.sock`)
  if (socket.length > longestSocket)
    throw new Error(`${socket} is longer than a socket's ${longestSocket} bytes; use a shorter folder`)
  for (const folder of ['etc/slipway', 'var/lib/slipway', 'tmp']) await mkdir(join(root, folder), { recursive: true })
  await makeRun(root)
  const file = (ending: string, values: Record<string, string>) => {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
    return writeFile(join(root, `etc/slipway/${service}.${ending}`), lines.join(''))
  }
  await file('env', { ...settings, PROXY_URL: address })
  await file('variables', variables)
  await writeFile(join(root, `etc/slipway/${service}.cfg`), proxy.config)
}

/** Puts up a host on the engine: its files, its programs, the network of its service and the proxy. `removeHosts` takes it away. */
export const createHost = async (tools: HostTools, spec: HostSpec): Promise<Host> => {
  const { env, session, registry, identity } = tools
  const { instanceId, service, network, proxy } = spec
  const root = join(tools.folder, instanceId)
  const docker = (...args: string[]) => run('docker', args, { env })
  const labels = { [sessionLabel]: session, [hostLabel]: instanceId }
  const labelled = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`])
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  await layOut(root, spec, address)
  const identityFile = join(root, 'identity.json')
  await writeFile(identityFile, JSON.stringify(identity), { mode: 0o600 })
  const program = (await run('sh', ['-c', 'command -v docker'], { env })).trim()
  const shims = { docker: { program, host: await engineHost(env) }, labels, registry, identity: identityFile }
  await writeShims(join(root, 'bin'), shims)
  await docker('network', 'create', ...labelled, network)
  const mounts = [`${root}/etc/slipway/${service}.cfg:/etc/haproxy/haproxy.cfg:ro`, `${root}/run/slipway:/run/slipway`]
  const place = [
    '--name',
    proxy.name,
    '--network',
    network,
    '--restart',
    'unless-stopped',
    '--publish',
    `127.0.0.1:${port}:${proxy.port}`,
  ]
  await docker('run', '--detach', ...place, ...labelled, ...mounts.flatMap((mount) => ['--volume', mount]), tools.proxyImage)
  await answers(port)

  const containers = async (...filters: string[]) => {
    const all = [`label=${sessionLabel}=${session}`, `label=${hostLabel}=${instanceId}`, ...filters]
    return (await docker('ps', '--quiet', ...all.flatMap((filter) => ['--filter', filter]))).split('\n').filter(Boolean)
  }
  return {
    instanceId,
    root,
    environment: {
      PATH: `${root}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      SLIPWAY_ROOT: root,
      TMPDIR: join(root, 'tmp'),
      AWS_SSM_INSTANCE_ID: instanceId,
      AWS_SSM_REGION_NAME: identity.region,
      ...(tools.metadata !== undefined && { AWS_EC2_METADATA_SERVICE_ENDPOINT: tools.metadata }),
    },
    address,
    async reboot(boot) {
      const running = await containers()
      const format = '{{.Id}} {{.HostConfig.RestartPolicy.Name}}'
      const policies = running.length > 0 ? await docker('inspect', '--format', format, ...running) : ''
      if (running.length > 0) await docker('kill', ...running)
      await makeRun(root)
      const returning = policies
        .split('\n')
        .flatMap((line) => (line.endsWith('unless-stopped') ? [line.split(' ')[0] ?? ''] : []))
      if (returning.length > 0) await docker('start', ...returning)
      await answers(port)
      await boot?.()
    },
  }
}

/** Takes away all containers and networks of a run's hosts, and their folders. */
export const removeHosts = async ({ env, session, folder }: Pick<HostTools, 'env' | 'session' | 'folder'>): Promise<void> => {
  const filter = ['--quiet', '--filter', `label=${sessionLabel}=${session}`, '--filter', `label=${hostLabel}`]
  const found = async (...list: string[]) => (await run('docker', [...list, ...filter], { env })).split('\n').filter(Boolean)
  const containers = await found('ps', '--all')
  if (containers.length > 0) await run('docker', ['rm', '--force', '--volumes', ...containers], { env })
  const networks = await found('network', 'ls')
  if (networks.length > 0) await run('docker', ['network', 'rm', ...networks], { env })
  await rm(folder, { recursive: true, force: true })
}
