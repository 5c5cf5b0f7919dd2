import type { Subject } from './subject.ts'

/** Where a subject does not keep a rule of AWS. */
export type Difference = {
  subject: Subject['name']
  rule: string
  /** What it does instead. */
  instead: string
  /** Why we believe AWS's documentation and not the subject. */
  because: string
}

export const differences: readonly Difference[] = []
