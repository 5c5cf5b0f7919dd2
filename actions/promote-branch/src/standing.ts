import { type Attempt, type Candidate, type Standing, standingOf } from '../../../lib/delivery/standing.ts'
import type { Deployments } from '../../../lib/github/deployments.ts'

/** `by` is the environment that rolled it back. */
export type Judged = Exclude<Standing, { standing: 'rejected' }> | { standing: 'rejected'; release: string; by: string }

/** What GitHub knows of a candidate in `upstream`; a release that was rolled back in any of all `environments` is rejected. */
export const askStanding = async (
  candidate: Candidate,
  upstream: string,
  environments: readonly string[],
  deployments: Pick<Deployments, 'history'>,
): Promise<Judged> => {
  const tags = new Set(Object.values(candidate).map(({ tag }) => tag))
  const told = await Promise.all(
    environments.map(async (environment) => {
      // Each one that is asked for costs a request.
      const { attempts } = await deployments.history(
        environment,
        ({ tag, rejects }) => rejects !== undefined || (environment === upstream && tags.has(tag)),
      )
      return { environment, attempts }
    }),
  )
  const own = told.find(({ environment }) => environment === upstream)?.attempts ?? []
  const standing = standingOf(
    candidate,
    own,
    told.map(({ attempts }) => attempts),
  )
  if (standing.standing === 'verified') return leftBehind(standing.release, candidate, own) ?? standing
  if (standing.standing !== 'rejected') return standing
  const isItsRollback = ({ rejects, verifiedAt }: Attempt) => rejects === standing.release && verifiedAt !== undefined
  const place = told.find(({ attempts }) => attempts.some(isItsRollback))
  return { ...standing, by: place?.environment ?? upstream }
}

/**
 * A service that failed in this release may have been verified with the same image before. The others were kept then: the
 * release is partial, and goes nowhere.
 */
const leftBehind = (release: string, candidate: Candidate, attempts: readonly Attempt[]): Judged | undefined => {
  for (const service of Object.keys(candidate)) {
    const own = attempts.filter((attempt) => attempt.service === service && attempt.release === release)
    if (own.length > 0 && own.every(({ verifiedAt }) => verifiedAt === undefined)) {
      return own.some(({ state }) => state === 'in_progress')
        ? { standing: 'under-way' }
        : { standing: 'failed', at: own[0]?.startedAt ?? '' }
    }
  }
  return undefined
}
