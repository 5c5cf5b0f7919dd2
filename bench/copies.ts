import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { startRegistry, type TestRegistry } from '../test/registries.ts'

const NAME = 'shop/app'
const LAYERS = 4

/** Milliseconds of wall clock and of processor, and megabytes. */
export type Sample = { milliseconds: number; processor: number; peak: number }
export type Copy = (from: TestRegistry, to: TestRegistry, digest: string) => ChildProcess

export const ours =
  (program: string): Copy =>
  (from, to, digest) =>
    spawn(process.execPath, [program, from.url, to.url, NAME, digest], { stdio: ['ignore', 'ignore', 'inherit'] })

/** A program and all that it imports, as an action ships: without types, bundled into one file. */
export const bundleCopy = (folder: string): string => {
  const root = join(import.meta.dirname, '..')
  const done = new Set<string>()
  const strip = (file: string): void => {
    if (done.has(file)) return
    done.add(file)
    const source = readFileSync(join(root, file), 'utf8')
    const target = join(folder, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, stripTypeScriptTypes(source).replaceAll(/(from '\..*)\.ts'/g, "$1.js'"))
    for (const [, path = ''] of source.matchAll(/^(?:import|export) (?!type ).*from '(\..*)'/gm)) strip(join(dirname(file), path))
  }
  strip('bench/copy-once.ts')
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const ncc = join(root, 'node_modules', '.bin', 'ncc')
  execFileSync(ncc, ['build', join(folder, 'bench', 'copy-once.js'), '--out', join(folder, 'dist'), '--quiet'], { cwd: folder })
  return join(folder, 'dist', 'index.js')
}

/** With a home of its own: it remembers where it has seen a layer, and would not copy it again. */
export const skopeo =
  (home: string): Copy =>
  (from, to, digest) => {
    const options = ['--quiet', '--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false']
    const ends = [`docker://${from.host}/${NAME}@${digest}`, `docker://${to.host}/${NAME}:copied`]
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: home }
    return spawn('skopeo', ['copy', ...options, ...ends], { stdio: ['ignore', 'ignore', 'inherit'], env })
  }

const peakOf = (pid: number): number => {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1024 : 0
}

/** In the kernel's ticks, of which Linux has 100 a second on every machine that we know. */
const processorOf = (pid: number): number => {
  const file = `/proc/${pid}/stat`
  const [, fields = ''] = existsSync(file) ? readFileSync(file, 'utf8').split(/\) /) : []
  const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number)
  return (user + system) * 10
}

/** In memory where Linux has a place for that: disks are not what is compared. */
export const startStore = (): Promise<TestRegistry> => startRegistry(existsSync('/dev/shm') ? '/dev/shm' : undefined)

/** Into a registry that has just been started, so that nothing is there; checked by reading the manifest from it. */
export const measureOne = async (copy: Copy, from: TestRegistry, digest: string): Promise<Sample> => {
  const to = await startStore()
  let watch: NodeJS.Timeout | undefined
  try {
    let [peak, processor] = [0, 0]
    const started = performance.now()
    const child = copy(from, to, digest)
    watch = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid ?? 0))
      processor = Math.max(processor, processorOf(child.pid ?? 0))
    }, 10)
    const code = await new Promise((resolve, reject) => {
      child.once('exit', resolve)
      child.once('error', reject)
    })
    const milliseconds = performance.now() - started
    const there = await fetch(`${to.url}/v2/${NAME}/manifests/${digest}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    })
    if (code !== 0 || there.status !== 200) throw new Error(`a copy ended with ${code}, and the target answers ${there.status}`)
    return { milliseconds, processor, peak }
  } finally {
    clearInterval(watch)
    await to.close()
  }
}

/** An image of that many bytes, in layers that do not compress. */
export const putImage = async (registry: TestRegistry, bytes: number): Promise<string> => {
  const layers = Array.from({ length: LAYERS }, () => randomBytes(bytes / LAYERS))
  return (await registry.putImage(NAME, layers)).digest
}
