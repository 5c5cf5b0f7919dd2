import type { DeploymentPlan } from '../plan.ts'
import { type Hold, type Release, releaseId } from '../records.ts'
import { noFreeze } from './freeze.ts'
import { notHeld } from './hold.ts'
import { noNewerCandidate } from './newer-candidate.ts'
import { notRejected } from './rejected.ts'
import { openWindow } from './window.ts'

/** What is recorded in the environment, read after the lease was taken. */
export type Standing = {
  hold?: Hold | undefined
  release?: Release | undefined
  /** GITHUB_RUN_ID; empty when started by hand. */
  run: string
  /** Milliseconds since the epoch. */
  now: number
}

export type UnderLease = { decision: 'go' } | { decision: 'skip' | 'refuse'; reason: string }

const GO: UnderLease = { decision: 'go' }

/**
 * Whether a plan may still be carried out: since it was made somebody may have rolled back, a newer candidate may have come,
 * the window may have closed. `skip` is green and writes nothing. Digests that are known by now should stand in the plan:
 * without them a release can be recognised neither as rejected nor as the one that stands.
 */
export const underLease = (plan: DeploymentPlan, { hold, release, run, now }: Standing): UnderLease => {
  if (plan.kind === 'hold' || plan.kind === 'resume') return GO
  if (plan.kind === 'rollback') return rollback(plan, release)
  const held = notHeld(plan.kind, plan, hold)
  if (held.result !== 'pass') return { decision: 'refuse', reason: held.reason }
  const candidate = plannedRelease(plan)
  const rejected = notRejected(candidate ?? '', { [plan.environment]: release?.rejected ?? [] })
  if (rejected.result !== 'pass') return { decision: 'refuse', reason: rejected.reason }
  // What stands already is proven again, whenever that is asked for: nothing new comes.
  if (candidate !== undefined && candidate === release?.release) return GO
  const newer = noNewerCandidate(run, release)
  if (newer.result !== 'pass') return { decision: 'skip', reason: newer.reason }
  if (plan.kind === 'hotfix') return GO
  const shut = [noFreeze(plan.freeze, plan.window?.timezone, now), openWindow(plan.window, now)].find(
    ({ result }) => result !== 'pass',
  )
  return shut === undefined ? GO : { decision: 'refuse', reason: shut.reason }
}

/** The release that a plan brings, as it is recorded; undefined until every digest is known. */
export const plannedRelease = ({ release, services }: DeploymentPlan): string | undefined => {
  const images = Object.entries(release.images).flatMap(([name, { digest }]) =>
    digest === undefined ? [] : [[name, { digest }]],
  )
  if (services.length === 0 || images.length < Object.keys(release.images).length) return undefined
  return releaseId(Object.fromEntries(images), Object.fromEntries(services.map(({ name, image }) => [name, image])))
}

/** It was asked for to leave one release. Where another stands by now, whether to leave that one is for a person to say. */
const rollback = (plan: DeploymentPlan, standing: Release | undefined): UnderLease => {
  const { environment, branch, rejects } = plan
  if (standing === undefined || rejects === undefined) return GO
  if (standing.release === rejects || standing.release === plannedRelease(plan)) return GO
  const again = `gh workflow run rollback.yml --ref ${branch} -f operation=rollback -f environment=${environment} -f reason=WHY`
  const reason = `this rollback leaves ${rejects}, and ${environment} has ${standing.release} by now (${standing.run}); if that is to go too: ${again}`
  return { decision: 'refuse', reason }
}
