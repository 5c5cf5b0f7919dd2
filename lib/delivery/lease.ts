/** The value of the `lock` parameter. SSM has no compare-and-set, so a value is a claim; `leaseAfter` says which are valid. */
export type LockRecord = {
  state: 'held' | 'released'
  /** Id of the workflow run: the jobs of one run share the lease. */
  owner: string
  /** What for, in words: `deploy shop to dev`. */
  purpose: string
  /** Address of the workflow run; empty where it was started by hand. */
  run: string
  /** When a claim ends that is not renewed, ISO 8601 in UTC by the clock of its writer: for people. */
  expires: string
  /** Milliseconds for which the writer keeps to a claim. */
  lasts: number
  /** Milliseconds that others wait beyond that: a request of the writer may still be under way. */
  grace: number
  /** What the writer had read: AWS keeps 100 versions only, and a history that is cut is read from here on. */
  seen?: LeaseState
}

/** One version of the parameter, with the time at which AWS wrote it: one clock for everybody. Milliseconds. */
export type LockVersion = { version: number; at: number; value: string }

export type Holder = Pick<LockRecord, 'owner' | 'purpose' | 'run'> & {
  /** Version by which this holder came; it stays the same while the claim is renewed or inherited in time. */
  since: number
  /** From then on, in AWS's time, somebody else may claim. */
  until: number
}

/** Who holds after that version, unless `until` is over. */
export type LeaseState = { version: number; holder?: Holder }

const NOBODY: LeaseState = { version: 0 }

/**
 * Folds the history of the parameter, oldest first and without gaps. A claim is valid if nobody holds, if the one before
 * it has run out, or if it is of the same owner; only a release of the holder itself counts. The same history gives every
 * reader the same answer, and so does what is left of one that was cut.
 */
export const leaseAfter = (history: readonly LockVersion[]): LeaseState => {
  const entries = history.map((each) => ({ ...each, record: parseLock(each.value) }))
  const first = entries[0]?.version ?? 1
  const known = first === 1 ? NOBODY : entries.map(({ record }) => record?.seen).find((seen) => seen && seen.version >= first - 1)
  let state: LeaseState = known ?? { version: first - 1, holder: { ...UNKNOWN, since: first - 1 } }
  let time = 0
  for (const { version, at, record } of entries) {
    time = Math.max(time, at)
    if (version <= state.version) continue
    state = record === undefined ? { ...state, version } : next(state, version, time, record)
  }
  return state
}

/** Holds where the beginning is missing and nobody wrote what it was: until no claim was made for as long as one lasts. */
const UNKNOWN: Omit<Holder, 'since'> = { owner: '', purpose: 'unknown', run: '', until: 0 }

const next = ({ holder }: LeaseState, version: number, at: number, record: LockRecord): LeaseState => {
  const { owner, purpose, run } = record
  if (record.state === 'released') return { version, ...(holder !== undefined && holder.owner !== owner && { holder }) }
  const until = at + record.lasts + record.grace
  if (holder?.owner === '' && (holder.until === 0 || at <= holder.until)) return { version, holder: { ...holder, until } }
  const isOver = holder === undefined || at > holder.until
  if (!isOver && holder.owner !== owner) return { version, holder }
  const since = isOver ? version : holder.since
  return { version, holder: { owner, purpose, run, since, until: Math.max(until, isOver ? 0 : holder.until) } }
}

/** The holder at a time of AWS's clock. */
export const holderAt = ({ holder }: LeaseState, now: number): Holder | undefined =>
  holder !== undefined && now <= holder.until ? holder : undefined

/** A value that is no lock record counts for nothing. */
const parseLock = (value: string): LockRecord | undefined => {
  try {
    const { state, owner, lasts, grace, ...rest }: LockRecord = JSON.parse(value)
    const isRecord = (state === 'held' || state === 'released') && typeof owner === 'string' && owner !== ''
    return isRecord && lasts >= 0 && grace >= 0 ? { state, owner, lasts, grace, ...rest } : undefined
  } catch {
    return undefined
  }
}
