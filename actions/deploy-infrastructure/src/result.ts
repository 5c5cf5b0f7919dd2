import type { StackResult } from './outcome.ts'
import { standingOf } from './stack.ts'
import type { Watched } from './watch.ts'

/** What became of a stack, from the state in which an operation has left it. */
export const resultOf = (stack: string, watched: Watched): StackResult => {
  const { stack: found, cause, stopped, left } = watched
  const why = watched.why === undefined ? '' : `: ${watched.why}`
  if (left !== undefined)
    return { stack, outcome: stopped ?? 'timed-out', reason: `${LEFT[left](found?.status ?? 'unseen')}${why}` }
  const status = found?.status ?? 'gone'
  if (status === 'CREATE_COMPLETE') return { stack, outcome: 'created' }
  if (status === 'UPDATE_COMPLETE') return { stack, outcome: 'updated' }
  const because = cause || found?.reason || status
  if (status === 'UPDATE_ROLLBACK_COMPLETE' || status === 'ROLLBACK_COMPLETE')
    return stopped === undefined
      ? { stack, outcome: 'failed-rolled-back', reason: because }
      : { stack, outcome: stopped, reason: `taken back (${status})${why}` }
  const standing = standingOf(found)
  const remedy = standing.is === 'stuck' ? `; ${standing.remedy}` : ''
  return { stack, outcome: 'failed-not-rolled-back', reason: `${status}: ${because}${remedy}` }
}

const LEFT: Record<NonNullable<Watched['left']>, (status: string) => string> = {
  'going-on': (status) =>
    `CloudFormation goes on with it (${status}); what ends it shows in its events, and a later run follows it to its end`,
  'not-begun': (status) => `not begun: CloudFormation shows no beginning of it (${status})`,
}
