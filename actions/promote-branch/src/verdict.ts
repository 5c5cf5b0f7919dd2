import { bringBack } from '../../../lib/delivery/gates/bring-back.ts'
import { soaked } from '../../../lib/delivery/gates/soak.ts'
import type { Candidate } from '../../../lib/delivery/standing.ts'
import type { StatusState } from '../../../lib/github/statuses.ts'
import type { Downstream } from './environments.ts'
import type { Judged } from './standing.ts'
import { count, list, lookAt, update, utc } from './words.ts'

/** What the merge of a pull request would create. */
export type Outcome =
  | { kind: 'conflict'; files: string[] }
  /** It cannot be read as a delivery: delivery.json or an image's folder is missing or wrong. */
  | { kind: 'invalid'; problem: string }
  | { kind: 'tree'; merged: Candidate; head: Candidate | undefined }

export type Question = {
  place: Downstream
  /** Branch by which something of one's own gets into the chain: that of the first environment. */
  entry: string
  isLast: boolean
  pull: { branch: string; isFork: boolean }
  outcome: Outcome
  /** What the upstream branch has now. */
  upstream: Candidate | undefined
  /** How many commits the base has that the head lacks, promotion merges aside. */
  own: number
  standing: Judged
  now: number
}

/** `next` is the command, or what to do; a warning is said although the answer is good. */
export type Verdict = { state: StatusState; reason: string; next?: string; warning?: true }

/** Whether what the merge would create may come to this environment, and if not, why and what to do. */
export const judge = (question: Question): Verdict => {
  const { place, isLast, pull, outcome, standing } = question
  const verdict = outcome.kind === 'tree' ? judgeTree(question, outcome.merged, outcome.head) : unmergeable(question, outcome)
  const isHotfix = isLast && !pull.isFork && pull.branch.startsWith('hotfix/')
  if (verdict.state === 'success' || !isHotfix || outcome.kind !== 'tree' || standing.standing === 'rejected') return verdict
  return {
    state: 'success',
    warning: true,
    reason: `hotfix: passes without ${place.upstream.name}. After the merge deliver.yml refuses it; run hotfix.yml`,
    next: `gh workflow run hotfix.yml --ref ${place.branch} -f reason='why it cannot wait'`,
  }
}

const unmergeable = ({ place, pull, entry }: Question, outcome: Exclude<Outcome, { kind: 'tree' }>): Verdict => {
  if (outcome.kind === 'invalid') {
    return { state: 'failure', reason: `what the merge would create cannot be delivered: ${outcome.problem}` }
  }
  const { branch, upstream } = place
  const isPromotion = pull.branch === upstream.branch && !pull.isFork
  const reason = `${pull.branch} and ${branch} conflict in ${list(outcome.files)}: settle that in ${isPromotion ? entry : pull.branch}, not in the merge`
  return {
    state: 'failure',
    reason,
    next: isPromotion ? bringBack({ upstream: upstream.branch, own: branch, entry }) : mergeFirst(pull, branch, entry),
  }
}

const judgeTree = (question: Question, merged: Candidate, head: Candidate | undefined): Verdict => {
  const { place, standing, upstream, now } = question
  const from = place.upstream
  const differing = head === undefined ? Object.keys(merged) : differences(merged, head)
  if (differing.length > 0) return novel(question, differing)
  if (standing.standing === 'verified') {
    const verified = `verified in ${from.name} since ${utc(standing.since)}`
    const soak = soaked({ soak: place.soak, upstream: from.name, verifiedAt: standing.since }, now)
    if (soak.opensAt === undefined) return { state: 'success', reason: `${verified} (${standing.release})` }
    const reason = `opens ${soak.opensAt}: ${verified}, and must stand there for ${place.soak}`
    return { state: 'pending', reason, next: 'nothing: reconcile.yml asks again then' }
  }
  if (standing.standing === 'rejected') {
    const reason = `${standing.by} rolled ${standing.release} back, and a rejected release goes nowhere; bring a new commit to ${from.branch}`
    return { state: 'failure', reason, next: `git revert the commit that was wrong, and deliver that to ${from.branch}` }
  }
  if (standing.standing === 'failed') {
    const reason = `its delivery to ${from.name} of ${utc(standing.at)} failed; see why, and bring a new commit to ${from.branch}`
    return { state: 'failure', reason, next: lookAt(from.branch) }
  }
  const isComing = upstream !== undefined && differences(merged, upstream).length === 0
  if (standing.standing === 'under-way' || isComing) {
    return {
      state: 'pending',
      reason: `${from.name} has not verified it yet; its delivery answers here when it ends`,
      next: lookAt(from.branch),
    }
  }
  if (standing.hasOlder) {
    const reason = `too long ago: none of the newest deployments to ${from.name} is of this; deliver ${from.branch} again, or something newer`
    return { state: 'failure', reason, next: `gh workflow run deliver.yml --ref ${from.branch}` }
  }
  const reason = `${from.name} has never verified what this merge makes of ${list(Object.keys(images(merged)))}; merge it to ${from.branch} first`
  return { state: 'failure', reason, next: lookAt(from.branch) }
}

/** The merge would create something that the branch itself does not have: a mixture that nobody has seen running. */
const novel = ({ place, pull, entry, own }: Question, differing: string[]): Verdict => {
  const { branch, upstream } = place
  if (pull.branch !== upstream.branch || pull.isFork) {
    const reason = `the merge would not make of ${list(differing)} what ${pull.branch} has; merge ${branch} into ${pull.branch} first`
    return { state: 'failure', reason, next: mergeFirst(pull, branch, entry) }
  }
  const what = own > 0 ? `${count(own, 'commit')} that ${pull.branch} lacks` : `what ${pull.branch} lacks`
  const reason = `${branch} would keep ${what} (${list(differing)}); first back-merge: ${bringBack({ upstream: upstream.branch, own: branch, entry })}`
  return { state: 'failure', reason, next: bringBack({ upstream: upstream.branch, own: branch, entry }) }
}

/** Nobody pushes to the branch where images enter: its ruleset takes pull requests alone. */
const mergeFirst = (pull: Question['pull'], own: string, entry: string): string =>
  pull.branch === entry && !pull.isFork ? bringBack({ upstream: entry, own }) : update(pull.branch, own)

/** Names of the images that are not the same on both sides. */
const differences = (one: Candidate, other: Candidate): string[] => {
  const [left, right] = [images(one), images(other)]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => left[name] !== right[name]).toSorted()
}

const images = (candidate: Candidate): Record<string, string> =>
  Object.fromEntries(Object.values(candidate).map(({ image, tag }) => [image, tag]))
