import { short } from '../../image.ts'
import { type Release, releaseId } from '../records.ts'
import type { Gate } from './gate.ts'

type Images = Record<string, { digest: string; tag: string }>

/** What is to be promoted: its images, and which service runs which of them. */
export type Candidate = { images: Images; services: Record<string, string> }

type Upstream = {
  environment: string
  branch: string
  /** The command of a hotfix, where one may pass this gate. */
  hotfix?: string | undefined
}

/** `verifiedAt` is when these digests were first proven upstream, ISO 8601; soak counts from there. */
export type VerifiedUpstream = Gate & { verifiedAt?: string }

/**
 * Exactly these digests stood together in a release of upstream that was verified, whole, and never rejected. That they
 * run there now is not asked: a busy upstream would never let anything through.
 */
export const verifiedUpstream = (
  { environment, branch, hotfix }: Upstream,
  history: readonly Release[],
  candidate: Candidate,
): VerifiedUpstream => {
  const rejected = new Set(history.flatMap((release) => release.rejected))
  const holding = history.filter((release) => holds(release, candidate.images))
  const good = holding.filter((release) => !release.partial && !rejected.has(release.release))
  const [first] = good.toSorted((a, b) => Date.parse(a.verifiedAt) - Date.parse(b.verifiedAt))
  const fail = (reason: string): Gate => ({
    gate: 'verified-upstream',
    result: 'fail',
    reason,
    evidence: { environment, ...digests(candidate.images), ...newest(history) },
  })
  if (Object.keys(candidate.images).length === 0) return fail('there is no image to promote; add a service to delivery.json')
  if (history.length === 0) {
    return fail(`nothing was ever verified in ${environment}; deliver there first: gh workflow run deliver.yml --ref ${branch}`)
  }
  const isRejected = rejected.has(releaseId(candidate.images, candidate.services))
  if (isRejected || (first === undefined && holding.some(({ release }) => rejected.has(release)))) {
    return fail(
      `${environment} rolled this release back, and a rejected release goes nowhere; bring a new commit to branch ${branch}`,
    )
  }
  if (first !== undefined) {
    const { release, verifiedAt, commit, run } = first
    const reason = `${environment} has verified exactly these digests since ${verifiedAt} (${release})`
    return {
      gate: 'verified-upstream',
      result: 'pass',
      reason,
      evidence: { environment, release, verifiedAt, commit, run },
      verifiedAt,
    }
  }
  const look = `gh run list --workflow deliver.yml --branch ${branch}`
  if (holding.length > 0) {
    return fail(
      `${environment} has these digests in a partial release only: some of its services kept another image; run the delivery of ${branch} again: ${look}`,
    )
  }
  const past = hotfix === undefined ? '' : `; if it cannot wait: ${hotfix}`
  return fail(
    `${environment} has never verified ${describe(candidate.images)}; wait for its delivery, or see why it failed: ${look}${past}`,
  )
}

const holds = (release: Release, images: Images): boolean =>
  Object.entries(images).every(([name, { digest }]) => release.images[name]?.digest === digest)

const describe = (images: Images): string =>
  `${Object.keys(images).length > 1 ? 'these digests together: ' : ''}${Object.entries(images)
    .map(([name, { digest }]) => `${name}@${short(digest)}`)
    .join(', ')}`

const digests = (images: Images): Record<string, string> =>
  Object.fromEntries(Object.entries(images).map(([name, { digest, tag }]) => [`${name}:${tag}`, digest]))

const newest = (history: readonly Release[]): Record<string, string> => {
  const last = history.at(-1)
  return last === undefined ? {} : { newest: `${last.release} (${last.verifiedAt})` }
}
