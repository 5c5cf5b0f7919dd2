import { type LeaseState, type LockRecord, leaseAfter } from '../delivery/lease.ts'
import type { Clock } from '../runner/clock.ts'
import type { Log } from '../runner/log.ts'
import { isPassing } from './errors.ts'
import type { Lock } from './lock.ts'

export type LeaseRequest = {
  lock: Lock
  /** What is leased, in words: `shop in dev`. */
  name: string
  /** Id of the run. Whoever has the same one inherits the lease. */
  owner: string
  /** In words, for those who wait: `deploy`. */
  purpose: string
  /** Address of the run. */
  run: string
  /** Milliseconds that a claim lasts; it is renewed after a third of them. */
  lasts: number
  /** Milliseconds after which one request is given up; a takeover waits that much longer. */
  requestTimeout: number
  /** Milliseconds to wait for somebody else's lease. */
  patience: number
  pollInterval: number
  clock: Clock
  log: Log
  /** Ends the waiting. */
  signal: AbortSignal
  /** Called after every renewal; what it throws is borne. */
  onRenewed?: () => Promise<void>
}

/** What is written by a claim, which renews as well, and by a release. */
export const recordOf = (
  { clock, owner, purpose, run, lasts, requestTimeout }: LeaseRequest,
  state: LockRecord['state'],
  seen: LeaseState,
): LockRecord => {
  const isHeld = state === 'held'
  const expires = new Date(clock.now() + (isHeld ? lasts : 0)).toISOString()
  return { state, owner, purpose, run, expires, lasts: isHeld ? lasts : 0, grace: isHeld ? requestTimeout : 0, seen }
}

/** Writes a claim and reads back what became of it. */
export const renewed = async (request: LeaseRequest, seen: LeaseState): Promise<LeaseState> => {
  const version = await request.lock.write(recordOf(request, 'held', seen))
  return leaseAfter(await request.lock.history(version))
}

/** How long it is tried to give a lease back; it ends by itself. */
const PATIENCE = 60_000

/** Writes that the owner no longer holds; what passes is tried again. */
export const release = async (request: LeaseRequest, seen: LeaseState): Promise<void> => {
  const { lock, clock } = request
  const record = recordOf(request, 'released', seen)
  const until = clock.monotonic() + PATIENCE
  for (let attempt = 1; ; attempt += 1) {
    try {
      await lock.write(record)
      return
    } catch (error) {
      // Where many ask at once, AWS turns most of them away: each comes back at a time of its own.
      const pause = Math.min(attempt * 1_000, 5_000) * (0.5 + Math.random())
      if (!isPassing(error) || clock.monotonic() + pause > until) throw error
      await clock.sleep(pause)
    }
  }
}
