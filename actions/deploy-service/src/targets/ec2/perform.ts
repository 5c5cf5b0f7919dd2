import { isNamed } from '../../../../../lib/aws/errors.ts'
import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import { failureOf } from './causes.ts'
import { type Order, sendOrder } from './command.ts'
import { unfitnessOf } from './fitness.ts'
import { AT_ONCE, chunksOf, type PinnedFleet } from './fleet.ts'
import { type Ended, type Following, followCommand } from './follow.ts'
import { findHosts } from './hosts.ts'

/** Sends one order to hosts, as many as there are, and follows it on each of them to its end. */
export const perform = async (fleet: PinnedFleet, order: Order, following: Following): Promise<Map<string, Ended>> => {
  const parts = chunksOf(order.ids, AT_ONCE).map((ids) => performOne(fleet, { ...order, ids }, following))
  return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
}

const performOne = async (fleet: PinnedFleet, order: Order, following: Following): Promise<Map<string, Ended>> => {
  try {
    const command = await sendOrder(fleet, order)
    return await followCommand(fleet, command, order.ids, following)
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
export type Seen = { verdict: HostVerdict } | { trouble: string; isUnreached: boolean }

/** Milliseconds for operations that only look, and for those that bring a host back to what is recorded on it. */
const LOOK_TIME = 90_000
const RECONCILE_TIME = 300_000

/** Asks hosts what runs on them. Changes nothing there, but is a command: the account must have been confirmed. */
export const statusOf = (fleet: PinnedFleet, ids: readonly string[], deployment: string): Promise<Map<string, Seen>> =>
  ask(fleet, { operation: 'status', ids, deployment }, LOOK_TIME)

/** Has hosts whose program was killed go back, or on, to what their state says runs there. */
export const reconcile = (fleet: PinnedFleet, ids: readonly string[], deployment: string): Promise<Map<string, Seen>> =>
  ask(fleet, { operation: 'reconcile', ids, deployment }, RECONCILE_TIME)

const ask = async (fleet: PinnedFleet, order: Order, time: number): Promise<Map<string, Seen>> => {
  if (order.ids.length === 0) return new Map()
  const answers = await perform(fleet, order, { deadline: fleet.tools.clock.monotonic() + time, isQuick: true })
  return new Map([...answers].map(([id, ended]) => [id, seenOf(fleet, id, ended)]))
}

const seenOf = ({ ledger }: PinnedFleet, id: string, ended: Ended): Seen => {
  const failure = failureOf(id, ended)
  if (ended.state !== 'ended' || failure !== undefined)
    return { trouble: `${id}: ${failure?.reason ?? ''}`, isUnreached: ended.state === 'unreached' }
  ledger.seen(id, digestOf(ended.verdict))
  if (ended.verdict.operation === 'reconcile') ledger.note(id, ended.verdict.result)
  return { verdict: ended.verdict }
}

/** The digest that serves on a host; undefined where none does. */
export const digestOf = ({ running, digest }: HostVerdict): string | undefined => (running && digest !== '' ? digest : undefined)
