import { short } from '../../../../../lib/image.ts'
import { type Deployment, type WatchOptions, whyStopped } from '../../target.ts'
import { type Failure, failureOf } from './causes.ts'
import { unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import type { Ended } from './follow.ts'
import { findHosts } from './hosts.ts'
import { digestOf, type Overall, perform, reconcile } from './perform.ts'
import { type Holder, holderOf as holderOfVerdict } from './release.ts'

/** One deployment while it is watched. */
export type Run = {
  fleet: PinnedFleet
  deployment: Deployment
  /** The digest that every host is to run. */
  digest: string
  options: WatchOptions
  failures: Failure[]
  /** Hosts on which a program was killed that has not been reconciled yet. */
  doubtful: Set<string>
  /** Hosts whose lock somebody else was seen to hold. */
  waiting: Set<string>
  /** Monotonic milliseconds. */
  startedAt: number
  firstFailure?: number
}

export type SwitchEnd =
  | { state: 'done' }
  | { state: 'failed'; reason: string }
  | { state: 'superseded'; by: string }
  | { state: 'stopped'; why: 'cancelled' | 'timed-out'; because: string }

/** Why nothing more is to be started; undefined while it may. */
export const stopOf = ({ options, fleet }: Run): Extract<SwitchEnd, { state: 'stopped' }> | undefined => {
  if (options.signal.aborted) return { state: 'stopped', why: 'cancelled', because: whyStopped(options.signal) }
  const isLate = fleet.tools.clock.monotonic() > options.deadline
  return isLate ? { state: 'stopped', why: 'timed-out', because: "the time given by 'timeout' is over" } : undefined
}

/**
 * Has these hosts deploy, side by side, and follows each to its end. A host whose lock is held by a deployment that may be waited
 * for is asked again; any other holder is somebody who came after us.
 */
export const switchHosts = async (
  run: Run,
  ids: readonly string[],
  mayWait: (id: string, holder: Holder) => boolean,
): Promise<SwitchEnd> => {
  const { fleet, deployment, options } = run
  const { clock, pollInterval } = fleet.tools
  for (let open = ids; ; ) {
    const stop = stopOf(run)
    if (stop) return stop
    const order = {
      operation: 'deploy' as const,
      ids: open,
      deployment: deployment.id,
      release: deployment.id,
      image: deployment.revision,
    }
    const following = { ...options, onEnd: (id: string, ended: Ended) => tell(run, id, ended, mayWait) }
    const ends = [...(await perform(fleet, order, following))]
    const unknown = ends.flatMap(([id, { state }]) => (state === 'unknown' ? [id] : []))
    const stopped = stopOf(run)
    for (const id of unknown) run.doubtful.add(id)
    if (!stopped) await mend(run)
    const third = ends
      .map(([id, ended]) => holderOf(ended, (holder) => !mayWait(id, holder)))
      .find((holder) => holder !== undefined)
    if (third !== undefined) return { state: 'superseded', by: third.release }
    if (stopped && unknown.length > 0) return stopped
    const failed = await failedOf(run, ends)
    if (failed.length > 0) return { state: 'failed', reason: sentenceOf(failed) }
    open = ends.flatMap(([id, ended]) => (holderOf(ended) === undefined ? [] : [id]))
    if (open.length === 0) return { state: 'done' }
    await clock.sleep(pollInterval, options.signal)
  }
}

/**
 * Has hosts on which a program was not seen to end put in order; the ones where nothing is at work any more then are no longer
 * doubtful. What is at work there is waited for until `until` (monotonic milliseconds).
 */
export const mend = async (
  { fleet, deployment, doubtful, options }: Run,
  until = options.deadline,
  overall: Overall = options,
): Promise<void> => {
  if (doubtful.size === 0) return
  const hosts = (await findHosts(fleet)).filter(({ state }) => state === 'running')
  for (const id of doubtful) if (!hosts.some((host) => host.id === id)) doubtful.delete(id)
  const ids = hosts.filter((host) => doubtful.has(host.id) && unfitnessOf(host) === undefined).map(({ id }) => id)
  for (const [id, seen] of await reconcile(fleet, ids, deployment.id, until, overall)) if ('verdict' in seen) doubtful.delete(id)
}

/** Who holds the lock of a host that is busy; undefined where it is not, or where the holder is not meant. */
const holderOf = (ended: Ended, isMeant: (holder: Holder) => boolean = () => true): Holder | undefined => {
  const holder = ended.state === 'ended' && ended.verdict.exit === 20 ? holderOfVerdict(ended.verdict) : undefined
  return holder && isMeant(holder) ? holder : undefined
}

/** The hosts that are not where they should be. One that was terminated meanwhile is none of them. */
const failedOf = async (run: Run, ends: readonly [string, Ended][]): Promise<Failure[]> => {
  const failed = ends.flatMap(([id, ended]) => (holderOf(ended) === undefined ? (wrongOf(run, id, ended) ?? []) : []))
  const unreached = ends.flatMap(([id, { state }]) => (state === 'ended' ? [] : [id]))
  if (unreached.length === 0) return failed
  const running = new Set((await findHosts(run.fleet)).flatMap(({ id, state }) => (state === 'running' ? [id] : [])))
  const gone = unreached.filter((id) => !running.has(id))
  for (const id of gone) {
    run.fleet.tools.log.warning(`${id} no longer runs with this tag; it is left out`)
    run.fleet.ledger.note(id, 'gone meanwhile')
  }
  run.failures = run.failures.filter(({ host }) => !gone.includes(host))
  return failed.filter(({ host }) => !gone.includes(host))
}

/** The program may say that all is well; that is believed where the wanted image serves. */
const wrongOf = ({ digest }: Run, id: string, ended: Ended): Failure | undefined => {
  const failure = failureOf(id, ended)
  if (failure !== undefined || ended.state !== 'ended' || digestOf(ended.verdict) === digest) return failure
  const runs = digestOf(ended.verdict) ?? 'nothing'
  return {
    host: id,
    key: 'another digest',
    reason: `says that it is done, but runs ${runs}, expected ${digest}`,
    log: ended.verdict.log,
  }
}

const sentenceOf = ([first, ...rest]: readonly Failure[]): string => {
  const more = rest.length === 0 ? '' : ` (and ${rest.map(({ host }) => host).join(', ')})`
  return `${first?.host} ${first?.reason}${more}; no further host was started`
}

const tell = (run: Run, id: string, ended: Ended, mayWait: (id: string, holder: Holder) => boolean): void => {
  const { fleet, failures, startedAt } = run
  const { clock, log } = fleet.tools
  const after = seconds(ended.took)
  const holder = holderOf(ended)
  if (holder !== undefined && mayWait(id, holder)) {
    if (!run.waiting.has(id)) log.info(`  ${id}: ${holder.release || 'somebody unnamed'} holds its lock; it is asked again`)
    run.waiting.add(id)
    return
  }
  if (ended.state === 'unknown' && stopOf(run)) {
    log.info(`  ${id}: ${ended.reason}`)
    fleet.ledger.note(id, 'cancelled')
    return
  }
  const failure = wrongOf(run, id, ended)
  if (ended.state === 'ended') fleet.ledger.ended(id, ended.verdict, failure?.reason ?? ended.verdict.result, ended.took)
  else fleet.ledger.note(id, ended.reason)
  if (failure === undefined) {
    const { result, phases = {}, drain_s = 0 } = ended.state === 'ended' ? ended.verdict : {}
    const steps = Object.entries(phases).map(([phase, took]) => `${phase} ${seconds(took)}`)
    const how = result === 'noop' ? 'ran it already' : `was switched in ${after}, drained for ${drain_s} s`
    log.info(`  ${id}: ${how}${steps.length > 0 && result !== 'noop' ? ` (${steps.join(', ')})` : ''}: ${short(run.digest)}`)
    return
  }
  run.firstFailure ??= clock.monotonic() - startedAt
  failures.push(failure)
  log.error(`${id} failed after ${after}: ${failure.reason}${failure.remedy ? `. ${failure.remedy}` : ''}`)
  if (failure.log.length > 0) log.info(`  last lines of the container on ${id}:`)
  for (const line of failure.log) log.info(`  | ${line}`)
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
