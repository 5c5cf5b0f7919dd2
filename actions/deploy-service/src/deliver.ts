import { underLease } from '../../../lib/delivery/gates/under-lease.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Announcer } from './announce.ts'
import { lookAtRest, stoppedWaiting } from './at-rest.ts'
import { catchUp } from './catch-up.ts'
import { type Conclusion, concluded } from './conclusion.ts'
import { expiryCheck } from './expiry.ts'
import { aliasesOf } from './images.ts'
import type { Looked, Looking } from './look.ts'
import { isGreen } from './outcome.ts'
import { refuseUnfit, warnOfLostImages } from './preflight.ts'
import { record } from './record.ts'
import { deployRelease, type ReleaseOptions, untouched } from './release.ts'
import { type DeployTools, resultOf } from './request.ts'

export type Delivery = Looking & {
  limits: ReleaseOptions & { leaseTimeout: number }
  context: Looking['context'] & { runUrl: string; actor: string }
  onStarted: DeployTools['onStarted']
  /** Told of what stands, as soon as it was read. */
  onStanding?: (recorded: Looked['recorded']) => void
  announcer?: Announcer
  /** Why the release of a promotion must not come here by now, asked where its environment before it is known; undefined otherwise. */
  rolledBackUpstream?: (plan: DeploymentPlan) => Promise<string | undefined>
  signal: AbortSignal
}

/** Reads, checks, deploys, and records what was proven. Rejects only before the first write to a service. */
export const deliver = async (delivery: Delivery): Promise<Conclusion> => {
  const { job, limits, tools, context, registry, records, onStarted, signal } = delivery
  const looked = await lookAtRest(delivery, job.plan, (before) => {
    delivery.onStanding?.(before.recorded)
    requireGo(delivery, before)
  })
  if (looked === undefined) return stoppedWaiting(signal)
  delivery.onStanding?.(looked.recorded)
  const { inspected, images } = looked
  const outdated = requireGo(delivery, looked)
  if (outdated !== undefined && !inspected.every(({ running }) => running.settled)) {
    tools.log.notice(`skipped: ${outdated}`)
    const details = (service: (typeof inspected)[number]) => ({ ...untouched(service), reason: outdated })
    return concluded(
      inspected.map((service) => resultOf(service, 'skipped', details(service))),
      [`Skipped: ${outdated}.`],
    )
  }
  refuseUnfit(inspected, images)
  if (looked.plan?.kind === 'promotion' && outdated === undefined) {
    const rolledBack = await delivery.rolledBackUpstream?.(looked.plan)
    if (rolledBack !== undefined) throw new Refusal(`${rolledBack}; nothing was changed`)
  }
  const notes = await warnOfLostImages(inspected, registry, tools)
  const { plan } = looked
  const announced = limits.dryRun || plan === undefined ? undefined : await delivery.announcer?.begin(plan)
  const expiry = expiryCheck(inspected, delivery.session, tools, plan && `keep-${plan.environment}-rel`)
  if (limits.dryRun) expiry.begin()
  const started: DeployTools['onStarted'] = (...service) => {
    expiry.begin()
    onStarted(...service)
  }
  const aliases = aliasesOf(images)
  const results = await deployRelease(inspected, limits, { ...tools, aliases, onStarted: started }, signal)
  const isProven = results.every(({ outcome }) => isGreen(outcome)) || limits.onFailure === 'keep'
  const isRecorded = job.plan !== undefined && !limits.dryRun && isProven && outdated === undefined
  const author = { run: context.runUrl, actor: context.actor, now: tools.clock.now() }
  const ended = isRecorded
    ? await record(looked, results, { author, registry, records, tools }).then((recorded) =>
        catchUp(inspected, recorded, limits, { ...tools, aliases }, signal),
      )
    : { results, notes: [] }
  await announced?.end(ended.results)
  return concluded(ended.results, [...notes, ...(await expiry.end()), ...ended.notes], ended.release)
}

/**
 * Time has passed since the plan was made: what stands now decides. Undefined where the plan may be carried out, the reason
 * where a newer candidate has overtaken it; throws a `Refusal` where it must not be.
 */
export const requireGo = (
  { tools, context }: Pick<Delivery, 'tools' | 'context'>,
  { plan, recorded: { hold, release } }: Looked,
): string | undefined => {
  if (plan === undefined) return undefined
  const decided = underLease(plan, { hold, release, run: context.runId, now: tools.clock.now() })
  if (decided.decision === 'refuse') throw new Refusal(`${decided.reason}; nothing was changed`)
  return decided.decision === 'skip' ? decided.reason : undefined
}
