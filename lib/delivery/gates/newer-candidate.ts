import type { Release } from '../records.ts'
import type { Gate } from './gate.ts'

/**
 * Runs of GitHub are numbered as they are started, and a run that is started again keeps its number: of two candidates the
 * one of the lower run is outdated. `run` is the id of this run, empty when started by hand, which is never outdated.
 */
export const noNewerCandidate = (run: string, recorded: Pick<Release, 'run' | 'release'> | undefined): Gate => {
  const newest = recorded === undefined ? undefined : runNumber(recorded.run)
  const own = runNumber(run)
  const evidence = { run: run || 'by hand', recorded: recorded?.run ?? 'none' }
  if (own === undefined || newest === undefined || own >= newest) {
    return { gate: 'newer-candidate', result: 'pass', reason: 'no newer candidate is recorded', evidence }
  }
  const reason = `run ${newest} is newer than this one (${own}) and has recorded ${recorded?.release}; to go back to an older release: rollback.yml`
  return { gate: 'newer-candidate', result: 'fail', reason, evidence }
}

/** The number at the end of a run's address, or of the number alone. */
const runNumber = (run: string): bigint | undefined => {
  const [, digits] = /(?:^|\/)(\d{1,20})$/.exec(run) ?? []
  return digits === undefined ? undefined : BigInt(digits)
}
