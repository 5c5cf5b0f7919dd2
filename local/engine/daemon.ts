import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt } from './command.ts'
import { removeLeftovers } from './leftovers.ts'
import { closeNetwork, type Network, openNetwork, planNetwork } from './network.ts'
import { type EnginePlace, programPath } from './place.ts'
import { identify, isAlive, type ProcessId, processesNaming } from './process.ts'

/** `users` are the processes whose last one stops the engine; one that is `kept` runs until it is stopped by hand. */
type State = { users: ProcessId[]; kept: boolean; network: Network }

const readState = async ({ state }: EnginePlace): Promise<State | undefined> => {
  const text = await readFile(state, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as State)
}

/** Environment with which every `docker` command speaks to this engine and to no other. */
export const engineEnv = (place: EnginePlace) => ({
  DOCKER_HOST: `unix://${place.run}/docker.sock`,
  DOCKER_CONFIG: place.config,
  PATH: programPath(place),
  // A builder that the user has chosen belongs to another engine.
  BUILDX_BUILDER: 'default',
})

const containerdConfig = ({ run, data }: EnginePlace) => `version = 2
root = "${data}/containerd"
state = "${run}/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "${run}/containerd.sock"
[ttrpc]
  address = "${run}/containerd.sock.ttrpc"
`

const dockerdArguments = ({ run, data, group, programs }: EnginePlace, { bridge, prefix }: Network) => [
  ...['--config-file', `${run}/dockerd.json`, '--host', `unix://${run}/docker.sock`, '--pidfile', `${run}/dockerd.pid`],
  ...['--data-root', `${data}/docker`, '--exec-root', `${run}/docker`, '--containerd', `${run}/containerd.sock`],
  ...['--bridge', bridge, '--default-address-pool', `base=${prefix}.0.0/17,size=24`, '--cgroup-parent', `/${group}`],
  ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--userland-proxy-path', join(programs, 'usr/sbin/docker-proxy')],
  ...[
    '--init-path',
    join(programs, 'usr/bin/tini-static'),
    '--iptables=false',
    '--ip6tables=false',
    '--ip-masq=false',
    '--ip-forward=false',
  ],
]

const start = (place: EnginePlace, name: string, args: string[]): ChildProcess => {
  const log = openSync(join(place.logs, `${name}.log`), 'w', 0o600)
  const env = { ...process.env, PATH: programPath(place) }
  const child = spawn(name, args, { detached: true, stdio: ['ignore', log, log], env, cwd: '/' })
  // A program that cannot be started shows in the wait for its answer.
  child.on('error', () => undefined)
  child.unref()
  return child
}

const answers = async (place: EnginePlace): Promise<boolean> =>
  (await attempt('docker', ['version', '--format', '{{.Server.Version}}'], { env: engineEnv(place), timeout: 5_000 })) !==
  undefined

/** A busy machine may keep an engine from answering for a while; it is not taken from those who use it for that. */
const answersInTime = async (place: EnginePlace): Promise<boolean> => {
  for (const deadline = Date.now() + 60_000; !(await answers(place)); await sleep(1_000)) {
    if (Date.now() > deadline || (await processesNaming(`${place.run}/dockerd.json`, 'cmdline')).length === 0) return false
  }
  return true
}

const lastWords = async ({ logs }: EnginePlace) => {
  const names = ['containerd.log', 'dockerd.log']
  const texts = await Promise.all(names.map((name) => readFile(join(logs, name), 'utf8').catch(() => '')))
  return texts.flatMap((text) => text.trim().split('\n').slice(-2)).join('\n')
}

const writeState = ({ state }: EnginePlace, content: State) => writeFile(state, JSON.stringify(content))

const living = async (users: readonly ProcessId[]): Promise<ProcessId[]> => {
  const found = await Promise.all(users.map(isAlive))
  return users.filter((_, index) => found[index])
}

/** This process as a user; none where the engine is to outlive it by intention. */
const asUser = async (keep: boolean): Promise<ProcessId[]> => {
  const me = keep ? undefined : await identify(process.pid)
  return me ? [me] : []
}

/** Has this process use the engine of this place, if one runs there for a living process or is kept up by hand. */
export const joinEngine = async (place: EnginePlace, keep: boolean): Promise<boolean> => {
  const state = await readState(place)
  const users = await living(state?.users ?? [])
  if (!state || (users.length === 0 && !state.kept) || !(await answersInTime(place))) return false
  await writeState(place, { ...state, users: [...users, ...(await asUser(keep))], kept: state.kept || keep })
  return true
}

/** Takes this process off the users once, and stops the engine where nobody is left. */
export const leaveEngine = async (place: EnginePlace): Promise<void> => {
  const state = await readState(place)
  const users = await living(state?.users ?? [])
  const mine = users.findIndex(({ pid }) => pid === process.pid)
  const others = users.filter((_, index) => index !== mine)
  if (!state || (others.length === 0 && !state.kept)) return stopEngine(place)
  await writeState(place, { ...state, users: others })
}

/** Starts containerd and dockerd from the unpacked programs. With `keep` they outlive this process by intention. */
export const startEngine = async (place: EnginePlace, keep: boolean): Promise<void> => {
  await stopEngine(place)
  const state: State = { users: await asUser(keep), kept: keep, network: await planNetwork(place.group) }
  for (const folder of [place.data, place.logs, join(place.config, 'cli-plugins')]) await mkdir(folder, { recursive: true })
  await writeState(place, state)
  await mkdir(place.run, { mode: 0o700, recursive: true })
  const plugin = join(place.config, 'cli-plugins/docker-buildx')
  await rm(plugin, { force: true })
  await symlink(join(place.programs, 'usr/libexec/docker/cli-plugins/docker-buildx'), plugin)
  await openNetwork(state.network)
  await writeFile(`${place.run}/containerd.toml`, containerdConfig(place))
  await writeFile(`${place.run}/dockerd.json`, JSON.stringify({ features: { 'containerd-snapshotter': true } }))
  const containerd = start(place, 'containerd', ['--config', `${place.run}/containerd.toml`])
  const dockerd = start(place, 'dockerd', dockerdArguments(place, state.network))
  for (const deadline = Date.now() + 60_000; !(await answers(place)); await sleep(100)) {
    const ended = [containerd, dockerd].find((child) => child.exitCode !== null || child.pid === undefined)
    if (!ended && Date.now() < deadline) continue
    const words = await lastWords(place)
    await stopEngine(place)
    throw new Error(`the private Docker engine ${ended ? 'ended at once' : 'did not answer within 60 s'}:\n${words}`)
  }
}

/** Ends the engine of this place and removes containers, images, network and rules, also after it was killed. */
export const stopEngine = async (place: EnginePlace): Promise<void> => {
  const state = await readState(place)
  const env = engineEnv(place)
  const containers =
    (state && (await attempt('docker', ['ps', '-aq'], { env, timeout: 10_000 })))?.split('\n').filter(Boolean) ?? []
  if (containers.length > 0) await attempt('docker', ['rm', '-fv', ...containers], { env, timeout: 30_000 })
  await removeLeftovers(place)
  if (state) await closeNetwork(state.network)
  await rm(place.state, { force: true })
}
