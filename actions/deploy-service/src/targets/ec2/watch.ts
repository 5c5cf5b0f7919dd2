import { parseImage } from '../../../../../lib/image.ts'
import type { Deployment, End, Watched, WatchOptions } from '../../target.ts'
import { groupCauses } from './causes.ts'
import { commandsOf } from './command.ts'
import { unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import { followCommand } from './follow.ts'
import { findHosts } from './hosts.ts'
import { digestOf, reconcile, statusOf } from './perform.ts'
import { inWords } from './release.ts'
import { switchFleet } from './sweep.ts'
import { type Run, type SwitchEnd, stopOf } from './switch.ts'

/** Brings a deployment to its end, from wherever it stands: in this process, or in one that was killed. */
export const watchDeployment = async (
  fleet: PinnedFleet,
  deployment: Deployment,
  options: WatchOptions,
  runUrl?: string,
): Promise<Watched> => {
  const digest = parseImage(deployment.revision)?.digest ?? ''
  const startedAt = fleet.tools.clock.monotonic()
  const run: Run = { fleet, deployment, digest, options, failures: [], doubtful: new Set(), waiting: new Set(), startedAt }
  for (const { id, digest: before } of deployment.previous.hosts ?? []) fleet.ledger.before(id, before)
  const broken = ({ message: reason }: Error): Ending => ({ state: 'broken', reason })
  const end = await endOf(run, stopOf(run) ?? (await switchFleet(run).catch(broken)), runUrl)
  const { failures, firstFailure } = run
  return { end, causes: groupCauses(failures, fleet.service), ...(firstFailure !== undefined && { firstFailure }) }
}

/** `broken`: an error of AWS in the middle, after which something may still be under way. */
type Ending = SwitchEnd | { state: 'broken'; reason: string }

const endOf = async (run: Run, ended: Ending, runUrl: string | undefined): Promise<End> => {
  switch (ended.state) {
    case 'done':
      return { state: 'completed' }
    case 'superseded':
      return { state: 'superseded', by: inWords(ended.by, runUrl) }
    case 'broken':
    case 'failed':
      if (ended.state === 'broken') await stopCommands(run)
      return { state: 'failed', restored: (await standOf(run)) === 'before', reason: ended.reason }
    case 'stopped': {
      run.fleet.tools.log.warning(`${ended.because}: no further host is started, and what is in flight is cancelled`)
      await stopCommands(run)
      const stand = await standOf(run)
      // What completed all the same has completed.
      return stand === 'wanted' ? { state: 'completed' } : { state: ended.why, restored: stand === 'before' }
    }
  }
}

/** Ends whatever this deployment has sent and nobody saw end, and has those hosts go back to what their state says. */
const stopCommands = async ({ fleet, deployment, options, doubtful }: Run): Promise<void> => {
  const sent = await commandsOf(fleet, deployment.id, deployment.startedAt)
  const open = sent.filter(({ isOver }) => !isOver)
  const { signal } = options
  // With a signal that says so, or a deadline that is over, following is cancelling.
  const deadline = fleet.tools.clock.monotonic()
  await Promise.all(open.map(({ id, ids }) => followCommand(fleet, id, ids, { signal, deadline })))
  for (const { ids, isClean } of sent) if (!isClean) for (const id of ids) doubtful.add(id)
  await reconcile(fleet, await reachable(fleet, [...doubtful]), deployment.id)
}

const reachable = async (fleet: PinnedFleet, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return []
  const ready = (await findHosts(fleet)).filter((host) => unfitnessOf(host) === undefined).map(({ id }) => id)
  return ready.filter((id) => ids.includes(id))
}

/** Whether all hosts run what they ran before, or all of them what is wanted; `mixed` where that is not known too. */
const standOf = async ({ fleet, deployment, digest }: Run): Promise<'before' | 'wanted' | 'mixed'> => {
  const before = new Map((deployment.previous.hosts ?? []).map((host) => [host.id, host]))
  const hosts = (await findHosts(fleet)).filter((host) => host.state === 'running' && !before.get(host.id)?.skipped)
  if (hosts.some((host) => unfitnessOf(host) !== undefined)) return 'mixed'
  const seen = [
    ...(await statusOf(
      fleet,
      hosts.map(({ id }) => id),
      deployment.id,
    )),
  ]
  const runs = seen.map(([id, each]) => ({
    id,
    known: 'verdict' in each,
    digest: 'verdict' in each ? digestOf(each.verdict) : undefined,
  }))
  if (runs.every((each) => each.known && each.digest === digest)) return 'wanted'
  return runs.every((each) => each.known && each.digest === before.get(each.id)?.digest) ? 'before' : 'mixed'
}
