import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baseImage } from './base-image.ts'
import { buildSecrets } from './build-secrets.ts'
import { run } from './command.ts'
import { type Engine, ensureEngine } from './engine.ts'
import { enginePlace } from './place.ts'
import { end, processesNaming } from './process.ts'

const root = new URL('../..', import.meta.url).pathname
const home = join(root, '.slipway')
const options = { home, say: () => undefined, install: true }
const app = join(root, 'app')
let engine: Engine
let work: string

beforeAll(async () => {
  work = await mkdtemp(join(root, '.slipway-test-'))
  engine = await ensureEngine(options)
}, 120_000)

afterAll(async () => {
  await engine.stop()
  await rm(work, { recursive: true })
}, 60_000)

const build = async (name: string): Promise<string> => {
  const base = await baseImage(engine, { ...options, dockerfile: join(app, 'Dockerfile') })
  const secrets = (await buildSecrets(work)).flatMap(({ id, path }) => ['--secret', `id=${id},src=${path}`])
  const dest = join(work, name)
  const args = ['--build-arg', 'SOURCE_DATE_EPOCH=0', ...(base ? ['--build-arg', `BASE_IMAGE=${base}`] : []), ...secrets]
  const output = `type=oci,tar=false,dest=${dest},rewrite-timestamp=true`
  await run('docker', ['buildx', 'build', '--no-cache', '--provenance=false', '--output', output, ...args, app], {
    env: engine.env,
  })
  const { manifests } = JSON.parse(await readFile(join(dest, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }
  return manifests[0]?.digest ?? ''
}

test('builds the sample service twice to one digest, also with an engine that has started anew', {
  timeout: 180_000,
}, async () => {
  const digests = [await build('first'), await build('second')]
  if (engine.kind === 'private') {
    await engine.stop()
    engine = await ensureEngine(options)
  }
  digests.push(await build('third'))
  expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(new Set(digests).size).toBe(1)
})

test('cleans up an engine that was killed, with the container it ran, and starts', { timeout: 120_000 }, async ({ skip }) => {
  const place = enginePlace(home)
  if (engine.kind === 'system') return skip('the machine has an engine of its own')
  await baseImage(engine, { ...options, dockerfile: join(app, 'Dockerfile') })
  const mark = 'slipway-left-running'
  await run('docker', ['run', '-d', 'slipway.local/node:24', 'node', '-e', 'setInterval(() => {}, 1000)', mark], {
    env: engine.env,
  })
  await end(await processesNaming(`${place.run}/`, 'cmdline'), 0)
  expect(await processesNaming(mark, 'cmdline')).not.toEqual([])
  await engine.stop()
  expect(await processesNaming(mark, 'cmdline')).toEqual([])
  expect([existsSync(place.run), existsSync(place.data), (await readdir('/sys/class/net')).includes(place.group)]).toEqual([
    false,
    false,
    false,
  ])
  engine = await ensureEngine(options)
  expect(await run('docker', ['ps', '-aq'], { env: engine.env })).toBe('')
})
