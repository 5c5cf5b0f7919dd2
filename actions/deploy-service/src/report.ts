import type { Conclusion } from './conclusion.ts'
import { isGreen } from './outcome.ts'
import { culpritOf, gravestOf, type ServiceResult } from './request.ts'

const seconds = (milliseconds: number | undefined): string => (milliseconds === undefined ? '' : (milliseconds / 1000).toFixed(1))

/** The outputs of the action. For several services the single values are those of the one that explains the end. */
export const outputsOf = ({ outcome, reason, results, release }: Conclusion): Record<string, string> => {
  const main = culpritOf(results) ?? results[0]
  return {
    outcome,
    reason: main?.reason ?? reason ?? '',
    cause: main?.causes[0]?.reason ?? '',
    digest: main?.digest ?? '',
    'previous-digest': main?.previousDigest ?? '',
    'running-digest': main?.runningDigest ?? '',
    revision: main?.revision ?? '',
    deployment: main?.deployment ?? '',
    duration: seconds(main?.duration),
    'first-failure': seconds(main?.firstFailure),
    release: release ?? '',
    services: JSON.stringify(
      results.map(({ service, outcome, digest, previousDigest = '', runningDigest = '' }) => ({
        service,
        outcome,
        digest,
        previousDigest,
        runningDigest,
      })),
    ),
  }
}

/** The one line by which a red deployment is known; undefined where it is green. */
export const failureLine = ({ outcome, reason, results }: Conclusion): string | undefined => {
  if (isGreen(outcome)) return undefined
  if (results.length === 0) return `${outcome}: ${reason ?? ''}`
  const culprit = culpritOf(results)
  const gravest = gravestOf(results)
  const further = gravest === culprit ? '' : `; ${lineOf(gravest)}`
  return `${outcome}: ${lineOf(culprit)}${further}`
}

const lineOf = (red: ServiceResult | undefined): string => {
  const cause = red?.causes[0]
  const because = cause && !red?.reason?.includes(cause.reason) ? ` (${cause.count} × ${cause.reason})` : ''
  return `${red?.service}: ${red?.reason ?? ''}${because}${whatRuns(red)}`
}

const whatRuns = (result: ServiceResult | undefined): string => {
  if (!result?.runningDigest) return ''
  const before = result.runningDigest === result.previousDigest ? ', as before' : ''
  return `; ${result.runningDigest} is running${before}`
}
