import { isNamed } from '../../../../../lib/aws/errors.ts'
import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import { failureOf } from './causes.ts'
import { type Order, sendOrder } from './command.ts'
import { unfitnessOf } from './fitness.ts'
import { AT_ONCE, chunksOf, type PinnedFleet } from './fleet.ts'
import { type Ended, type Following, followCommand } from './follow.ts'
import { findHosts } from './hosts.ts'
import { holderOf } from './release.ts'

/** Sends one order to hosts, as many as there are, and follows it on each of them to its end. */
export const perform = async (fleet: PinnedFleet, order: Order, following: Following): Promise<Map<string, Ended>> => {
  const parts = chunksOf(order.ids, AT_ONCE).map((ids) => performOne(fleet, { ...order, ids }, following))
  return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
}

const performOne = async (fleet: PinnedFleet, order: Order, following: Following): Promise<Map<string, Ended>> => {
  try {
    const command = await sendOrder(fleet, order)
    const ended = await followCommand(fleet, command, order.ids, following)
    for (const [id, { state }] of ended) if (state === 'ended') fleet.reached.add(id)
    return ended
  } catch (error) {
    // One host that was terminated a moment ago has the whole command refused.
    if (!isNamed(error, 'InvalidInstanceId')) throw error
    const lost = await lostHosts(fleet, order.ids)
    if (lost.size === 0) throw error
    for (const [id, ended] of lost) following.onEnd?.(id, ended)
    const ids = order.ids.filter((id) => !lost.has(id))
    return new Map([...lost, ...(ids.length === 0 ? [] : await performOne(fleet, { ...order, ids }, following))])
  }
}

const lostHosts = async (fleet: PinnedFleet, ids: readonly string[]): Promise<Map<string, Ended>> => {
  const hosts = new Map((await findHosts(fleet)).map((host) => [host.id, host]))
  return new Map(
    ids.flatMap((id): [string, Ended][] => {
      const host = hosts.get(id)
      const reason = host === undefined ? 'is gone' : unfitnessOf(host)?.sentence
      return reason === undefined ? [] : [[id, { state: 'unreached', reason, took: 0 }]]
    }),
  )
}

/** What a host says of itself, or why it said nothing. */
export type Seen = { verdict: HostVerdict } | { trouble: string; isUnreached: boolean; isBusy?: boolean }

/** Milliseconds for operations that only look, and for those that bring a host back to what is recorded on it. */
const LOOK_TIME = 90_000
const RECONCILE_TIME = 300_000
/** What a look gets even where its time is over: it is the only way to know. */
const LEAST_LOOK = 10_000
/** What a program that has begun to put a host in order may need: its own limits add up to a little less. */
const ORDERING = 130_000

/**
 * Asks hosts what runs on them, until `until` (monotonic milliseconds) at the longest. Changes nothing there, but is a command: the
 * account must have been confirmed.
 */
export const statusOf = (
  fleet: PinnedFleet,
  ids: readonly string[],
  deployment: string,
  until = Number.POSITIVE_INFINITY,
): Promise<Map<string, Seen>> => {
  const now = fleet.tools.clock.monotonic()
  const deadline = Math.max(Math.min(now + LOOK_TIME, until), now + LEAST_LOOK)
  return ask(fleet, { operation: 'status', ids, deployment }, { deadline })
}

/** Limits of everything, beside those of one step; monotonic milliseconds. After them nothing is sent, and what is at work is ended. */
export type Overall = { signal?: AbortSignal; deadline?: number }

/**
 * Has hosts whose program was not seen to end go back, or on, to what their state says runs there. The program may still be at work:
 * it is waited for until `until` (monotonic milliseconds); what it has then not let go is in `isBusy`. A host that is being put in
 * order by then may still end that. Hosts that are not asked, because all of the time is over, are left out of the answer.
 */
