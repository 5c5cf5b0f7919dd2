import { type LeaseState, leaseAfter } from '../delivery/lease.ts'
import { type LeaseRequest, release, renewed } from './claim.ts'

/** Somebody else may hold by now: nothing more may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  /** Another run is known to have the lease. */
  readonly isTaken: boolean
  constructor(message: string, isTaken: boolean) {
    super(message)
    this.isTaken = isTaken
  }
}

export type Lease = {
  /** Throws `LeaseLost`; to be called before every write, and before each repetition of one. */
  assertHeld(): void
  /** Aborted, with a `LeaseLost` that says who has it, when the lease is lost. */
  lost: AbortSignal
  /** Stops renewing and leaves the lease for that many milliseconds to the next job of the same owner. */
  handOver(milliseconds: number): Promise<void>
  /** Lets the next one in. A release that cannot be written is only said: the lease then ends by itself. */
  release(): Promise<void>
}

/** Renews a lease that was taken by a claim sent at that monotonic time, until it is released or lost. */
export const holdLease = (request: LeaseRequest, taken: LeaseState, sent: number): Lease => {
  const { lock, clock, log, name, owner, lasts } = request
  const since = taken.holder?.since
  const over = new AbortController()
  const lost = new AbortController()
  let seen = taken
  let deadline = sent + lasts
  let isLost = false

  const lose = async (): Promise<void> => {
    if (isLost || over.signal.aborted) return
    isLost = true
    const holder = await lock.history().then(
      (history) => leaseAfter(history).holder,
      () => undefined,
    )
    const isTaken = holder !== undefined && holder.owner !== owner
    const who = isTaken ? `${holder.run || `the run ${holder.owner}`} has it now` : 'it could not be renewed in time'
    lost.abort(new LeaseLost(`the lease of ${name} was lost: ${who}`, isTaken))
  }

  const renew = async (): Promise<void> => {
    let pause = lasts / 3
    for (;;) {
      await clock.sleep(pause, over.signal)
      if (over.signal.aborted || isLost) return
      try {
        const renewal = clock.monotonic()
        if (renewal >= deadline) return lose()
        const state = await renewed(request, seen)
        if (state.holder?.owner !== owner || state.holder.since !== since) return lose()
        seen = state
        deadline = renewal + lasts
        pause = lasts / 3
        await request.onRenewed?.()
      } catch (error) {
        log.info(`the lease of ${name}: ${(error as Error).message}; trying again`)
        pause = lasts / 12
      }
    }
  }
  /** A renewal that hangs must not keep anybody from hearing that the time is over. */
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted && !isLost) {
      await clock.sleep(Math.max(deadline - clock.monotonic(), 1), over.signal)
      if (clock.monotonic() >= deadline) await lose()
    }
  }
  const renewing = renew()
  void watch()

  return {
    assertHeld: () => {
      if (isLost || clock.monotonic() >= deadline) {
        throw lost.signal.aborted ? lost.signal.reason : new LeaseLost(`the lease of ${name} has run out`, false)
      }
    },
    lost: lost.signal,
    handOver: async (milliseconds) => {
      if (over.signal.aborted) return
      over.abort()
      await renewing
      if (isLost || clock.monotonic() >= deadline) return
      await renewed({ ...request, lasts: milliseconds }, seen).catch(({ message }: Error) =>
        log.warning(`the lease of ${name} was not prolonged: ${message}; it may end before the next job has it`),
      )
    },
    release: async () => {
      if (over.signal.aborted) return
      over.abort()
      await renewing
      if (isLost || clock.monotonic() >= deadline) return
      await release(request, seen).catch(({ message }: Error) =>
        log.warning(`the lease of ${name} was not released: ${message}; it ends by itself`),
      )
    },
  }
}
