import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { noFreeze } from '../../../lib/delivery/gates/freeze.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { recordSize } from '../../../lib/delivery/gates/record-size.ts'
import { notRejected, type Rejections } from '../../../lib/delivery/gates/rejected.ts'
import { soaked } from '../../../lib/delivery/gates/soak.ts'
import { plannedRelease } from '../../../lib/delivery/gates/under-lease.ts'
import { type VerifiedUpstream, verifiedUpstream } from '../../../lib/delivery/gates/verified-upstream.ts'
import { openWindow } from '../../../lib/delivery/gates/window.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { entryOf, placeOf } from './places.ts'
import type { Standing } from './recorded.ts'

/** Whether exactly the planned digests stood verified in the environment that is promoted from. */
export const upstreamGate = (
  upstream: { environment: string; branch: string; hotfix?: string | undefined },
  { release, services }: DeploymentPlan,
  history: readonly Release[],
): VerifiedUpstream => {
  const images = Object.fromEntries(Object.entries(release.images).map(([name, { tag, digest = '' }]) => [name, { tag, digest }]))
  return verifiedUpstream(upstream, history, {
    images,
    services: Object.fromEntries(services.map(({ name, image }) => [name, image])),
  })
}

/** Whether what was planned can be recorded, with its reason and with what was rolled back in its environment. */
export const recordGate = (
  { environment, kind, reason, rejects, release, services }: DeploymentPlan,
  rejections: Rejections,
): Gate => {
  const rejected = new Set([...(rejections[environment] ?? []), ...(rejects === undefined ? [] : [rejects])])
  return recordSize({
    ...release,
    services: Object.fromEntries(services.map(({ name, image }) => [name, image])),
    kind,
    reason,
    rejected: [...rejected],
  })
}

/** A release that is still to be built was rejected nowhere. */
export const rejectedGate = (configuration: Configuration, plan: DeploymentPlan, rejections: Rejections): Gate[] => {
  const release = plannedRelease(plan)
  return release === undefined ? [] : [notRejected(release, rejections, entryOf(configuration, plan.environment))]
}

/**
 * What time alone can settle. Nothing new comes where the release stands already, so that it may be proven again at any
 * time. `verifiedAt`: when upstream first had it; absent where that is not so, or where images enter.
 */
export const timeGates = (
  configuration: Configuration,
  plan: DeploymentPlan,
  own: Pick<Standing, 'release'>,
  verifiedAt: string | undefined,
  now: number,
): Gate[] => {
  const release = plannedRelease(plan)
  if (release !== undefined && release === own.release?.release) return []
  const { soak } = placeOf(configuration, plan.environment)
  const soaking =
    verifiedAt !== undefined && plan.from !== undefined ? [soaked({ soak, upstream: plan.from, verifiedAt }, now)] : []
  return [...soaking, openWindow(plan.window, now), noFreeze(plan.freeze, plan.window?.timezone, now)]
}
