import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

/** What a reader must know to compare: the same command on another machine gives other milliseconds. */
export const conditions = (latency: number): Record<string, string> => ({
  date: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  system: `${type()} ${release()}`,
  processors: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  'load before': load(),
  network: `loopback, ${latency} ms added to every AWS request of the watching figures`,
  clock: 'time factor 1 throughout: a second of the local ECS engine is a second',
})

/** Processes that want a processor, on average over 1, 5 and 15 minutes. */
export const load = (): string =>
  loadavg()
    .map((average) => average.toFixed(2))
    .join(' ')

/** Whether others use the machine so much that the figures of processor time say little. */
export const isBusy = (): boolean => (loadavg()[0] ?? 0) > availableParallelism()

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

const commit = (): string => {
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ', with changes'}`
  } catch {
    return 'unknown'
  }
}
