import { releaseId } from '../../../lib/delivery/records.ts'
import type { Brought, Deployments, Ended } from './ports.ts'

/** Which content each service is made of, and of which image. */
export type Candidate = Record<string, { image: string; tag: string }>

/** What GitHub knows of a candidate in one environment. */
export type Standing =
  | { standing: 'verified'; since: string; release: string; digests: Record<string, string> }
  | { standing: 'rejected'; release: string; by: string }
  | { standing: 'failed'; at: string }
  | { standing: 'under-way' }
  | { standing: 'unknown' }

/**
 * A candidate was verified in `environment` once every service of it was, in one release that was brought there as such.
 * A service that the release did not have to touch may have been verified before. It is rejected for good when a rollback
 * has left that release, in whichever of all `environments`.
 */
export const standingOf = async (
  candidate: Candidate,
  environment: string,
  environments: readonly string[],
  deployments: Deployments,
): Promise<Standing> => {
  const services = Object.entries(candidate)
  const brought = await deployments.brought(environment)
  const same = (service: string, tag: string) => brought.filter((each) => each.service === service && each.tag === tag)
  const newest = services.map(([service, { tag }]) => same(service, tag)[0])
  if (services.length === 0) return { standing: 'unknown' }
  const digests = Object.fromEntries(services.map(([, { image }], index) => [image, newest[index]?.digest ?? '']))
  const release = releaseOf(candidate, digests)
  const evidence = services.map(([service, { tag }]) => {
    const all = same(service, tag)
    const own = all.filter((each) => each.release === release)
    return { attempts: own.length > 0 ? own : all, isOwn: own.length > 0 }
  })
  const ended = await Promise.all(evidence.map(({ attempts }) => endings(attempts, deployments)))
  const since = ended.map(firstVerified)
  const isWhole = evidence.some(({ isOwn }) => isOwn) && !since.includes(undefined)
  if (!isWhole) return unverified(ended.flat())
  for (const each of environments) {
    if (await wasLeft(release, await deployments.brought(each), deployments)) return { standing: 'rejected', release, by: each }
  }
  return { standing: 'verified', since: latest(since), release, digests }
}

const releaseOf = (candidate: Candidate, digests: Record<string, string>): string =>
  releaseId(
    Object.fromEntries(Object.entries(digests).map(([image, digest]) => [image, { digest }])),
    Object.fromEntries(Object.entries(candidate).map(([service, { image }]) => [service, image])),
  )

const endings = (attempts: readonly Brought[], deployments: Deployments): Promise<Ended[]> =>
  Promise.all(attempts.map(({ id }) => deployments.ended(id)))

const firstVerified = (all: readonly Ended[]): string | undefined =>
  all
    .flatMap(({ verifiedAt }) => (verifiedAt === undefined ? [] : [verifiedAt]))
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]

const latest = (times: readonly (string | undefined)[]): string =>
  times.filter((time) => time !== undefined).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0] ?? ''

/** Whether a rollback that succeeded has rejected this release. */
const wasLeft = async (release: string, brought: readonly Brought[], deployments: Deployments): Promise<boolean> => {
  const rollbacks = brought.filter(({ kind, rejects }) => kind === 'rollback' && rejects === release)
  return (await endings(rollbacks, deployments)).some(({ verifiedAt }) => verifiedAt !== undefined)
}

const unverified = (ended: readonly Ended[]): Standing => {
  if (ended.some(({ state }) => ['in_progress', 'queued', 'pending'].includes(state))) return { standing: 'under-way' }
  const failed = ended.find(({ state }) => state === 'failure' || state === 'error')
  return failed === undefined ? { standing: 'unknown' } : { standing: 'failed', at: failed.at }
}
