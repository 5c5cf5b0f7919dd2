/** A condition that a release must meet, as one question with one answer. */
export type Gate = {
  gate:
    | 'account'
    | 'deployed-infrastructure'
    | 'digest-exists'
    | 'freeze'
    | 'hold'
    | 'hotfix'
    | 'known-upstream'
    | 'newer-candidate'
    | 'record-size'
    | 'rejected'
    | 'same-configuration'
    | 'soak'
    | 'verified-upstream'
    | 'window'
  /** `pending`: time alone can turn it into a pass. */
  result: 'pass' | 'fail' | 'pending'
  /** One sentence; for anything but a pass it ends with what to do next. */
  reason: string
  /** What the answer rests on, to be printed: names and values. */
  evidence: Record<string, string>
  /** Of a pending gate: when it passes, ISO 8601 in UTC. */
  opensAt?: string
}

/** Milliseconds since the epoch as it is written in records and messages: ISO 8601 in UTC, to the second. */
export const stamp = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z')
