import type { Session } from '../../../lib/aws/session.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import type { Tools } from './change-set.ts'
import { type LeaseTerms, leased } from './lease.ts'
import type { StackResult } from './outcome.ts'
import type { Stacks } from './ports.ts'
import { resultOf } from './result.ts'
import { type Operation, watch } from './watch.ts'

/** What a killed main step left behind. */
export type Unfinished = {
  account: string
  region: string
  role: string
  requestTimeout: number
  pollInterval: number
  lease?: LeaseTerms
  operations: Operation[]
}

/** GitHub gives the steps after a cancellation five minutes; the rest is for the summary. */
const TIME = 240_000

/**
 * Takes back the updates that are ours and under way, follows them to their end as long as there is time, and gives the lease
 * back. Rejects with a `Refusal`, and touches nothing, where another run has taken the lease meanwhile.
 */
export const finishKilled = async (
  { lease, operations }: Unfinished,
  session: Session,
  stacksOf: (session: Session, region: string) => Promise<Stacks>,
  tools: Tools,
): Promise<StackResult[]> => {
  if (lease === undefined) return []
  const enough = AbortSignal.timeout(TIME)
  const done = await leased(session, { ...lease, leaseTimeout: 0 }, tools, new AbortController().signal, async (under) => ({
    value: await Promise.all(
      operations.map(async (operation) => {
        const stacks = await stacksOf(patient(under.session, tools), operation.region)
        const limits = { signal: AbortSignal.abort(), deadline: Number.POSITIVE_INFINITY, enough }
        return resultOf(operation.stack, await watch(stacks, operation, limits, tools))
      }),
    ),
    keep: false,
  }))
  return done?.value ?? []
}
