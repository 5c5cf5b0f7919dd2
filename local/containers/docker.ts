import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Time } from '../time.ts'
import { checkArguments, createArguments, inheritedVariables, sessionLabel } from './docker-arguments.ts'
import { type DockerCli, dockerCli } from './docker-cli.ts'
import { afterCheck, type Counting, unknownHealth } from './health.ts'
import {
  type ContainerEvents,
  type ContainerRuntime,
  type ContainerSpec,
  type Exit,
  PullError,
  type TargetCheck,
} from './runtime.ts'

/** Pulls with credentials that only this pull sees. References carry a digest, so what the engine has already is right. */
const pull = async (
  docker: DockerCli,
  { reference, credentials }: ContainerSpec['image'],
  signal: AbortSignal | undefined,
  pulled: Set<string>,
): Promise<void> => {
  if ((await docker.run(['image', 'inspect', reference])).code === 0) return
  const folder = await mkdtemp(join(tmpdir(), 'slipway-pull-'))
  try {
    const auth = credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
    const auths = auth ? { [reference.split('/')[0] ?? '']: { auth } } : {}
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 })
    await docker.output(['--config', folder, 'pull', '--quiet', reference], { signal })
    pulled.add(reference)
  } catch (error) {
    signal?.throwIfAborted()
    throw new PullError(error instanceof Error ? error.message : String(error), { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Inspection = {
  State: { ExitCode: number; OOMKilled: boolean; Running: boolean }
  NetworkSettings: { IPAddress: string; Ports: Record<string, { HostIp: string; HostPort: string }[] | null> }
}

const inspect = async (docker: DockerCli, id: string): Promise<Inspection> => {
  const [found] = JSON.parse(await docker.output(['container', 'inspect', id])) as Inspection[]
  if (!found) throw new Error(`no container ${id}`)
  return found
}

const publishedPorts = (found: Inspection): Map<number, number> =>
  new Map(
    Object.entries(found.NetworkSettings.Ports).flatMap(([key, bindings]) => {
      const host = bindings?.find(({ HostIp }) => HostIp === '127.0.0.1')?.HostPort
      return host === undefined ? [] : [[Number.parseInt(key, 10), Number(host)] as const]
    }),
  )

/** A container that somebody else removed counts as killed. */
const exitOf = async (docker: DockerCli, id: string): Promise<Exit> => {
  try {
    await docker.output(['wait', id])
    const { State } = await inspect(docker, id)
    return { code: State.ExitCode, oomKilled: State.OOMKilled }
  } catch {
    return { code: 137, oomKilled: false }
  }
}

type Watch = { check: Counting; probe(timeout: number): Promise<boolean>; tell: ContainerEvents['health'] | undefined }

/** Checks until the container has ended. Not Docker's own checks: those need a shell in the image, and know no time factor. */
const watchHealth = async ({ check, probe, tell }: Watch, time: Time, ended: AbortSignal): Promise<void> => {
  const start = Date.now()
  let health = unknownHealth
  for (;;) {
    await time.sleep(check.interval)
    if (ended.aborted) return
    const passed = await probe(Math.max(1, check.timeout / time.factor)).catch(() => false)
    if (ended.aborted) return
    const before = health.status
    health = afterCheck(health, passed, (Date.now() - start) * time.factor, check)
    if (health.status !== before && health.status !== 'UNKNOWN') tell?.(health.status)
  }
}

/** What is to be checked of a container: by a command inside it, and over HTTP as a load balancer does. */
const watches = (docker: DockerCli, id: string, spec: ContainerSpec, events: ContainerEvents, ports: Map<number, number>) => {
  const { healthCheck, targetCheck } = spec
  const args = healthCheck && checkArguments(id, healthCheck.command)
  const answers = async ({ port, path }: TargetCheck, timeout: number): Promise<boolean> => {
    if (path === undefined) return ports.has(port)
    const url = `http://127.0.0.1:${ports.get(port)}${path}`
    return (await fetch(url, { signal: AbortSignal.timeout(timeout), redirect: 'manual' })).status === 200
  }
  const all: Watch[] = []
  if (healthCheck && args) {
    const probe = async (timeout: number) => (await docker.run(args, { timeout })).code === 0
    all.push({ check: healthCheck, probe, tell: events.health })
  }
  if (targetCheck) all.push({ check: targetCheck, probe: (timeout) => answers(targetCheck, timeout), tell: events.target })
  return all
}

/** Asked by listening: the list of interfaces leaves out a bridge that has no container yet. */
const isOurs = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(0, address, () => server.close(() => resolve(true)))
  })

/**
 * Containers on the Docker engine that the docker CLI talks to in `env`.
 * They carry the label `slipway.session`; ports are published on 127.0.0.1 only.
 */
export const dockerRuntime = (
  time: Time,
  { session = randomBytes(8).toString('hex'), env = process.env }: { session?: string; env?: NodeJS.ProcessEnv } = {},
): ContainerRuntime => {
  const docker = dockerCli(env)
  const pulled = new Set<string>()
  return {
    async start(spec, events, signal) {
      await pull(docker, spec.image, signal, pulled)
      signal?.throwIfAborted()
      const id = await docker.output(createArguments(spec, session), { variables: inheritedVariables(spec) })
      const ended = new AbortController()
      const remove = () => docker.run(['rm', '--force', '--volumes', id])
      try {
        signal?.throwIfAborted()
        await docker.output(['start', id])
      } catch (error) {
        await remove()
        throw error
      }
      const lines = docker.follow(id, events.log)
      const found = await inspect(docker, id)
      const end = async (): Promise<Exit> => {
        await lines
        const exit = await exitOf(docker, id)
        ended.abort()
        await remove()
        return exit
      }
      const exited = end()
      const ports = publishedPorts(found)
      for (const each of watches(docker, id, spec, events, ports)) void watchHealth(each, time, ended.signal)
      return {
        id,
        address: found.NetworkSettings.IPAddress,
        ports,
        exited,
        async stop() {
          const grace = Math.ceil(spec.stopTimeout / time.factor / 1_000)
          if (!ended.signal.aborted) await docker.run(['stop', '--time', String(grace), id])
          await exited
        },
      }
    },

    /** The bridge's gateway where the engine runs on this machine; where it runs in a virtual machine, that one's name for the host. */
    async gateway() {
      const format = '{{range .IPAM.Config}}{{.Gateway}} {{end}}'
      const addresses = (await docker.output(['network', 'inspect', 'bridge', '--format', format])).split(' ')
      const [gateway] = (await Promise.all(addresses.map(async (each) => ((await isOurs(each)) ? [each] : [])))).flat()
      return gateway ? { listen: gateway, reach: gateway } : { listen: '127.0.0.1', reach: 'host.docker.internal' }
    },

    async removeAll() {
      const ids = await docker.output(['ps', '--all', '--quiet', '--filter', `label=${sessionLabel}=${session}`])
      if (ids !== '') await docker.run(['rm', '--force', '--volumes', ...ids.split('\n')])
      if (pulled.size > 0) await docker.run(['rmi', '--force', ...pulled])
      pulled.clear()
    },
  }
}
