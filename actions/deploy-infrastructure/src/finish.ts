import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import type { Tools } from './change-set.ts'
import { isCreated } from './given.ts'
import { leased } from './lease.ts'
import { isSync } from './names.ts'
import type { StackResult } from './outcome.ts'
import type { Stacks } from './ports.ts'
import { resultOf } from './result.ts'
import { type Operation, type Watched, watch } from './watch.ts'

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
 * Takes back the updates that are ours and under way, but for those that bring what is recorded, follows them to their end as long
 * as there is time, and gives the lease back. Rejects with a `Refusal`, and touches nothing, where another run has taken the lease meanwhile.
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
        return toldOf(operation, await watch(stacks, operation, limits, tools))
      }),
    ),
    keep: false,
  }))
  return done?.value ?? []
}

/** Nothing is green after a kill: what was approved was not brought to its end. */
const toldOf = (operation: Operation, watched: Watched): StackResult => {
  const result = resultOf(operation.stack, watched)
  const { stack } = watched
  if (result.outcome === 'created' && stack !== undefined && !isCreated(stack))
    return { ...result, outcome: 'cancelled', reason: 'its creation is not brought to its end yet; run this again' }
  if (result.outcome === 'updated' && isSync(operation.token))
    return { ...result, outcome: 'cancelled', reason: 'CloudFormation has what is recorded; the change itself was not begun' }
  return result
}
