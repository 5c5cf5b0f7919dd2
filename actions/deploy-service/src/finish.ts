import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import { concluded } from './conclusion.ts'
import type { JobService } from './job.ts'
import { leased } from './leased.ts'
import type { Outcome } from './outcome.ts'
import type { ServiceResult } from './request.ts'
import { type Deployment, ranBefore, type TargetTools } from './target.ts'
import { targetOf } from './targets.ts'

/** What a killed main step left behind. */
export type Unfinished = {
  account: string
  region: string
  role: string
  requestTimeout: number
  pollInterval: number
  deployments: { service: string; target: JobService['target']; deployment: Deployment }[]
  /** The lease that it held, or was about to. */
  lease?: LeaseTerms
  /** GitHub Deployments that are under way. */
  announced?: { environment: string; commit: string; ids: readonly number[] }
}

/** GitHub gives the steps after a cancellation five minutes; the rest is for the lease, the summary and GitHub's Deployments. */
const TIME = 270_000

const STILL_RETURNING =
  'ECS is still bringing back what ran before, and its end was not seen in the time that there is after a cancellation; ' +
  'the next run proves the recorded image, or brings it'

/**
 * Stops what is still ours and in flight, follows it back, proves what ran before, and gives the lease back. Rejects with a
 * `Refusal`, and touches nothing, where another run has taken the lease meanwhile.
 */
export const finishKilled = async (unfinished: Unfinished, session: Session, tools: TargetTools): Promise<ServiceResult[]> => {
  const { lease, deployments } = unfinished
  // From here on, and not from when the lease is taken: waiting for that takes of the same minutes.
  const until = tools.clock.monotonic() + TIME
  const finish = (within: Session) => Promise.all(deployments.map((entry) => finishOrSay(entry, within, tools, until)))
  await session.guard()
  if (lease === undefined) return finish(session)
  const { signal } = new AbortController()
  const leasing = { session, tools, signal, terms: { ...lease, leaseTimeout: 0 }, onLease: () => undefined }
  return (await leased(leasing, async (under) => concluded(await finish(under.session), []))).results
}

/** What goes wrong with one service keeps no other from going back, and the lease is held until all have ended. */
const finishOrSay = async (
  entry: Unfinished['deployments'][number],
  session: Session,
  tools: TargetTools,
  until: number,
): Promise<ServiceResult> => {
  const begun = tools.clock.monotonic()
  return finishOne(entry, session, tools, until).catch(({ message }: Error) => ({
    service: entry.service,
    outcome: 'failed-not-rolled-back',
    reason: `it is not known what runs: ${message}`,
    causes: [],
    digest: '',
    duration: tools.clock.monotonic() - begun,
  }))
}

const finishOne = async (
  { service, target: options, deployment }: Unfinished['deployments'][number],
  session: Session,
  tools: TargetTools,
  until: number,
): Promise<ServiceResult> => {
  const begun = tools.clock.monotonic()
  const target = await targetOf(options, patient(session, tools), tools, 'post')
  const { previous } = deployment
  const limits = { signal: AbortSignal.abort(), deadline: until, failFast: undefined, leaveAtDeadline: true as const }
  const end = await target.watch(deployment, limits)
  const result = (outcome: Outcome, reason: string, runningDigest?: string): ServiceResult => ({
    service,
    outcome,
    reason,
    causes: end.causes,
    digest: '',
    duration: tools.clock.monotonic() - begun,
    ...(runningDigest !== undefined && { runningDigest }),
    ...(target.hosts && { hosts: target.hosts() }),
  })
  switch (end.end.state) {
    case 'completed':
      return result('succeeded', 'the deployment had completed; the next run proves and records it')
    case 'superseded':
      return result('superseded', `replaced by ${end.end.by}, which this run did not start`)
    default: {
      // A further deployment would end the one by which ECS goes back. Where nothing ran before, it only sets the count to 0.
      if (end.end.returning && ranBefore(previous)) return result('failed-not-rolled-back', STILL_RETURNING)
      const trouble = end.end.restored && ranBefore(previous) ? undefined : await target.restore(previous, deployment.id, until)
      if (trouble !== undefined) return result('failed-not-rolled-back', trouble)
      if (!ranBefore(previous)) return result('cancelled', 'nothing ran before, and the service stands at 0 again')
      const proof = await target.prove(previous.digests, new Map(), previous, { deadline: until })
      return proof.proven
        ? result('cancelled', 'what ran before is running again', proof.digest)
        : result('failed-not-rolled-back', `after the rollback ${proof.problem}`)
    }
  }
}
