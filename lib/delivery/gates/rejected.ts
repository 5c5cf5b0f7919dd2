import type { Gate } from './gate.ts'

/** Environment to the ids of the releases that were rolled back there. */
export type Rejections = Readonly<Record<string, readonly string[]>>

/**
 * A release that was rolled back in any environment goes nowhere again, whatever became of the hold: the next candidate must
 * be a new one. `first` is the branch where images enter.
 */
export const notRejected = (release: string, rejections: Rejections, first = 'the branch where images enter'): Gate => {
  const places = Object.keys(rejections).filter((environment) => rejections[environment]?.includes(release))
  if (places.length === 0) return { gate: 'rejected', result: 'pass', reason: 'rolled back nowhere', evidence: { release } }
  const where = places.join(', ')
  const reason = `${release} was rolled back in ${where}, and a rejected release goes nowhere again; bring a new commit to ${first}: a repair, or git revert`
  return { gate: 'rejected', result: 'fail', reason, evidence: { release, rejectedIn: where } }
}
