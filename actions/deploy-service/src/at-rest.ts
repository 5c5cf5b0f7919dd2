import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { cloudFormation } from './cloudformation.ts'
import type { Conclusion } from './conclusion.ts'
import { type Looked, type Looking, look } from './look.ts'
import { isBusy, requireFinished, seeStacks, stacksAtRest } from './stacks.ts'
import { whyStopped } from './target.ts'

type Waiting = Looking & { limits: { leaseTimeout: number; dryRun: boolean }; signal: AbortSignal }

/**
 * Reads everything that is decided on, as `look` does, while CloudFormation changes none of the services: their stacks are looked
 * at beside the rest, and what was read beside one that moves is read again. The caller holds the lease, so that nobody begins
 * another change. `onWait` is told what was read before it waits, and may throw. Undefined where the signal ended the waiting.
 */
export const lookAtRest = async (
  waiting: Waiting,
  plan: Pick<DeploymentPlan, 'environment' | 'branch'> | undefined,
  onWait: (looked: Looked) => void = () => undefined,
): Promise<Looked | undefined> => {
  const { job, session, tools, limits, signal } = waiting
  const names = job.services.flatMap(({ stack }) => (stack === undefined ? [] : [stack]))
  if (plan === undefined || names.length === 0) return look(waiting)
  const wait = {
    stacks: cloudFormation(session),
    tools,
    environment: plan.environment,
    branch: plan.branch,
    region: session.region,
    limit: limits.leaseTimeout,
    signal,
  }
  const looking = look(waiting)
  const seeing = seeStacks(names, wait)
  await Promise.allSettled([looking, seeing])
  // In a wrong account the stacks are others too.
  await session.guard()
  const seen = await seeing
  const goesOn = job.operation === 'prove' || job.plan?.kind === 'rollback' || limits.dryRun
  const busy = seen.filter(isBusy)
  if (busy.length === 0 || limits.dryRun) {
    for (const { stack, status } of busy) tools.log.notice(`would wait for CloudFormation: ${stack} is ${status}`)
    requireFinished(seen, wait, goesOn)
    return looking
  }
  const looked = await looking.catch(() => undefined)
  if (looked !== undefined) onWait(looked)
  const rested = await stacksAtRest(seen, wait)
  if (signal.aborted) return undefined
  requireFinished(rested, wait, goesOn)
  return look(waiting)
}

/** The end of a run that was stopped while it waited for CloudFormation. */
export const stoppedWaiting = (signal: AbortSignal): Conclusion => ({
  outcome: 'cancelled',
  reason: `${whyStopped(signal)} while CloudFormation was waited for; nothing was changed`,
  results: [],
  notes: [],
})
