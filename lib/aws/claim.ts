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

/** Writes a claim and reads back what became of it. `at` is the time that AWS gave it. */
export const claim = async (
  { lock, clock, owner, purpose, run, lasts, requestTimeout: grace }: LeaseRequest,
  seen: LeaseState,
): Promise<{ state: LeaseState; at: number }> => {
  const expires = new Date(clock.now() + lasts).toISOString()
  const version = await lock.write({ state: 'held', owner, purpose, run, expires, lasts, grace, seen })
  const history = await lock.history(version)
  return { state: leaseAfter(history), at: history.find((each) => each.version === version)?.at ?? 0 }
}

/** How long it is tried to give a lease back; it ends by itself. */
const PATIENCE = 60_000

/** Writes that the owner no longer holds; what passes is tried again. */
export const release = async ({ lock, clock, owner, purpose, run }: LeaseRequest, seen: LeaseState): Promise<void> => {
  const record: LockRecord = {
    state: 'released',
    owner,
    purpose,
    run,
    expires: new Date(clock.now()).toISOString(),
    lasts: 0,
    grace: 0,
    seen,
  }
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