export const reconcile = async (
  fleet: PinnedFleet,
  ids: readonly string[],
  deployment: string,
  until: number,
  { signal, deadline: last = Number.POSITIVE_INFINITY }: Overall = {},
): Promise<Map<string, Seen>> => {
  const { clock, log, pollInterval } = fleet.tools
  const all = new Map<string, Seen>()
  for (let open = ids; open.length > 0 && !signal?.aborted && clock.monotonic() < last; ) {
    const now = clock.monotonic()
    const deadline = Math.min(now + RECONCILE_TIME, Math.max(until, now + ORDERING), last)
    const order: Order = { operation: 'reconcile', ids: open, deployment, release: deployment }
    const seen = await ask(fleet, order, { deadline, ...(signal && { signal }) })
    for (const [id, each] of seen) all.set(id, each)
    open = [...seen].flatMap(([id, each]) => ('isBusy' in each && each.isBusy ? [id] : []))
    if (open.length === 0 || signal?.aborted || clock.monotonic() + pollInterval > until) break
    log.info(`  ${open.join(', ')}: something is still at work there; asking again`)
    await clock.sleep(pollInterval, signal)
  }
  return all
}

const ask = async (
  fleet: PinnedFleet,
  order: Order,
  limits: Pick<Following, 'signal' | 'deadline'>,
): Promise<Map<string, Seen>> => {
  if (order.ids.length === 0) return new Map()
  const following = { ...limits, isQuick: true, isQuestion: order.operation === 'status' }
  const answers = await perform(fleet, order, following)
  return new Map([...answers].map(([id, ended]) => [id, seenOf(fleet, id, ended)]))
}

const seenOf = ({ ledger }: PinnedFleet, id: string, ended: Ended): Seen => {
  const failure = failureOf(id, ended)
  if (ended.state !== 'ended' || failure !== undefined) {
    const isBusy = ended.state === 'ended' && ended.verdict.exit === 20
    return { trouble: `${id}: ${failure?.reason ?? ''}`, isUnreached: ended.state === 'unreached', isBusy }
  }
  ledger.seen(id, digestOf(ended.verdict))
  if (ended.verdict.operation === 'reconcile') ledger.note(id, ended.verdict.result)
  return { verdict: ended.verdict }
}

/** Why what a host runs may be another thing in a moment; undefined where nothing is at work on it, nor was left half done. */
export const unsettled = (verdict: HostVerdict): string | undefined => {
  const holder = holderOf(verdict)
  if (holder !== undefined)
    return `'${holder.release || 'somebody unnamed'}' is at work on it${holder.operation && ` (${holder.operation})`}`
  return verdict.pending === '' ? undefined : `'${verdict.pending}' was left half done on it`
}

/**
 * Asks hosts what runs on them until nothing is at work there, and `until` (monotonic milliseconds) at the longest. What a killed
 * program has left half done is put in order on the way, which may last longer, but not over the deadline.
 */
export const settledStatus = async (
  fleet: PinnedFleet,
  ids: readonly string[],
  deployment: string,
  until: number,
  deadline: number,
): Promise<Map<string, Seen>> => {
  const { clock, log, pollInterval } = fleet.tools
  const told = new Set<string>()
  const mended = new Set<string>()
  for (;;) {
    const seen = await statusOf(fleet, ids, deployment, until)
    const open = [...seen].flatMap(([id, each]) =>
      'verdict' in each && unsettled(each.verdict) ? [{ id, verdict: each.verdict }] : [],
    )
    if (open.length === 0 || clock.monotonic() + pollInterval > until) return seen
    for (const { id, verdict } of open) if (!told.has(id)) log.info(`  ${id}: ${unsettled(verdict)}; waiting for it`)
    const fallen = open.filter(({ id, verdict }) => holderOf(verdict) === undefined && !mended.has(id)).map(({ id }) => id)
    for (const { id } of open) told.add(id)
    for (const id of fallen) mended.add(id)
    if (fallen.length > 0) await reconcile(fleet, fallen, deployment, until, { deadline })
    else await clock.sleep(pollInterval)
  }
}

/** The digest that serves on a host; undefined where none does. */
export const digestOf = ({ running, digest }: HostVerdict): string | undefined => (running && digest !== '' ? digest : undefined)
