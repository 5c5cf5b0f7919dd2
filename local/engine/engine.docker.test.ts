import { spawn } from 'node:child_process'
import { once } from 'node:events'
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

const startedBy = async (): Promise<string> => readFile(join(enginePlace(home).run, 'dockerd.pid'), 'utf8')

test('keeps running for those who still use it when the process that started it has ended', { timeout: 120_000 }, async ({
  skip,
}) => {
  if (engine.kind === 'system') return skip('the machine has an engine of its own')
  await engine.stop()
  const started = `import { ensureEngine } from '${join(import.meta.dirname, 'engine.ts')}'
    const engine = await ensureEngine({ home: '${home}', say: () => undefined, install: true })
    process.stdin.on('end', () => engine.stop()).resume()
    process.stdout.write('started')`
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', started], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(starter.stdout, 'data')
  engine = await ensureEngine(options)
  const daemon = await startedBy()
  starter.stdin.end()
  expect(await once(starter, 'exit')).toEqual([0, null])
  const another = await ensureEngine(options)
  await another.stop()
  expect(await run('docker', ['ps', '-aq'], { env: engine.env })).toBe('')
  expect(await startedBy()).toBe(daemon)
  await engine.stop()
  expect(existsSync(enginePlace(home).run)).toBe(false)
  engine = await ensureEngine(options)
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
