import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRegistry, type TestRegistry } from '../../test/registries.ts'
import { distributionOf } from '../distribution.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { summary } from '../figure.ts'

const NAME = 'shop/app'
const LAYERS = 4
const LAYER = 52_500_000
const MOST = 0.8
/** What a process may take for itself, whatever the size of the image. */
const MOST_MEMORY = 100

/** Milliseconds of wall clock and of processor, and megabytes. */
type Sample = { milliseconds: number; processor: number; peak: number }
type Copy = (from: TestRegistry, to: TestRegistry, digest: string) => ChildProcess

const ours =
  (program: string): Copy =>
  (from, to, digest) =>
    spawn(process.execPath, [program, from.url, to.url, NAME, digest], { stdio: ['ignore', 'ignore', 'inherit'] })

/** The sources as they ship: without types, which Node would take away at every start. */
const compile = (folder: string): string => {
  const root = join(import.meta.dirname, '..', '..')
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  execFileSync(tsc, ['-p', join(root, 'tsconfig.build.json'), '--outDir', folder], { cwd: root })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const program = join(folder, 'copy-once.js')
  const source = readFileSync(join(root, 'bench', 'copy-once.ts'), 'utf8')
  writeFileSync(program, source.replaceAll(/'\.\.\/(lib\/.*)\.ts'/g, "'./$1.js'"))
  return program
}

/** With a home of its own: it remembers where it has seen a layer, and would not copy it again. */
const skopeo =
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

/** Into a registry that has just been started, so that nothing is there; checked by reading the manifest from it. */
const measureOne = async (copy: Copy, from: TestRegistry, digest: string): Promise<Sample> => {
  const to = await startRegistry()
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

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-copy-'))
  const program = compile(join(home, 'compiled'))
  const from = await startRegistry()
  try {
    const { digest } = await from.putImage(
      NAME,
      Array.from({ length: LAYERS }, () => randomBytes(LAYER)),
    )
    const copies: [Copy, Sample[]][] = [
      [ours(program), []],
      [skopeo(home), []],
    ]
    for (let round = -1; round < runs; round += 1) {
      for (const [copy, samples] of round % 2 === 0 ? copies : copies.toReversed()) {
        const sample = await measureOne(copy, from, digest)
        if (round >= 0) samples.push(sample)
      }
    }
    return rowsOf(copies[0]?.[1] ?? [], copies[1]?.[1] ?? [])
  } finally {
    await from.close()
    rmSync(home, { recursive: true, force: true })
  }
}

const rowsOf = (own: readonly Sample[], peers: readonly Sample[]): Row[] => {
  const [mine, theirs] = [own, peers].map((samples) => distributionOf(samples.map(({ milliseconds }) => milliseconds)))
  if (mine === undefined || theirs === undefined) throw new Error('nothing was measured')
  const ratio = distributionOf(own.map(({ milliseconds }, at) => milliseconds / (peers[at]?.milliseconds ?? 0))).median
  const how =
    'a process of its own (ours compiled, as it ships), from its start to its end, 4 layers of 52.5 MB that do not compress, between two CNCF Distribution registries ' +
    'on loopback, the target started anew for every copy; both in turn, in changing order, one unmeasured round first; median of the ratios of the rounds'
  const memory = (samples: readonly Sample[]) => distributionOf(samples.map(({ peak }) => peak))
  const megabytes = (samples: readonly Sample[]): string =>
    `median ${memory(samples).median.toFixed(0)} MB, most ${memory(samples).most.toFixed(0)} MB`
  const peak = 'VmHWM of the process, asked every 10 ms, in the same copies'
  const work = (samples: readonly Sample[]): string => summary(distributionOf(samples.map(({ processor }) => processor)))
  const worked = 'user and system time of the process, asked every 10 ms, in the same copies; not that of the registries'
  return [
    {
      what: 'copy of 210 MB, ours',
      how,
      result: `${summary(mine)}; ${ratio.toFixed(2)} of skopeo`,
      target: `≤ ${MOST} × skopeo`,
      met: ratio <= MOST,
      samples: own.map(({ milliseconds }) => milliseconds),
    },
    {
      what: 'copy of 210 MB, skopeo',
      how,
      result: summary(theirs),
      target: '',
      samples: peers.map(({ milliseconds }) => milliseconds),
    },
    {
      what: 'processor time of it, ours',
      how: worked,
      result: work(own),
      target: '',
      samples: own.map((sample) => sample.processor),
    },
    {
      what: 'processor time of it, skopeo',
      how: worked,
      result: work(peers),
      target: '',
      samples: peers.map((sample) => sample.processor),
    },
    {
      what: 'memory of it, ours (MB)',
      how: peak,
      result: megabytes(own),
      target: `≤ ${MOST_MEMORY} MB`,
      met: memory(own).most <= MOST_MEMORY,
      samples: own.map((sample) => sample.peak),
    },
    {
      what: 'memory of it, skopeo (MB)',
      how: peak,
      result: megabytes(peers),
      target: '',
      samples: peers.map((sample) => sample.peak),
    },
  ]
}

export const copy: Figure = { name: 'copy', alone: true, runs: 10, measure }
