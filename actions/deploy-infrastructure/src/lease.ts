import { randomUUID } from 'node:crypto'
import { fenced } from '../../../lib/aws/fence.ts'
import { takeLease } from '../../../lib/aws/lease.ts'
import { type LeaseTerms, requestOf } from '../../../lib/aws/lease-terms.ts'
import { ssmLock } from '../../../lib/aws/lock.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { RunContext } from '../../../lib/runner/context.ts'
import type { Tools } from './change-set.ts'
import type { Job } from './place.ts'

/** How long the lease waits for the job that proves what runs: runners may have to be waited for. */
const HANDOVER = 600_000

/** `signal` is aborted when the job is cancelled, when the lease is lost, and with a `Refusal` when it is to be given up. */
export type UnderLease = { session: Session; signal: AbortSignal }

export type Leased<T> = { value: T; keep: boolean }

export const termsOf = (
  { project, environment, records }: Job,
  { runId, runUrl }: RunContext,
  limits: Pick<LeaseTerms, 'leaseDuration' | 'leaseTimeout' | 'requestTimeout'>,
): LeaseTerms => ({
  parameter: records.lock,
  name: `${project} in ${environment}`,
  owner: runId || `by-hand-${randomUUID()}`,
  purpose: 'deploy infrastructure',
  run: runUrl,
  leaseDuration: limits.leaseDuration,
  leaseTimeout: limits.leaseTimeout,
  requestTimeout: limits.requestTimeout,
})

/**
 * Takes the lease and works. It is left to the next job of the run where `keep` says so, and given back otherwise. Undefined
 * where the job was cancelled while it waited; rejects with a `Refusal` where the lease is not to be had.
 */
export const leased = async <T>(
  session: Session,
  terms: LeaseTerms,
  tools: Tools,
  signal: AbortSignal,
  work: (under: UnderLease) => Promise<Leased<T>>,
  /** Asked at every renewal: why the lease is to be given up, if it is. */
  whyGiveUp?: () => Promise<string | undefined>,
): Promise<Leased<T> | undefined> => {
  // The account comes first among the reasons to refuse.
  await session.guard()
  const givenUp = new AbortController()
  const lease = await takeLease({
    ...requestOf(terms, { lock: ssmLock(session, terms.parameter), tools, signal }),
    onRenewed: async () => {
      const why = givenUp.signal.aborted ? undefined : await whyGiveUp?.()
      if (why === undefined) return
      tools.log.warning(`${why}; stopping`)
      givenUp.abort(new Refusal(why))
    },
  })
  if (lease === undefined || signal.aborted) {
    await lease?.release()
    return undefined
  }
  let keep = false
  try {
    const done = await work({
      session: fenced(session, lease.assertHeld),
      signal: AbortSignal.any([signal, lease.lost, givenUp.signal]),
    })
    keep = done.keep
    return done
  } finally {
    await (keep ? lease.handOver(HANDOVER) : lease.release())
  }
}
