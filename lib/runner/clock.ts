import { setTimeout as wait } from 'node:timers/promises'

/** Time as a parameter, so that decisions about it can be tested without waiting. */
export type Clock = {
  /** Milliseconds since the epoch; for stamps that people read. */
  now(): number
  /** Milliseconds that never go back; for deadlines and durations. */
  monotonic(): number
  /** Ends early, without an error, when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined),
}
