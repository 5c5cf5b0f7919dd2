import { releaseId } from './records.ts'

/** One time that a service was brought to an environment, as GitHub keeps it. */
export type Attempt = {
  service: string
  /** Content tag. */
  tag: string
  digest: string
  /** Id of the release that it was part of. */
  release: string
  /** Kind of the plan that brought it. */
  kind: string
  /** With a rollback: id of the release that was left. */
  rejects?: string
  /** `success` also where it was replaced since; else the last that was said of it: `failure`, `in_progress`, … */
  state: string
  /** When it began, ISO 8601. */
  startedAt: string
  /** When it was verified, ISO 8601; absent where it never was. */
  verifiedAt?: string
}

/** Which content each service is made of, and of which image. */
export type Candidate = Record<string, { image: string; tag: string }>

/** What GitHub knows of a candidate in one environment. */
export type Standing =
  | { standing: 'verified'; since: string; release: string; digests: Record<string, string> }
  | { standing: 'rejected'; release: string }
  | { standing: 'failed'; at: string }
  | { standing: 'under-way' }
  | { standing: 'unknown' }

/**
 * Replays an environment's attempts. A candidate was verified once all of its services ran it at the same time, in one
 * release that was brought as such. It is rejected for good when a rollback has left that release, in whichever
 * environment: `others` are the attempts in each of these.
 */
export const standingOf = (
  candidate: Candidate,
  attempts: readonly Attempt[],
  others: readonly (readonly Attempt[])[] = [],
): Standing => {
  const history = verifiedOnes(attempts)
  const rejected = new Set([history, ...others.map(verifiedOnes)].flatMap(rejectedReleases))
  const running = new Map<string, Attempt>()
  for (const attempt of history) {
    running.set(attempt.service, attempt)
    const release = together(candidate, running)
    if (release === undefined || isPartial(release, candidate, attempts)) continue
    if (rejected.has(release)) return { standing: 'rejected', release }
    const digests = Object.fromEntries(
      Object.entries(candidate).map(([service, { image }]) => [image, running.get(service)?.digest ?? '']),
    )
    return { standing: 'verified', since: attempt.at, release, digests }
  }
  return unverified(candidate, attempts)
}

/**
 * A service that failed in a release may have been verified with the same image before; the others were kept then, and a
 * partial release goes nowhere.
 */
const isPartial = (release: string, candidate: Candidate, attempts: readonly Attempt[]): boolean =>
  Object.keys(candidate).some((service) => {
    const own = attempts.filter((attempt) => attempt.service === service && attempt.release === release)
    return own.length > 0 && own.every(({ verifiedAt }) => verifiedAt === undefined)
  })

/** Id of the release, where what runs is exactly the candidate and was brought as one release. */
const together = (candidate: Candidate, running: ReadonlyMap<string, Attempt>): string | undefined => {
  const services = Object.entries(candidate)
  const runs = services.map(([service, { tag }]) => {
    const attempt = running.get(service)
    return attempt?.tag === tag ? attempt : undefined
  })
  if (services.length === 0 || runs.includes(undefined)) return undefined
  const digests = Object.fromEntries(services.map(([, { image }], index) => [image, { digest: runs[index]?.digest ?? '' }]))
  const release = releaseId(digests, Object.fromEntries(services.map(([service, { image }]) => [service, image])))
  return runs.some((attempt) => attempt?.release === release) ? release : undefined
}

/** Releases that a rollback has left. One that left none brought again what stood there. */
const rejectedReleases = (history: readonly Attempt[]): string[] =>
  history.flatMap(({ kind, rejects }) => (kind === 'rollback' && rejects !== undefined ? [rejects] : []))

/** GitHub's stamps have whole seconds: within one, the order in which the attempts were begun tells. They come newest first. */
const verifiedOnes = (attempts: readonly Attempt[]): (Attempt & { at: string })[] =>
  attempts
    .toReversed()
    .flatMap((attempt) => (attempt.verifiedAt === undefined ? [] : [{ ...attempt, at: attempt.verifiedAt }]))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))

const unverified = (candidate: Candidate, attempts: readonly Attempt[]): Standing => {
  const tries = attempts.filter(({ service, tag }) => candidate[service]?.tag === tag)
  const latest = tries.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
  if (latest.some(({ state }) => ['in_progress', 'queued', 'pending'].includes(state))) return { standing: 'under-way' }
  const failed = latest.find(({ state }) => state === 'failure' || state === 'error')
  return failed === undefined ? { standing: 'unknown' } : { standing: 'failed', at: failed.startedAt }
}
