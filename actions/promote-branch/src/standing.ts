import { type Attempt, type Candidate, type Standing, standingOf } from '../../../lib/delivery/standing.ts'
import type { Deployments } from '../../../lib/github/deployments.ts'

export type Judged =
  | Exclude<Standing, { standing: 'rejected' | 'unknown' }>
  /** `by` is the environment that rolled it back. */
  | { standing: 'rejected'; release: string; by: string }
  /** Whether GitHub has older deployments that were not looked at. */
  | { standing: 'unknown'; hasOlder: boolean }

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
      const { attempts, isWhole } = await deployments.history(
        environment,
        ({ tag, rejects }) => rejects !== undefined || (environment === upstream && tags.has(tag)),
      )
      return { environment, attempts, isWhole }
    }),
  )
  const own = told.find(({ environment }) => environment === upstream)
  const standing = standingOf(
    candidate,
    own?.attempts ?? [],
    told.map(({ attempts }) => attempts),
  )
  if (standing.standing === 'unknown') return { ...standing, hasOlder: own?.isWhole === false }
  if (standing.standing !== 'rejected') return standing
  const isItsRollback = ({ rejects, verifiedAt }: Attempt) => rejects === standing.release && verifiedAt !== undefined
  const place = told.find(({ attempts }) => attempts.some(isItsRollback))
  return { ...standing, by: place?.environment ?? upstream }
}
