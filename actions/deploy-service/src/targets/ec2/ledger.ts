import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import type { HostRow } from '../../target.ts'

/** What is known of each host in this process: shown in the job summary, and never what a decision of another process needs. */
export type Ledger = {
  rows(): HostRow[]
  /** What a host ran when it was first seen. Later looks do not change it. */
  before(id: string, digest: string | undefined): void
  /** A word on how the host stands. */
  note(id: string, verdict: string): void
  /** The end of an operation, in the host's own words. `took` in milliseconds. */
  ended(id: string, verdict: HostVerdict, words: string, took: number): void
  /** What the host was seen running last. */
  seen(id: string, digest: string | undefined): void
}

export const createLedger = (): Ledger => {
  const rows = new Map<string, HostRow>()
  const known = new Set<string>()
  const change = (id: string, over: Partial<HostRow>): void => {
    rows.set(id, { ...(rows.get(id) ?? { id, verdict: '' }), ...over })
  }
  return {
    rows: () => [...rows.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    before: (id, digest) => {
      if (known.has(id)) return
      known.add(id)
      change(id, { verdict: 'not touched', ...(digest && { before: digest }) })
    },
    note: (id, verdict) => change(id, { verdict }),
    ended: (id, { digest, running, phases, drain_s }, verdict, took) =>
      change(id, { verdict, took, phases, drain: drain_s, after: running ? digest : '' }),
    seen: (id, digest) => change(id, { after: digest ?? '' }),
  }
}
