import type { Session } from '../../../lib/aws/session.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { completePlan, requireImages, resolveImages, type WantedByService, type WantedImages } from './images.ts'
import type { Job, JobService } from './job.ts'
import { requireTime } from './place.ts'
import { type Recorded, type Records, readRecords } from './records.ts'
import { askedOnce, type Registry } from './registry.ts'
import { inspectAll } from './release.ts'
import type { Inspected, Limits, ServiceRequest } from './request.ts'
import type { DeploymentTarget, TargetTools } from './target.ts'
import { targetOf } from './targets.ts'

export type Looking = {
  job: Job
  session: Session
  limits: Limits
  tools: TargetTools
  context: { runId: string; runAttempt: string; runUrl: string }
  registry: Registry
  records: Records
}

export type Looked = {
  inspected: Inspected[]
  images: WantedImages
  recorded: Recorded
  /** The job's plan, with the digest of every image. */
  plan?: DeploymentPlan
}

/** Reads everything that is decided on, at once. Rejects with a `Refusal`; of several reasons the account comes first. */
export const look = async (looking: Looking): Promise<Looked> => {
  const guard = looking.session.guard()
  const reading = read(looking)
  // In a wrong account everything else is missing too.
  await Promise.allSettled([guard, reading])
  await guard
  return reading
}

const read = async ({ job, session, limits, tools, context, records, ...looking }: Looking): Promise<Looked> => {
  for (const { target } of job.services) requireTime(target, limits.timeout)
  const registry = askedOnce(looking.registry)
  const { wanted, found } = await resolveImages(job, registry)
  const plan = job.plan && completePlan(job.plan, found)
  const targetFor = (service: JobService) => {
    const run = `${context.runId} ${context.runAttempt}`
    return targetOf(service.target, session, toolsOf(tools, service, job), run, { runUrl: context.runUrl, registry })
  }
  const requests = await Promise.all(job.services.map(async (service) => requestOf(service, wanted, await targetFor(service))))
  const [inspected, images, recorded] = await Promise.all([
    inspectAll(requests, limits),
    requireImages(wanted, found, registry),
    plan ? readRecords(records, plan) : { images: new Map<string, string>() },
  ])
  return { inspected, images, recorded, ...(plan && { plan }) }
}

const requestOf = (service: JobService, wanted: WantedByService, target: DeploymentTarget): ServiceRequest => ({
  name: service.name,
  target,
  wanted: wanted.get(service.name) ?? [],
  dependsOn: service.dependsOn,
  allowZero: service.allowZero,
  ...(service.commandsAlone !== undefined && { commandsAlone: service.commandsAlone }),
  ...(service.preDeploy && { preDeploy: service.preDeploy }),
  ...(service.initialCount !== undefined && { initialCount: service.initialCount }),
  ...(service.smoke && { smoke: service.smoke }),
})

/** Services that are deployed side by side share one screen. */
const toolsOf = (tools: TargetTools, { name }: JobService, { services }: Job): TargetTools =>
  services.length > 1 ? { ...tools, log: prefixed(tools.log, name) } : tools

const prefixed = (log: Log, name: string): Log => ({
  ...log,
  info: (line) => log.info(`[${name}] ${line}`),
  warning: (message, title) => log.warning(`[${name}] ${message}`, title),
  error: (message, title) => log.error(`[${name}] ${message}`, title),
})
