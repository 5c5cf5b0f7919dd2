import { type Attempt, type Candidate, standingOf } from '../standing.ts'
import { type Branches, bringBack } from './bring-back.ts'
import type { Gate } from './gate.ts'

type Told = { attempts: readonly Attempt[]; count: number; isWhole: boolean }

/**
 * Asked of GitHub before AWS is: a tree that upstream never had is not worth a question there. Whatever GitHub does not
 * know for certain passes, since AWS's record is the authority.
 */
export const knownUpstream = (
  environment: string,
  branches: Branches,
  candidate: Candidate,
  { attempts, count, isWhole }: Told,
): Gate => {
  const answer = (result: Gate['result'], reason: string): Gate => ({
    gate: 'known-upstream',
    result,
    reason,
    evidence: { environment, deployments: String(count), ...tags(candidate) },
  })
  const standing = standingOf(candidate, attempts)
  if (standing.standing === 'verified') return answer('pass', `GitHub has it verified in ${environment} since ${standing.since}`)
  if (standing.standing === 'rejected') {
    return answer(
      'fail',
      `${environment} rolled ${standing.release} back, and a rejected release goes nowhere; bring a new commit to branch ${branches.upstream}`,
    )
  }
  if (count === 0) return answer('pass', `GitHub knows of no deployment to ${environment}; AWS's record decides`)
  const tried = new Set(attempts.map(({ tag }) => tag))
  const unknown = Object.values(candidate).filter(({ tag }) => !tried.has(tag))
  if (unknown.length === 0) return answer('pass', `GitHub knows of its deployment to ${environment}; AWS's record decides`)
  if (!isWhole) return answer('pass', `none of the newest deployments to ${environment} that GitHub has; AWS's record decides`)
  return answer('fail', neverThere(environment, branches, new Map(unknown.map(({ image, tag }) => [image, tag]))))
}

const neverThere = (environment: string, branches: Branches, images: ReadonlyMap<string, string>): string => {
  const { upstream, own } = branches
  const what = [...images].map(([image, tag]) => `${image} (${tag.slice(0, 16)})`).join(', ')
  return (
    `${environment} has never had what branch ${own} makes of ${what}; its delivery is still to come ` +
    `(gh run list --workflow deliver.yml --branch ${upstream}), or ${own} has something that ${upstream} has not. ` +
    `Bring that back first: ${bringBack(branches)}`
  )
}

const tags = (candidate: Candidate): Record<string, string> =>
  Object.fromEntries(Object.values(candidate).map(({ image, tag }) => [image, tag]))
