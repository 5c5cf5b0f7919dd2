import { digestExists } from '../gates/digest-exists.ts'
import { noFreeze } from '../gates/freeze.ts'
import type { Gate } from '../gates/gate.ts'
import { notHeld } from '../gates/hold.ts'
import { isLast } from '../gates/hotfix.ts'
import { notRejected } from '../gates/rejected.ts'
import { soaked } from '../gates/soak.ts'
import { verifiedUpstream } from '../gates/verified-upstream.ts'
import { openWindow } from '../gates/window.ts'
import { releaseId } from '../records.ts'
import type { Next } from './board.ts'
import { wantsRecorded } from './branch.ts'
import type { EnvironmentFacts, Facts, Head } from './facts.ts'

/** What would come to an environment next, and what the gates of a promotion say of it now. */
export const nextPromotion = (facts: EnvironmentFacts, all: Facts): Next => {
  const { head, name, place, unreadable } = facts
  const release = facts.history.at(-1)?.release
  if (unreadable !== undefined) return { state: 'unknown', reason: 'the environment could not be read' }
  if ('problem' in head) return { state: 'unknown', reason: head.problem }
  const isLevel = release !== undefined && wantsRecorded(head, release)
  const nothing: Next = { state: 'none', reason: `${name} has what branch ${place.branch} wants` }
  if (place.promotesFrom === undefined) {
    if (isLevel) return nothing
    const look = `gh run list --workflow deliver.yml --branch ${place.branch}`
    return {
      state: 'undelivered',
      reason: `commit ${head.commit.slice(0, 12)} of ${place.branch} is not delivered; see why: ${look}`,
    }
  }
  const upstream = all.environments.find((other) => other.name === place.promotesFrom)
  if (upstream === undefined || upstream.unreadable !== undefined) {
    return { state: 'unknown', reason: `${place.promotesFrom} could not be read, so nothing can be said of a promotion` }
  }
  if (all.registryProblem !== undefined && !isLevel)
    return { state: 'unknown', reason: `the registry could not be read: ${all.registryProblem}` }
  if (isLevel) return toMerge(facts, upstream) ?? nothing
  return overtaken(facts, head, upstream) ?? judged(askGates(facts, head, upstream, all))
}

/**
 * Promoted or rolled out past the branch: what the branch wants lacks something that stands, and to bring it would be a step
 * back. The branch is to follow, not the environment.
 */
const overtaken = ({ name, place, history }: EnvironmentFacts, head: Known, upstream: EnvironmentFacts): Next | undefined => {
  const commit = history.at(-1)?.release.commit.slice(0, 12)
  if (commit === undefined || head.distance?.ahead === 0) return undefined
  if (head.distance === undefined)
    return { state: 'unknown', reason: `this clone does not have commit ${commit}, which ${name} has` }
  const command = `gh pr create --base ${place.branch} --head ${upstream.place.branch}`
  return { state: 'merge', reason: `${name} has commit ${commit}, and branch ${place.branch} has not; let it follow: ${command}` }
}

/** The branch wants nothing new; upstream may have something that it has not merged. */
const toMerge = ({ place, history }: EnvironmentFacts, upstream: EnvironmentFacts): Next | undefined => {
  const own = history.at(-1)?.release
  const theirs = upstream.history.at(-1)?.release
  if (theirs === undefined || theirs.partial || theirs.release === own?.release || upstream.hold !== undefined) return undefined
  const command = `gh pr create --base ${place.branch} --head ${upstream.place.branch}`
  const reason = `${upstream.name} has ${theirs.release} since ${theirs.verifiedAt}; merge ${upstream.place.branch} into ${place.branch}: ${command}`
  return { state: 'merge', reason }
}

type Known = Exclude<Head, { problem: string }>

/** The gates of a promotion that is started now, so that no newer candidate can be there. */
const askGates = ({ name, place, hold }: EnvironmentFacts, head: Known, upstream: EnvironmentFacts, all: Facts): Gate[] => {
  const held = notHeld('promotion', { environment: name, branch: place.branch }, hold)
  const wanted = Object.entries(head.images).map(([image, { tag, digest }]) => ({ name: image, tag, digest }))
  const environments = Object.fromEntries(all.environments.map((each) => [each.name, each.place]))
  const branches = {
    entry: firstBranch(all),
    upstream: upstream.place.branch,
    own: place.branch,
    isLast: isLast(name, environments),
  }
  const exists = digestExists(wanted, branches)
  if (exists.result === 'fail') return [held, exists]
  const images = Object.fromEntries(wanted.map(({ name: image, tag, digest = '' }) => [image, { tag, digest }]))
  const candidate = { images, services: head.services }
  const releases = upstream.history.map(({ release }) => release)
  const verified = verifiedUpstream({ environment: upstream.name, branch: upstream.place.branch }, releases, candidate)
  const rejections = Object.fromEntries(
    all.environments.map((each) => [each.name, each.history.flatMap(({ release }) => release.rejected)]),
  )
  const { verifiedAt } = verified
  return [
    held,
    verified,
    notRejected(releaseId(images, head.services), rejections, firstBranch(all)),
    ...(verifiedAt === undefined ? [] : [soaked({ soak: place.soak, upstream: upstream.name, verifiedAt }, all.now)]),
    openWindow(place.window, all.now),
    noFreeze(place.freeze, place.window?.timezone, all.now),
  ]
}

const firstBranch = ({ environments }: Facts): string =>
  environments.find(({ place }) => place.promotesFrom === undefined)?.place.branch ?? ''

/** The first gate that says no explains itself; of several that wait, the one that opens last. All are in `gates`. */
const judged = (asked: readonly Gate[]): Next => {
  const failed = asked.filter(({ result }) => result === 'fail')
  const waiting = asked.filter(({ result }) => result === 'pending').toSorted((a, b) => opening(b) - opening(a))
  const against = failed.length > 0 ? failed : waiting
  const [first, ...further] = against
  if (first === undefined) {
    return { state: 'ready', reason: asked.find(({ gate }) => gate === 'verified-upstream')?.reason ?? 'every gate passes' }
  }
  const others = further.length === 0 ? '' : ` (${further.map(({ gate }) => gate).join(', ')} too)`
  return {
    state: first.result === 'fail' ? 'refused' : 'pending',
    reason: `${first.gate}: ${first.reason}${others}`,
    ...(first.opensAt !== undefined && { opens: first.opensAt }),
    gates: against.map(({ gate, reason }) => ({ gate, reason })),
  }
}

const opening = ({ opensAt = '' }: Gate): number => Date.parse(opensAt)
