import { type Difference, differences } from './differences.ts'
import type { Column } from './table.ts'

/** Differences that were seen and are not listed, and listed ones that were not seen. */
export const unexplained = (columns: readonly Column[], listed: readonly Difference[] = differences): string[] => {
  const seen = columns.flatMap(({ subject, outcomes }) =>
    [...outcomes].flatMap(([rule, outcome]) => (outcome.verdict === 'differs' ? [{ subject, rule, ...outcome }] : [])),
  )
  const is = (a: { subject: string; rule: string }) => (b: { subject: string; rule: string }) =>
    a.subject === b.subject && a.rule === b.rule
  return [
    ...seen
      .filter((each) => !listed.some(is(each)))
      .map(({ subject, rule, observed }) => `${subject} differs in ${rule}, which is not listed: ${JSON.stringify(observed)}`),
    ...listed
      .filter((each) => !seen.some(is(each)))
      .map(({ subject, rule }) => `${subject} is listed with ${rule}, and no longer differs`),
  ]
}
