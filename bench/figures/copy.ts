import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestRegistry } from '../../test/registries.ts'
import { bundleCopy, type Copy, measureOne, ours, putImage, type Sample, skopeo, startStore } from '../copies.ts'
import { distributionOf } from '../distribution.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { summary } from '../figure.ts'

const MEGABYTE = 1_000_000
const SIZE = 210
const MOST = 0.8
/** What a process may take for itself, whatever the size of the image. */
const MOST_MEMORY = 100
/** Image sizes over which memory must stay as it is, how often each is copied, and what counts as the same (all but the runs in MB). */
const SIZES = [50, SIZE, 600]
const SIZE_RUNS = 3
const SAME = 8

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-copy-'))
  const program = bundleCopy(join(home, 'bundle'))
  const from = await startStore()
  try {
    const digest = await putImage(from, SIZE * MEGABYTE)
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
    return [...rowsOf(copies[0]?.[1] ?? [], copies[1]?.[1] ?? []), await memoryOverSizes(ours(program), from)]
  } finally {
    await from.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Medians: a collection of garbage that comes late shows in one run. */
const memoryOverSizes = async (copy: Copy, from: TestRegistry): Promise<Row> => {
  const peaks: number[] = []
  for (const size of SIZES) {
    const digest = await putImage(from, size * MEGABYTE)
    const runs: number[] = []
    for (let run = 0; run < SIZE_RUNS; run += 1) runs.push((await measureOne(copy, from, digest)).peak)
    peaks.push(distributionOf(runs).median)
  }
  const growth = Math.max(...peaks) - (peaks[0] ?? Number.NaN)
  return {
    what: 'memory over sizes, ours (MB)',
    how: `VmHWM as above, for images of ${SIZES.join(', ')} MB in four layers, the median of ${SIZE_RUNS} copies each`,
    result: `${peaks.map((peak) => peak.toFixed(0)).join(', ')}: ${growth.toFixed(1)} more than with the smallest`,
    target: `≤ ${SAME} MB more`,
    met: growth <= SAME,
    samples: peaks,
  }
}

const rowsOf = (own: readonly Sample[], peers: readonly Sample[]): Row[] => {
  const [mine, theirs] = [own, peers].map((samples) => distributionOf(samples.map(({ milliseconds }) => milliseconds)))
  if (mine === undefined || theirs === undefined) throw new Error('nothing was measured')
  const ratio = distributionOf(own.map(({ milliseconds }, at) => milliseconds / (peers[at]?.milliseconds ?? 0))).median
  const how =
    'a process of its own (ours bundled, as it ships), from its start to its end, 4 layers of 52.5 MB that do not compress, between two CNCF Distribution registries ' +
    'on loopback that keep their content in memory, the target started anew for every copy; both in turn, in changing order, one unmeasured round first; median of the ratios of the rounds'
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
