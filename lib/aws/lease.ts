import { type Holder, holderAt, leaseAfter } from '../delivery/lease.ts'
import { Refusal } from '../refusal.ts'
import { claim, type LeaseRequest } from './claim.ts'
import { isPassing } from './errors.ts'
import { holdLease, type Lease } from './renewal.ts'

/**
 * Takes the lease, or waits for it, and renews it until it is released. Undefined where `signal` ended the waiting;
 * rejects with a `Refusal` when `patience` is over.
 */
export const takeLease = async (request: LeaseRequest): Promise<Lease | undefined> => {
  const { clock, log, signal } = request
  const begun = clock.monotonic()
  /** By how much AWS's clock, which decides, is ahead of ours. */
  let offset = 0
  let told = ''
  let troubleSince: number | undefined
  while (!signal.aborted) {
    let holder: Holder | undefined
    try {
      const history = await request.lock.history()
      const state = leaseAfter(history)
      // What is written already was not written in the future.
      offset = Math.max(offset, (history.at(-1)?.at ?? 0) - clock.now())
      holder = holderAt(state, clock.now() + offset)
      if (holder === undefined || holder.owner === request.owner) {
        const sent = clock.monotonic()
        const sentAt = clock.now()
        const claimed = await claim(request, state)
        if (claimed.state.holder?.owner === request.owner) return holdLease(request, claimed.state, sent)
        offset = claimed.at - sentAt
        holder = claimed.state.holder
      }
      troubleSince = undefined
    } catch (error) {
      troubleSince ??= clock.monotonic()
      if (!isPassing(error) || clock.monotonic() - troubleSince > MOST_TROUBLE) throw error
      log.info(`${(error as Error).message}; asking for the lease again`)
    }
    const waited = clock.monotonic() - begun
    if (holder !== undefined) {
      if (waited >= request.patience)
        throw new Refusal(`${heldBy(request, holder)}; ${WAITED[request.patience === 0 ? 'not' : 'long']}`)
      if (told !== holder.owner) log.notice(`waiting: ${heldBy(request, holder)}`)
      told = holder.owner
    }
    // Waiters that saw the same release must not all ask in the same moment.
    await clock.sleep(request.pollInterval * (0.5 + Math.random()), signal)
  }
  return undefined
}

/** How long requests may fail in a row. */
const MOST_TROUBLE = 60_000
const WAITED = {
  not: 'it is not waited for',
  long: "the time given by 'lease-timeout' is over, and nothing was deployed. See what that run does, then run again",
}

const heldBy = ({ name }: LeaseRequest, { run, owner, purpose }: Holder): string =>
  `the lease of ${name} is held by ${run || `the run ${owner}`} (${purpose})`
