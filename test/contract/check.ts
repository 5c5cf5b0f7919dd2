import { isDeepStrictEqual } from 'node:util'
import { isNotImplemented, type Rule } from './rule.ts'
import type { Subject } from './subject.ts'

/** What became of a rule: kept, not served by the subject, or answered in another way. */
export type Outcome = { verdict: 'kept' | 'not-implemented' } | { verdict: 'differs'; observed: unknown }

/** Observed values are compared as JSON has them. */
const asJson = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)))

export const check = async (rule: Rule, subject: Subject): Promise<Outcome> => {
  if (!(rule.needs ?? []).every((each) => subject.has.includes(each))) return { verdict: 'not-implemented' }
  try {
    const observed = asJson(await rule.run(subject))
    return isDeepStrictEqual(observed, asJson(rule.expected)) ? { verdict: 'kept' } : { verdict: 'differs', observed }
  } catch (error) {
    if (isNotImplemented(error)) return { verdict: 'not-implemented' }
    return { verdict: 'differs', observed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}
