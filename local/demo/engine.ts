import { cp } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { attempt, run } from '../engine/command.ts'
import { type Engine, ensureEngine } from '../engine/engine.ts'
import type { Farewell } from './farewell.ts'
import type { Screen } from './screen.ts'

/** The engine that is used, and the environment of every docker command that speaks to it. */
export type UsedEngine = { engine: Engine; env: Record<string, string> }

const isDockers = (name: string): boolean => /^(PATH|HOME|DOCKER_.*|BUILDX_.*)$/.test(name)

const dockerEnvironment = ({ kind, env }: Engine): Record<string, string> => {
  const own = Object.entries({ ...process.env, ...env }).filter(([name]) => isDockers(name))
  const found = Object.fromEntries(own.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  // An action's home is a folder of its own; the user's contexts and plugins are in theirs.
  return kind === 'system' ? { DOCKER_CONFIG: join(homedir(), '.docker'), ...found } : found
}

/** buildx notes every build beside the user's builders. A copy of them keeps these notes within the clone. */
const copyBuilders = async (folder: string): Promise<void> => {
  const users = join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'buildx')
  await cp(process.env['BUILDX_CONFIG'] ?? users, folder, { recursive: true }).catch(() => undefined)
  process.env['BUILDX_CONFIG'] = folder
}

const images = async (env: Record<string, string>): Promise<string[]> =>
  ((await attempt('docker', ['image', 'ls', '--digests', '--format', '{{.Repository}} {{.Tag}} {{.Digest}}'], { env })) ?? '')
    .split('\n')
    .filter(Boolean)

/** Removes the images that came meanwhile: ours, by the names that only we give. */
const removeImages = async (env: Record<string, string>, before: string[]): Promise<void> => {
  const ours = (await images(env)).filter(
    (image) => /^(127\.0\.0\.1:\d+|slipway\.local)\//.test(image) && !before.includes(image),
  )
  for (const [name, tag, digest] of ours.map((image) => image.split(' '))) {
    await attempt('docker', ['image', 'rm', tag === '<none>' ? `${name}@${digest}` : `${name}:${tag}`], { env })
  }
}

/** Brings an engine up and gives it back as it was: a private one is ended, one that was there keeps running without our images. */
export const useEngine = async (home: string, screen: Screen, farewell: Farewell, builders: string): Promise<UsedEngine> => {
  await copyBuilders(builders)
  const engine = await farewell.keep(
    () => ensureEngine({ home, say: (line) => screen.quote(line), install: true }),
    (started) => started.stop(),
  )
  const env = dockerEnvironment(engine)
  const used = { engine, env }
  if (engine.kind === 'private') return used
  return farewell.keep(
    async () => ({ ...used, before: await images(env) }),
    ({ before }) => removeImages(env, before),
  )
}

export const engineVersion = async (env: Record<string, string>): Promise<string> =>
  (await run('docker', ['version', '--format', '{{.Server.Version}}'], { env })).trim()
