import { randomUUID } from 'node:crypto'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { carryOut } from '../../actions/deploy-service/src/carry-out.ts'
import type { Conclusion } from '../../actions/deploy-service/src/conclusion.ts'
import { jobOfPlan } from '../../actions/deploy-service/src/job.ts'
import { isGreen } from '../../actions/deploy-service/src/outcome.ts'
import { failureLine } from '../../actions/deploy-service/src/report.ts'
import { call } from '../../lib/aws/errors.ts'
import type { Session } from '../../lib/aws/session.ts'
import type { DeploymentPlan } from '../../lib/delivery/plan.ts'
import { short } from '../../lib/image.ts'
import { systemClock } from '../../lib/runner/clock.ts'
import { terminalLog } from './terminal.ts'

/** Milliseconds; the defaults of deploy-service. */
const LIMITS = {
  timeout: 1_800_000,
  failFast: 2,
  inProgress: 'supersede' as const,
  requestTimeout: 15_000,
  smokeTimeout: 30_000,
  leaseTimeout: 1_800_000,
  leaseDuration: 120_000,
  onFailure: 'rollback-release' as const,
}

type Options = { dryRun: boolean; pollInterval: number; digests: Record<string, string>; signal: AbortSignal }

/** Carries a plan out as deploy-service does, with its lease, gates, proof, records and way back. */
export const carryByHand = async (plan: DeploymentPlan, session: Session, options: Options): Promise<Conclusion> => {
  const { dryRun, pollInterval, digests, signal } = options
  const given = {
    form: 'plan' as const,
    operation: 'deploy' as const,
    plan,
    digests,
    credentials: 'ambient' as const,
    gitHubToken: undefined,
  }
  return carryOut({
    job: await jobOfPlan({ ...given, ...LIMITS, dryRun, pollInterval }),
    session,
    limits: { ...LIMITS, dryRun },
    tools: { log: terminalLog, clock: systemClock, pollInterval },
    // The owner of the lease, and the mark of this attempt; a run by hand has no number.
    context: { runId: `by-hand-${randomUUID()}`, runAttempt: '1', runUrl: '', actor: await callerOf(session) },
    onStarted: () => undefined,
    onLease: () => undefined,
    signal,
  })
}

/** Who is recorded: the name that AWS knows, `assumed-role/Admin/ada`. */
const callerOf = async (session: Session): Promise<string> => {
  const { Arn = '' } = await call('sts:GetCallerIdentity', () => session.client(STSClient).send(new GetCallerIdentityCommand({})))
  return (Arn.split(':').at(-1) ?? Arn).slice(0, 100)
}

/** How it ended, as lines, and the exit code. */
export const ending = (conclusion: Conclusion): { lines: string[]; exitCode: number } => {
  const { outcome, reason, results, notes, release } = conclusion
  const services = results.map(
    ({ service, outcome: ended, runningDigest }) =>
      `${service}: ${ended}${runningDigest === undefined ? '' : `, ${short(runningDigest)} is running`}`,
  )
  const lines = [
    ...services,
    ...notes,
    ...(release === undefined ? [] : [`${release} is recorded`]),
    failureLine(conclusion) ?? (reason === undefined ? outcome : `${outcome}: ${reason}`),
  ]
  if (isGreen(outcome)) return { lines, exitCode: 0 }
  return { lines, exitCode: outcome === 'cancelled' ? 130 : outcome === 'refused' ? 3 : 1 }
}
