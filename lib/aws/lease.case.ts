import type { LockVersion } from '../delivery/lease.ts'
import type { Clock } from '../runner/clock.ts'
import type { Lock } from './lock.ts'

type Timer = { at: number; wake: () => void }

/** Time that passes only when nothing else is left to do, so that hours of waiting take no time. */
export const virtualTime = () => {
  let now = 0
  let timers: Timer[] = []
  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      if (signal?.aborted) return wake()
      timers.push({ at: now + Math.max(milliseconds, 0), wake })
      signal?.addEventListener('abort', () => wake(), { once: true })
    })
  return {
    now: () => now,
    sleep,
    /** Wakes sleepers in their order until that time is reached or nobody sleeps. */
    run: async (until: number): Promise<void> => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        timers = timers.toSorted((one, other) => one.at - other.at)
        const next = timers.shift()
        if (next === undefined || next.at > until) return
        now = next.at
        next.wake()
      }
    },
  }
}

export type VirtualTime = ReturnType<typeof virtualTime>

/** How one process is treated: milliseconds, all of them. */
export type Treatment = {
  /** Its wall clock goes wrong by so much. */
  skew: number
  /** It stands still for that time, as after SIGSTOP; `killedAt` for ever. */
  stops: readonly { from: number; for: number }[]
  killedAt: number
  /** How long its requests take on the way there and back, in turn; more than the timeout: no answer comes. */
  delays: readonly number[]
}

/** A clock of a process that may stand still or be dead. */
export const processClock = (time: VirtualTime, { skew, stops, killedAt }: Treatment): Clock => {
  const goOn = async (): Promise<void> => {
    const stop = stops.find((each) => time.now() >= each.from && time.now() < each.from + each.for)
    if (stop !== undefined) {
      await time.sleep(stop.from + stop.for - time.now())
      return goOn()
    }
    if (time.now() >= killedAt) await new Promise<never>(() => {})
  }
  return {
    now: () => time.now() + skew,
    monotonic: time.now,
    sleep: async (milliseconds, signal) => {
      await time.sleep(milliseconds, signal)
      await goOn()
    },
  }
}

/**
 * The parameter as SSM keeps it: each write the next version, the last `kept` of them. A write takes `settles` milliseconds, in
 * which another one is turned away.
 */
export const memoryParameter = (kept = 100, settles = 0) => {
  let versions: LockVersion[] = []
  return {
    put: (value: string, at: number): number => {
      if (at < (versions.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + settles) {
        const error = new Error('There are concurrent updates')
        error.name = 'TooManyUpdates'
        throw error
      }
      const version = (versions.at(-1)?.version ?? 0) + 1
      versions = [...versions, { version, at, value }].slice(-kept)
      return version
    },
    history: (): LockVersion[] => [...versions],
  }
}

/** The lock as a process sees it through a slow network: a request may be applied although its answer never comes. */
export const slowLock = (
  time: VirtualTime,
  parameter: ReturnType<typeof memoryParameter>,
  clock: Clock,
  { delays }: Treatment,
  timeout: number,
): Lock => {
  let calls = 0
  const delay = (): number => delays[calls++ % delays.length] ?? 0
  const request = async <T>(apply: () => T): Promise<T> => {
    const [there, back] = [delay(), delay()]
    // What AWS has not got when the caller gives up is never applied.
    const applied = there < timeout ? time.sleep(there).then(apply) : undefined
    applied?.catch(() => undefined)
    await clock.sleep(Math.min(there + back, timeout))
    if (applied !== undefined && there + back < timeout) return applied
    const error = new Error('no answer')
    error.name = 'TimeoutError'
    throw error
  }
  return {
    write: (record) => request(() => parameter.put(JSON.stringify(record), time.now())),
    history: () => request(() => parameter.history()),
  }
}
