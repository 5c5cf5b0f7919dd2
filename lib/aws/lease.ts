import { type Holder, holderAt, leaseAfter } from '../delivery/lease.ts'
import { Refusal } from '../refusal.ts'
import { type LeaseRequest, recordOf } from './claim.ts'
import { isPassing, isThrottled } from './errors.ts'
import { holdLease, type Lease } from './renewal.ts'

/**
 * Takes the lease, or waits for it, and renews it until it is released. Undefined where `signal` ended the waiting;
 * rejects with a `Refusal` when `patience` is over.
 */
export const takeLease = async (request: LeaseRequest): Promise<Lease | undefined> => {
  const { clock, log, signal, owner, lock } = request
  const begun = clock.monotonic()
  const errors = errorsInARow(request)
  /** By how much AWS's clock, which decides, is ahead of ours. */
  let offset = 0
  /** Our last claim, and when it was sent by both of our clocks. */
  let ours: { version: number; sent: number; sentAt: number } | undefined
  let told = ''
  // A claim that was written is followed up: it may be valid, and must then be given back.
  while (!signal.aborted || ours !== undefined) {
    let holder: Holder | undefined
    try {
      const history = await lock.history(ours?.version)
      const state = leaseAfter(history)
      // What is written already was not written in the future; how we stand to AWS our own claim tells exactly.
      const own = history.find(({ version }) => version === ours?.version)
      offset = own && ours ? own.at - ours.sentAt : Math.max(offset, (history.at(-1)?.at ?? 0) - clock.now())
      const isFresh = ours !== undefined && clock.monotonic() < ours.sent + request.lasts
      if (ours && isFresh && state.holder?.owner === owner) return holdLease(request, state, ours.sent)
      holder = holderAt(state, clock.now() + offset)
      if (holder === undefined || holder.owner === owner) {
        holder = undefined
        const [sent, sentAt] = [clock.monotonic(), clock.now()]
        ours = { version: await lock.write(recordOf(request, 'held', state)), sent, sentAt }
        continue
      }
      ours = undefined
      errors.forget()
    } catch (error) {
      errors.bear(error)
    }
    if (holder !== undefined) {
      if (clock.monotonic() - begun >= request.patience)
        throw new Refusal(`${heldBy(request, holder)}; ${WAITED[request.patience === 0 ? 'not' : 'long']}`)
      if (told !== holder.owner) log.notice(`waiting: ${heldBy(request, holder)}`)
      told = holder.owner
    }
    // Waiters that saw the same release, or were turned away together, must not all ask in the same moment.
    const pause = Math.min(request.pollInterval * (1 + errors.count()), LONGEST_PAUSE) * (0.5 + Math.random())
    await clock.sleep(pause, ours === undefined ? signal : undefined)
  }
  return undefined
}

const LONGEST_PAUSE = 10_000
/** How long requests may fail in a row; how long AWS may turn them away because there are too many. */
const MOST_TROUBLE = 60_000
const MOST_THROTTLING = 300_000

/** Errors that the next request may not meet again are borne for a while. */
const errorsInARow = ({ clock, log }: LeaseRequest) => {
  let since: number | undefined
  let count = 0
  return {
    count: () => count,
    forget: (): void => {
      since = undefined
      count = 0
    },
    bear: (error: unknown): void => {
      since ??= clock.monotonic()
      count += 1
      const most = isThrottled(error) ? MOST_THROTTLING : MOST_TROUBLE
      if (!isPassing(error) || clock.monotonic() - since > most) throw error
      if (count === 1) log.info(`${(error as Error).message}; asking for the lease again`)
    },
  }
}

const WAITED = {
  not: 'it is not waited for',
  long: "the time given by 'lease-timeout' is over, and nothing was deployed. See what that run does, then run again",
}

const heldBy = ({ name }: LeaseRequest, { run, owner, purpose }: Holder): string =>
  `the lease of ${name} is held by ${run || `the run ${owner}`} (${purpose})`
