/** A condition that a release must meet, as one question with one answer. */
export type Gate = {
  gate: 'account' | 'digest-exists' | 'record-size' | 'verified-upstream'
  /** `pending`: time alone can turn it into a pass. */
  result: 'pass' | 'fail' | 'pending'
  /** One sentence; for anything but a pass it ends with what to do next. */
  reason: string
  /** What the answer rests on, to be printed: names and values. */
  evidence: Record<string, string>
}
