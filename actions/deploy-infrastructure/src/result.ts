import type { StackResult } from './outcome.ts'
import { standingOf } from './stack.ts'
import type { Watched } from './watch.ts'

/** What became of a stack, from the state in which an operation has left it. */
export const resultOf = (stack: string, { stack: found, cause, stopped, goesOn }: Watched): StackResult => {
  const status = found?.status ?? 'gone'
  const why = cause || found?.reason || status
  if (goesOn)
    return {
      stack,
      outcome: stopped ?? 'cancelled',
      reason: `CloudFormation goes on with it (${status}); what ends it shows in its events, and a later run follows it to its end`,
    }
  if (status === 'CREATE_COMPLETE') return { stack, outcome: 'created' }
  if (status === 'UPDATE_COMPLETE') return { stack, outcome: 'updated' }
  if (status === 'UPDATE_ROLLBACK_COMPLETE' || status === 'ROLLBACK_COMPLETE')
    return { stack, outcome: stopped ?? 'failed-rolled-back', reason: stopped ? `taken back (${status})` : why }
  const standing = standingOf(found)
  const remedy = standing.is === 'stuck' ? `; ${standing.remedy}` : ''
  return { stack, outcome: 'failed-not-rolled-back', reason: `${status}: ${why}${remedy}` }
}
