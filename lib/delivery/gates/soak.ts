import { seconds } from '../schema/fields.ts'
import { type Gate, stamp } from './gate.ts'

type Soak = {
  /** As in `delivery.json`, `30m`; none: the gate passes. */
  soak: string | undefined
  upstream: string
  /** When upstream first had these digests whole and unrejected, ISO 8601: `verifiedAt` of `verifiedUpstream`. */
  verifiedAt: string
}

/** A release has stood verified upstream for long enough. That others came there since does not count against it. */
export const soaked = ({ soak, upstream, verifiedAt }: Soak, now: number): Gate => {
  const evidence = { soak: soak ?? 'none', verifiedAt, now: stamp(now) }
  if (soak === undefined) return { gate: 'soak', result: 'pass', reason: 'no soak time is asked for', evidence }
  const opens = Date.parse(verifiedAt) + seconds(soak) * 1000
  if (now >= opens) return { gate: 'soak', result: 'pass', reason: `verified in ${upstream} for at least ${soak}`, evidence }
  const opensAt = stamp(opens)
  const reason = `${upstream} has verified this since ${verifiedAt} and it must stand there for ${soak}; that is over at ${opensAt}, and reconcile starts it then`
  return { gate: 'soak', result: 'pending', reason, evidence, opensAt }
}
