import { createHash } from 'node:crypto'

/** SSM parameters of one environment. None of them is a CloudFormation resource; none is ever deleted. */
export const recordNames = (project: string, environment: string) => {
  const root = `/${project}/${environment}`
  return {
    /** Full image URI with digest and nothing else: what is to run. */
    image: (service: string): string => `${root}/${service}/image`,
    /** JSON, what is verified; its history is the ledger. */
    release: `${root}/release`,
    hold: `${root}/hold`,
    lock: `${root}/lock`,
    /** JSON, which infrastructure stands; written by the runs that deploy it. */
    infra: `${root}/infra`,
  }
}

/** The value of the `release` record. */
export type Release = {
  /** See `releaseId`. */
  release: string
  images: Record<string, { digest: string; tag: string }>
  /** Service to name of its image. */
  services: Record<string, string>
  commit: string
  /** See `Confirmed`. */
  infrastructure?: Confirmed
  /** Address of the workflow run. */
  run: string
  actor: string
  /** When this release was first proven in this environment, ISO 8601 in UTC. Soak time counts from here. */
  verifiedAt: string
  /** Id of the release that stood here before. */
  previous?: string
  /** Releases that were rolled back here; automation never brings them again. */
  rejected: string[]
  /** Some services kept another image: never promoted. */
  partial?: true
  /** How it came here, where not by the branch. */
  kind?: 'hotfix' | 'rollback'
  /** Why, in the words of the person who asked for it. */
  reason?: string
}

/** The value of the `infra` record: what deployments of infrastructure have done, whatever became of the release. */
export type Infrastructure = {
  /** `started`: something was executed, and nobody knows that it came to its end. `done`: the stacks are what the commit says. */
  state: 'started' | 'done'
  commit: string
  /** ISO 8601 in UTC; no two values have the same. */
  at: string
  /** Address or id of the run. */
  run: string
  /** While it is `started`: `at` of the value with which the run was prepared; absent where that did not stand any more. */
  seen?: string
}

/**
 * A later commit that was delivered and whose templates make the same, so that nothing was executed for it. Holds as long as the
 * `infra` record is the one of `since`.
 */
export type Confirmed = { commit: string; since: string }

/** Reads an `infra` record. Undefined where there is none, and where it was spoilt: then infrastructure is compared anew. */
export const readInfrastructure = (value: string | undefined): Infrastructure | undefined => {
  try {
    const read: Infrastructure = JSON.parse(value ?? '')
    const isOne =
      ['started', 'done'].includes(read.state) && [read.commit, read.at, read.run].every((text) => typeof text === 'string')
    return isOne ? read : undefined
  } catch {
    return undefined
  }
}

/** The value of the `hold` record while automation is held; `{"state":"none"}` otherwise, since records are never deleted. */
export type Hold = {
  state: 'held'
  /** Id of the release that a rollback left; absent where somebody held by hand. */
  release?: string
  reason: string
  /** Who asked. */
  by: string
  /** ISO 8601 in UTC. */
  at: string
  /** Address of the workflow run. */
  run: string
}

/** Identity of a release: which image each service runs. The same in every environment. */
export const releaseId = (images: Record<string, { digest: string }>, services: Record<string, string>): string => {
  const runs = Object.entries(services)
    .map(([service, image]) => `${service}=${images[image]?.digest}`)
    .toSorted()
  return `rel-${createHash('sha256').update(runs.join('\n')).digest('hex').slice(0, 16)}`
}

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** Reads a `release` record. A value that is none (edited by hand, cut) is an error that names the parameter. */
export const parseRelease = (value: string, parameter: string): Release => {
  try {
    const release: Release = JSON.parse(value)
    const digests = Object.values(release.images).map((image) => image.digest)
    if (digests.every((digest) => DIGEST.test(digest)) && Array.isArray(release.rejected) && Date.parse(release.verifiedAt) > 0) {
      return release
    }
  } catch {}
  throw new Error(`the parameter ${parameter} does not hold a release record; restore an earlier version of it`)
}

/**
 * The releases that a record held, oldest first, each with when it was written. The newest value must be a release, because
 * it lists all that was rejected; an older one that was spoilt by hand proves nothing and is passed over.
 */
export const releaseHistory = (
  history: readonly { at: number; value: string }[],
  parameter: string,
): { release: Release; at: number }[] =>
  history.flatMap(({ at, value }, index) => {
    try {
      return [{ release: parseRelease(value, parameter), at }]
    } catch (error) {
      if (index === history.length - 1) throw error
      return []
    }
  })

/** The `hold` record where nothing is held: a parameter is never deleted. */
export const NOT_HELD = '{"state":"none"}'

/**
 * Reads a `hold` record; undefined where nothing is held. A value that is none is an error that names the parameter, since
 * to take it for "not held" would let automation run on.
 */
export const parseHold = (value: string, parameter: string): Hold | undefined => {
  try {
    const hold: Hold | { state: 'none' } = JSON.parse(value)
    if (hold.state === 'none') return undefined
    if (hold.state === 'held' && [hold.reason, hold.by, hold.at, hold.run].every((text) => typeof text === 'string')) return hold
  } catch {}
  throw new Error(`the parameter ${parameter} does not hold a hold record; write it again: ${NOT_HELD} releases the environment`)
}
