import { parseImage } from '../../../../../lib/image.ts'
import type { Deployment, End, Watched, WatchOptions } from '../../target.ts'
import { groupCauses } from './causes.ts'
import { commandsOf } from './command.ts'
import { unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import { followCommand } from './follow.ts'
import { findHosts } from './hosts.ts'
import { digestOf, statusOf, unsettled } from './perform.ts'
import { holderOf, inWords, isSame } from './release.ts'
import { sweep, switchFleet } from './sweep.ts'
import { mend, type Run, type SwitchEnd, stopOf } from './switch.ts'

/** Milliseconds in which a program that was cancelled, or not seen to end, may let go of its host. */
const SETTLING = 90_000
/** Milliseconds after which a command that was sent is listed for certain. */
const LISTED = 3_000

/** Brings a deployment to its end, from wherever it stands: in this process, or in one that was killed. */
export const watchDeployment = async (
  fleet: PinnedFleet,
  deployment: Deployment,
  options: WatchOptions,
  runUrl?: string,
): Promise<Watched> => {
  const run = runOf(fleet, deployment, options)
  for (const { id, digest: before } of deployment.previous.hosts ?? []) fleet.ledger.before(id, before)
  const broken = ({ message: reason }: Error): Ending => ({ state: 'broken', reason })
  // What another process has sent a moment ago, or this one without an answer, may not be listed yet.
  const unsure = Math.min(LISTED, 3 * fleet.tools.pollInterval)
  const stopped = stopOf(run)
  const ended = stopped ?? (await switchFleet(run).catch(broken))
  const end = await endOf(run, ended, stopped || ended.state === 'broken' ? unsure : 0, runUrl)
  const { failures, firstFailure } = run
  return { end, causes: groupCauses(failures, fleet.service), ...(firstFailure !== undefined && { firstFailure }) }
}

/** Switches hosts that came up since the last look. Resolves to what is wrong, if anything. */
export const sweepAgain = async (
  fleet: PinnedFleet,
  deployment: Deployment,
  options: WatchOptions,
  runUrl?: string,
): Promise<string | undefined> => {
  const ended = await sweep(runOf(fleet, deployment, options))
  switch (ended.state) {
    case 'done':
      return undefined
    case 'failed':
      return ended.reason
    case 'superseded':
      return `replaced by ${inWords(ended.by, runUrl)}`
    case 'stopped':
      return ended.because
  }
}

const runOf = (fleet: PinnedFleet, deployment: Deployment, options: WatchOptions): Run => {
  const digest = parseImage(deployment.revision)?.digest ?? ''
  const startedAt = fleet.tools.clock.monotonic()
  return { fleet, deployment, digest, options, failures: [], doubtful: new Set(), waiting: new Set(), startedAt }
}

/** `broken`: an error of AWS in the middle, after which something may still be under way. */
type Ending = SwitchEnd | { state: 'broken'; reason: string }

const endOf = async (run: Run, ended: Ending, lag: number, runUrl: string | undefined): Promise<End> => {
  switch (ended.state) {
    case 'done':
      return { state: 'completed' }
    case 'superseded':
      return { state: 'superseded', by: inWords(ended.by, runUrl) }
    case 'broken':
    case 'failed':
      return {
        state: 'failed',
        restored: (await lastStand(run, ended.state === 'broken', lag)) === 'before',
        reason: ended.reason,
      }
    case 'stopped': {
      run.fleet.tools.log.warning(`${ended.because}: no further host is started, and what is in flight is cancelled`)
      const stand = await lastStand(run, true, lag)
      // What completed all the same has completed.
      return stand === 'wanted' ? { state: 'completed' } : { state: ended.why, restored: stand === 'before' }
    }
  }
}

/** Where the hosts stand once nothing of this deployment is at work on any of them; `mixed` where that does not come to pass. */
const lastStand = async (run: Run, mustStop: boolean, lag: number): Promise<'before' | 'wanted' | 'mixed'> => {
  const { clock, pollInterval } = run.fleet.tools
  const { deadline, leaveAtDeadline } = run.options
  const begun = clock.monotonic()
  // Where it is left at the deadline that is the end of this too; otherwise the time of the deployment may be over already.
  const last = leaveAtDeadline ? deadline : Number.POSITIVE_INFINITY
  const until = Math.min(begun + SETTLING, last)
  const handled = new Set<string>()
  for (;;) {
    if (mustStop) await stopCommands(run, handled)
    await mend(run, until, { deadline: last })
    const stand = await standOf(run, last)
    const passed = clock.monotonic() - begun
    if (stand !== 'ours at work' && passed >= lag) return run.doubtful.size > 0 && stand === 'before' ? 'mixed' : stand
    if (clock.monotonic() > until) return 'mixed'
    await clock.sleep(pollInterval)
  }
}

/** Ends whatever this deployment has sent and nobody saw end. */
const stopCommands = async ({ fleet, deployment, options, doubtful }: Run, handled: Set<string>): Promise<void> => {
  const sent = (await commandsOf(fleet, deployment.id, deployment.startedAt)).filter(({ id }) => !handled.has(id))
  const open = sent.filter(({ isOver }) => !isOver)
  const { signal } = options
  // With a signal that says so, or a deadline that is over, following is cancelling.
  const deadline = fleet.tools.clock.monotonic()
  await Promise.all(open.map(({ id, ids }) => followCommand(fleet, id, ids, { signal, deadline })))
  for (const { id, ids, isClean } of sent) {
    handled.add(id)
    if (!isClean) for (const host of ids) doubtful.add(host)
  }
}

/** Whether all hosts run what they ran before, or all of them what is wanted; `mixed` where that is not known too. */
const standOf = async (
  { fleet, deployment, digest }: Run,
  until: number,
): Promise<'before' | 'wanted' | 'mixed' | 'ours at work'> => {
  const before = new Map((deployment.previous.hosts ?? []).map((host) => [host.id, host]))
  const hosts = (await findHosts(fleet)).filter((host) => host.state === 'running' && !before.get(host.id)?.skipped)
  const ready = hosts.filter((host) => unfitnessOf(host) === undefined).map(({ id }) => id)
  const seen = await statusOf(fleet, ready, deployment.id, until)
  const verdicts = [...seen].flatMap(([id, each]) => ('verdict' in each ? [{ id, verdict: each.verdict }] : []))
  if (verdicts.some(({ verdict }) => isSame(holderOf(verdict)?.release ?? '', deployment.id))) return 'ours at work'
  const isKnown = verdicts.length === hosts.length && verdicts.every(({ verdict }) => unsettled(verdict) === undefined)
  if (isKnown && verdicts.every(({ verdict }) => digestOf(verdict) === digest)) return 'wanted'
  return isKnown && verdicts.every(({ id, verdict }) => digestOf(verdict) === before.get(id)?.digest) ? 'before' : 'mixed'
}
