import { fenced } from '../../../lib/aws/fence.ts'
import { takeLease } from '../../../lib/aws/lease.ts'
import { type LeaseTerms, requestOf } from '../../../lib/aws/lease-terms.ts'
import { type Lock, ssmLock } from '../../../lib/aws/lock.ts'
import type { Lease, LeaseLost } from '../../../lib/aws/renewal.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { type Conclusion, concluded } from './conclusion.ts'
import { isGreen } from './outcome.ts'
import type { ServiceResult } from './request.ts'
import type { TargetTools } from './target.ts'

export type Leasing = {
  session: Session
  terms: LeaseTerms
  tools: TargetTools
  /** Told before the lease is claimed, and again (without terms) when it was given back. */
  onLease(terms?: LeaseTerms): void
  /** Called after every renewal. */
  onRenewed?: () => Promise<void>
  signal: AbortSignal
}

/** What is done under the lease: with a session that sends no write without it, and a signal that says when to stop. */
export type UnderLease = { session: Session; signal: AbortSignal }

/** Takes the lease, works, gives it back. Rejects with what `work` rejects with, or with a `Refusal` where it is not to be had. */
export const leased = async (leasing: Leasing, work: (under: UnderLease) => Promise<Conclusion>): Promise<Conclusion> => {
  const { session, terms, tools, signal } = leasing
  // Before the claim: a process that is killed in the next moment leaves a lease that its post step gives back.
  leasing.onLease(terms)
  const lease = await takeLease({
    ...requestOf(terms, { lock: guardedLock(session, terms.parameter), tools, signal }),
    ...(leasing.onRenewed && { onRenewed: leasing.onRenewed }),
  }).catch((error) => {
    if (error instanceof Refusal) leasing.onLease()
    throw error
  })
  if (lease === undefined || signal.aborted) {
    await lease?.release()
    leasing.onLease()
    const reason = `the job was cancelled while it waited for the lease of ${terms.name}`
    return { ...concluded([], []), outcome: 'cancelled', reason }
  }
  try {
    const under = { session: fenced(session, lease.assertHeld), signal: AbortSignal.any([signal, lease.lost]) }
    const conclusion = await work(under)
    const lost = isGreen(conclusion.outcome) ? undefined : await lossOf(lease)
    if (lost === undefined || conclusion.results.length === 0) return conclusion
    const results = conclusion.results.map((result) => afterLoss(result, lost))
    return { ...conclusion, ...concluded(results, conclusion.notes, conclusion.release) }
  } finally {
    await lease.release()
    leasing.onLease()
  }
}

/** The account is confirmed while the history is read, before the first claim, and comes first among the reasons to refuse. */
const guardedLock = (session: Session, parameter: string): Lock => {
  const lock = ssmLock(session, parameter)
  return {
    history: async (upTo) => {
      const reading = lock.history(upTo)
      await Promise.allSettled([session.guard(), reading])
      await session.guard()
      return reading
    },
    write: (record) => lock.write(record),
  }
}

/** Undefined where the lease is still held. Who has it instead is asked of AWS, for which this waits. */
const lossOf = async ({ assertHeld, lost }: Lease): Promise<LeaseLost | undefined> => {
  try {
    assertHeld()
    return undefined
  } catch {
    if (!lost.aborted) await new Promise((resolve) => lost.addEventListener('abort', resolve, { once: true }))
    return lost.reason
  }
}

/**
 * Whoever has the lease now decides what runs: what was in flight is left to it. Where nobody is known to have it, a
 * person has to look, or the post step, which asks for the lease again.
 */
const afterLoss = (result: ServiceResult, lost: LeaseLost): ServiceResult => {
  if (isGreen(result.outcome)) return result
  const reason = `${lost.message}; nothing more was written by this run`
  if (result.outcome === 'cancelled') return { ...result, reason }
  const isOpen = result.unseen || result.outcome === 'failed-not-rolled-back' || result.outcome === 'superseded'
  if (!isOpen) return result
  const { runningDigest: _, ...unknown } = result
  return { ...unknown, outcome: lost.isTaken ? 'superseded' : 'failed-not-rolled-back', reason }
}
