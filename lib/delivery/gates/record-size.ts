import { type Release, releaseId } from '../records.ts'
import type { Gate } from './gate.ts'

/** Bytes that a parameter of the advanced tier takes (SSM quotas). */
const LIMIT = 8192

/** What is not known before the deployment, at its largest: addresses, names, and twenty rejected releases. */
const UNKNOWN = {
  run: 'x'.repeat(200),
  actor: 'x'.repeat(100),
  rejected: Array.from({ length: 20 }, () => `rel-${'0'.repeat(16)}`),
}

type Candidate = {
  images: Record<string, { digest?: string | undefined; tag: string }>
  services: Record<string, string>
  commit: string
}

/** The release can be recorded once it is proven; found out before anything is deployed. */
export const recordSize = ({ images, services, commit }: Candidate): Gate => {
  const digests = Object.fromEntries(
    Object.entries(images).map(([name, { digest, tag }]) => [name, { digest: digest ?? `sha256:${'0'.repeat(64)}`, tag }]),
  )
  const release = releaseId(digests, services)
  const record: Release = {
    release,
    images: digests,
    services,
    commit,
    verifiedAt: new Date(0).toISOString(),
    previous: release,
    ...UNKNOWN,
  }
  const size = Buffer.byteLength(JSON.stringify(record))
  const evidence = { bytes: String(size), limit: String(LIMIT) }
  if (size <= LIMIT)
    return { gate: 'record-size', result: 'pass', reason: `the release record takes up to ${size} of ${LIMIT} bytes`, evidence }
  const reason =
    `the release record would take ${size} bytes and SSM takes ${LIMIT}: ` +
    `${Object.keys(images).length} images and ${Object.keys(services).length} services are too many for one project; split delivery.json into two projects`
  return { gate: 'record-size', result: 'fail', reason, evidence }
}
