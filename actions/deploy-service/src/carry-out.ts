import { randomUUID } from 'node:crypto'
import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { parseHold, recordNames } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Conclusion } from './conclusion.ts'
import { type Delivery, deliver, requireGo } from './deliver.ts'
import { clearHold, holdOf, setHold } from './hold.ts'
import { leased, type UnderLease } from './leased.ts'
import { look } from './look.ts'
import { ssmRecords } from './parameters.ts'
import { refuseUnfit } from './preflight.ts'
import { ecrRegistry } from './registry.ts'

export type Run = Omit<Delivery, 'registry' | 'records' | 'onStanding'> & {
  limits: { leaseDuration: number; leaseTimeout: number }
  onLease(terms?: LeaseTerms): void
}

/** Carries out what the job asks for. Rejects only where nothing of any service was changed. */
export const carryOut = async (run: Run): Promise<Conclusion> => {
  const { plan } = run.job
  const session = patient(run.session, run.tools)
  const delivery = { ...run, session, ...adapters({ ...run, session }) }
  if (plan === undefined || (run.limits.dryRun && plan.services.length > 0)) return bring(delivery)
  if (run.limits.dryRun) {
    await run.session.guard()
    return { outcome: 'skipped', reason: `dry run: would ${plan.kind} ${plan.environment}`, results: [], notes: [] }
  }
  if (plan.kind === 'hold') return hold(delivery, plan)
  if (isRollback(run.job)) await holdFirst(delivery, plan)
  const watch = holdWatch(run, plan)
  const leasing = { ...run, terms: termsOf(run, plan), onRenewed: watch.look }
  const work = (under: UnderLease) =>
    operate({ ...run, signal: AbortSignal.any([under.signal, watch.signal]) }, plan, under, watch)
  return leased(leasing, work).catch((error) => {
    if (!isRollback(run.job) || !(error instanceof Refusal)) throw error
    const { message } = error
    throw new Refusal(
      `${message.replace(/; nothing was (changed|deployed)/, '')}; no service was changed, and ${plan.environment} is held`,
      {
        cause: error,
      },
    )
  })
}

const operate = (run: Run, plan: DeploymentPlan, under: UnderLease, watch: HoldWatch): Promise<Conclusion> => {
  const session = patient(under.session, run.tools)
  const within = { ...run, session, ...adapters({ ...run, session }) }
  if (plan.kind === 'resume') return clearHold(within.records, plan, run.tools)
  return bring({ ...within, onStanding: ({ holdValue }) => watch.expect(holdValue) })
}

const bring = async (delivery: Delivery): Promise<Conclusion> => {
  const { operation, plan } = delivery.job
  if (plan === undefined || operation === 'deploy') return deliver(delivery)
  return operation === 'seed'
    ? (await import('./seed.ts')).seed(delivery, plan)
    : (await import('./prove.ts')).prove(delivery, plan)
}

const isRollback = ({ operation, plan }: Run['job']): boolean => operation === 'deploy' && plan?.kind === 'rollback'

const adapters = ({ session, tools }: Pick<Run, 'session' | 'tools'>) => ({
  registry: ecrRegistry(session, (message) => tools.log.notice(message)),
  records: ssmRecords(session),
})

/** Without the lease: whoever has it is to see the hold and to give way, and a hold must not wait for what it is to stop. */
const hold = async (delivery: Delivery, plan: DeploymentPlan): Promise<Conclusion> => {
  await delivery.session.guard()
  return setHold(delivery.records, plan, holdOf(delivery, plan), delivery.tools)
}

/**
 * A rollback stops automation before it waits for the lease: who has it sees the hold, and gives way. Everything that could
 * refuse the rollback is asked before.
 */
const holdFirst = async (delivery: Delivery, plan: DeploymentPlan): Promise<void> => {
  const looked = await look(delivery)
  requireGo(delivery, looked)
  refuseUnfit(looked.inspected, looked.images)
  await setHold(delivery.records, plan, holdOf(delivery, plan), delivery.tools)
}

type HoldWatch = { signal: AbortSignal; look(): Promise<void>; expect(value: string | undefined): void }

/** What automation brings gives way to a hold that is set while it is brought; the way back is not stopped half way. */
const holdWatch = ({ session, tools }: Run, { kind, project, environment }: DeploymentPlan): HoldWatch => {
  const stop = new AbortController()
  const parameter = recordNames(project, environment).hold
  let expected: { value: string | undefined } | undefined
  return {
    signal: stop.signal,
    expect: (value) => {
      expected = { value }
    },
    look: async () => {
      if (kind === 'rollback' || expected === undefined || stop.signal.aborted) return
      const value = (await ssmRecords(session).read([parameter])).get(parameter)
      const hold = value === undefined || value === expected.value ? undefined : parseHold(value, parameter)
      if (hold === undefined) return
      const reason = `${environment} was put on hold by ${hold.by} (${hold.reason}), ${hold.run}`
      tools.log.warning(`${reason}; stopping`)
      stop.abort(new Error(reason))
    },
  }
}

const termsOf = (run: Run, plan: DeploymentPlan): LeaseTerms => ({
  parameter: recordNames(plan.project, plan.environment).lock,
  name: `${plan.project} in ${plan.environment}`,
  owner: run.context.runId || `by-hand-${randomUUID()}`,
  purpose: run.job.operation === 'deploy' ? PURPOSE[plan.kind] : run.job.operation,
  run: run.context.runUrl,
  leaseDuration: run.limits.leaseDuration,
  leaseTimeout: run.limits.leaseTimeout,
  requestTimeout: run.limits.requestTimeout,
})

const PURPOSE: Record<DeploymentPlan['kind'], string> = {
  first: 'deploy',
  promotion: 'deploy',
  hotfix: 'hotfix',
  rollback: 'rollback',
  hold: 'hold',
  resume: 'resume',
}
