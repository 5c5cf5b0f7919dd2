/** How one stack ended. */
const STACK_OUTCOMES = [
  'failed-not-rolled-back',
  'failed-rolled-back',
  'timed-out',
  'cancelled',
  'refused',
  'skipped',
  'created',
  'updated',
  'no-change',
] as const
export type StackOutcome = (typeof STACK_OUTCOMES)[number]

export type StackResult = { stack: string; outcome: StackOutcome; reason?: string }

export type Outcome = Exclude<StackOutcome, 'created' | 'updated'> | 'prepared' | 'succeeded'

export const isGreen = (outcome: StackOutcome | Outcome): boolean =>
  ['created', 'updated', 'no-change', 'skipped', 'succeeded', 'prepared'].includes(outcome)

/** The worst of them stands for all. */
export const outcomeOf = (results: readonly StackResult[]): Outcome => {
  const worst = STACK_OUTCOMES.find((outcome) => !isGreen(outcome) && results.some((result) => result.outcome === outcome))
  if (worst !== undefined) return worst as Outcome
  return results.some(({ outcome }) => outcome === 'created' || outcome === 'updated') ? 'succeeded' : 'no-change'
}
