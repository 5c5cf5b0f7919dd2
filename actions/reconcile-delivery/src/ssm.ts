import { parameterHistory, readParameters } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Lock } from '../../../lib/delivery/board/facts.ts'
import { type LockVersion, leaseAfter } from '../../../lib/delivery/lease.ts'
import { releaseHistory } from '../../../lib/delivery/records.ts'
import type { Ledger } from './ports.ts'

export const ssmLedger = (session: Session): Ledger => ({
  releases: async (parameter) =>
    releaseHistory(await parameterHistory(session, parameter), parameter).map(({ release, at }) => ({ release, writtenAt: at })),
  lock: async (parameter) => lastClaim(await parameterHistory(session, parameter)),
  values: (parameters) => readParameters(session, parameters),
})

/** Whoever has not given the lease back, in time or not. */
const lastClaim = (history: readonly LockVersion[]): Lock | undefined => {
  const { holder } = leaseAfter(history)
  if (holder === undefined || holder.until === 0) return undefined
  return { owner: holder.owner, purpose: holder.purpose, expiresAt: holder.until }
}
