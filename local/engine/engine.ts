import { join } from 'node:path'
import { attempt, run } from './command.ts'
import { engineEnv, joinEngine, leaveEngine, startEngine } from './daemon.ts'
import { alone } from './lock.ts'
import { debianRelease, engineRelease, type Release, unpack } from './packages.ts'
import { type EnginePlace, enginePlace } from './place.ts'
import { systemEngine } from './system.ts'

export type Engine = {
  /** To be added to the environment of every `docker` command; empty for the machine's own engine. */
  env: { DOCKER_HOST?: string; DOCKER_CONFIG?: string; PATH?: string; BUILDX_BUILDER?: string }
  kind: 'system' | 'private'
  /** Ends a private engine and removes all it holds, where no other process uses it; otherwise leaves it to the others. */
  stop(): Promise<void>
}

export type EngineOptions = {
  /** A folder of the clone; programs are kept there between starts. */
  home: string
  say: (line: string) => void
  /** Whether missing packages may be installed on the machine (`iptables` and `iproute2`, where they are missing). */
  install: boolean
  /** Leave the private engine running when this process ends. */
  keep?: boolean
}

const remedy =
  'install Docker 25 or later with buildx and turn on its containerd image store, or run as root on Debian 12 or later, or Ubuntu'

const installMissing = async ({ say, install }: EngineOptions): Promise<void> => {
  const found = await Promise.all(['iptables', 'ip'].map((name) => attempt('sh', ['-c', `command -v ${name}`])))
  const missing = ['iptables', 'iproute2'].filter((_, i) => !found[i])
  if (missing.length === 0) return
  if (!install) throw new Error(`${missing.join(' and ')} missing; run: apt-get install ${missing.join(' ')}`)
  say(`installing ${missing.join(' and ')} with apt-get`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], { env })
}

const unpackPrograms = async (place: EnginePlace, release: Release, say: EngineOptions['say']): Promise<void> => {
  const target = engineRelease(release)
  // Debian has split the command line from the engine; Ubuntu has not.
  const cli = release.id === 'debian' ? ['docker-cli'] : []
  await unpack(place.programs, ['docker.io', 'containerd', 'tini', ...cli, 'docker-buildx'], release, target, say)
  // Only runc is taken from the machine's own release: a newer one is linked against a newer C library.
  const runc = await attempt('sh', ['-c', 'command -v runc'])
  if (!runc) await unpack(place.programs, ['runc'], release, release.codename, say)
}

/**
 * A Docker engine whose buildx can export OCI archives: the machine's own if it can, else a private one (own sockets, data, network),
 * which needs root on Debian or Ubuntu. An engine that cannot is named and left untouched.
 */
export const ensureEngine = async (options: EngineOptions): Promise<Engine> => {
  const { say, home } = options
  const system = await systemEngine()
  if (system.state === 'usable') {
    say(`using ${system.name}, which is running`)
    return { env: {}, kind: 'system', stop: async () => undefined }
  }
  const lacks =
    system.state === 'unusable'
      ? `${system.name} is running but lacks ${system.missing}; it is left as it is`
      : 'no Docker engine is running'
  const release = await debianRelease()
  if (process.getuid?.() !== 0 || !release)
    throw new Error(`${lacks}, and one of its own needs root on Debian or Ubuntu: ${remedy}`)
  say(`${lacks}; a private one is used`)
  const place = enginePlace(home)
  const keep = options.keep ?? false
  await alone(place.group, async () => {
    if (await joinEngine(place, keep)) return
    await installMissing(options)
    await unpackPrograms(place, release, say)
    await startEngine(place, keep)
    say(`private Docker engine started; its log is ${join(place.logs, 'dockerd.log')}`)
  })
  let isUsed = true
  const stop = async (): Promise<void> => {
    if (isUsed) await alone(place.group, () => leaveEngine(place))
    isUsed = false
  }
  return { env: engineEnv(place), kind: 'private', stop }
}
