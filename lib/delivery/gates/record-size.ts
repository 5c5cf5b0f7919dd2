import type { Kind } from '../plan.ts'
import { type Release, releaseId } from '../records.ts'
import type { Gate } from './gate.ts'

/** Bytes that a parameter of the advanced tier takes (SSM quotas). */
const LIMIT = 8192

/** What is not known before the deployment, at its largest: addresses and names. */
const UNKNOWN = { run: 'x'.repeat(200), actor: 'x'.repeat(100) }

const SOME_RELEASE = `rel-${'0'.repeat(16)}`

/** Rejected releases that are reckoned with where nobody could read them. */
const MOST_REJECTED = 20

type Candidate = {
  images: Record<string, { digest?: string | undefined; tag: string }>
  services: Record<string, string>
  commit: string
  kind?: Kind | undefined
  /** Recorded as it is. */
  reason?: string | undefined
  /** What was rolled back here and is carried on in the record; absent where the record could not be read. */
  rejected?: readonly string[] | undefined
}

/** The release can be recorded once it is proven; found out before anything is deployed. */
export const recordSize = ({ images, services, commit, kind, reason: why, rejected }: Candidate): Gate => {
  const digests = Object.fromEntries(
    Object.entries(images).map(([name, { digest, tag }]) => [name, { digest: digest ?? `sha256:${'0'.repeat(64)}`, tag }]),
  )
  const release = releaseId(digests, services)
  const record: Release = {
    release,
    images: digests,
    services,
    commit,
    infrastructure: { commit, since: new Date(0).toISOString() },
    verifiedAt: new Date(0).toISOString(),
    previous: release,
    ...UNKNOWN,
    // One more than is known: a rollback may come between the plan and the record.
    rejected: rejected === undefined ? new Array<string>(MOST_REJECTED).fill(SOME_RELEASE) : [...rejected, SOME_RELEASE],
    ...((kind === 'hotfix' || kind === 'rollback') && { kind }),
    ...(why !== undefined && { reason: why }),
  }
  const size = Buffer.byteLength(JSON.stringify(record))
  const evidence = { bytes: String(size), limit: String(LIMIT) }
  if (size <= LIMIT)
    return { gate: 'record-size', result: 'pass', reason: `the release record takes up to ${size} of ${LIMIT} bytes`, evidence }
  const whyBytes = why === undefined ? 0 : Buffer.byteLength(JSON.stringify(why))
  const remedy =
    size - whyBytes <= LIMIT
      ? `${whyBytes} of them are the reason; give a shorter one`
      : `${Object.keys(images).length} images, ${Object.keys(services).length} services and ${record.rejected.length} rejected releases are too many for one project; split delivery.json into two projects`
  const reason = `the release record would take ${size} bytes and SSM takes ${LIMIT}: ${remedy}`
  return { gate: 'record-size', result: 'fail', reason, evidence }
}
