import type { Session } from '../../../lib/aws/session.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { aliasesOf, requireImages, resolveImages, type WantedByService, type WantedImages } from './images.ts'
import type { Job, JobService } from './job.ts'
import { keepImages } from './keep.ts'
import { isGreen } from './outcome.ts'
import { ssmRecords } from './parameters.ts'
import { refuseUnfit, warnOfLostImages } from './preflight.ts'
import { type Author, changedRecords, type Recorded, type Records, readRecords } from './records.ts'
import { ecrRegistry, type Registry } from './registry.ts'
import { deployRelease, inspectAll, type ReleaseOptions } from './release.ts'
import type { DeployTools, ServiceRequest, ServiceResult } from './request.ts'
import type { TargetTools } from './target.ts'
import { targetOf } from './targets.ts'

export type Run = {
  job: Job
  session: Session
  limits: ReleaseOptions
  tools: TargetTools
  context: { runId: string; runAttempt: string; runUrl: string; actor: string }
  onStarted: DeployTools['onStarted']
  signal: AbortSignal
}

/** Guards the account, reads, checks, deploys, and records what was proven. Rejects only before the first write. */
export const carryOut = async ({
  job,
  session,
  limits,
  tools,
  context,
  onStarted,
  signal,
}: Run): Promise<{ results: ServiceResult[]; notes: string[] }> => {
  const registry = ecrRegistry(session, (message) => tools.log.notice(message))
  const records = ssmRecords(session)
  const guard = session.guard()
  const look = async () => {
    const wanted = await resolveImages(job, registry)
    const requests = await Promise.all(
      job.services.map((service) => requestOf(service, wanted, session, tools, context, job.services.length > 1)),
    )
    return Promise.all([
      inspectAll(requests, limits),
      requireImages(wanted, registry),
      job.plan ? readRecords(records, job.plan) : { images: new Map<string, string>() },
    ])
  }
  const looking = look()
  // The account comes first among the reasons to refuse: in a wrong account everything else is missing too.
  await Promise.allSettled([guard, looking])
  await guard
  const [inspected, images, recorded] = await looking
  refuseUnfit(inspected, images)
  const notes = await warnOfLostImages(inspected, registry, tools)
  const results = await deployRelease(inspected, limits, { ...tools, aliases: aliasesOf(images), onStarted }, signal)
  const isRecorded = results.every(({ outcome }) => isGreen(outcome)) || limits.onFailure === 'keep'
  if (job.plan === undefined || limits.dryRun || !isRecorded) return { results, notes }
  const author = { run: context.runUrl, actor: context.actor, now: tools.clock.now() }
  return record(job.plan, results, notes, { images, recorded, author, registry, records, tools })
}

type Recording = {
  images: WantedImages
  recorded: Recorded
  author: Author
  registry: Registry
  records: Records
  tools: TargetTools
}

/**
 * Keep tags, image records, the release: in this order, so that a run that is killed in between leaves nothing that
 * names more than is true. Red when it fails although the digest runs: what is not on record is not promoted.
 */
const record = async (
  plan: DeploymentPlan,
  results: ServiceResult[],
  notes: readonly string[],
  { images, recorded, author, registry, records, tools }: Recording,
): Promise<{ results: ServiceResult[]; notes: string[] }> => {
  const { release, parameters } = changedRecords(plan, results, recorded, author)
  if (parameters.length === 0) return { results, notes: [...notes, 'The records were right already.'] }
  try {
    const kept = release === undefined ? [] : await keepImages(plan, release, images, registry, tools)
    for (const [parameter, value] of parameters) {
      await records.write(parameter, value)
      tools.log.info(`recorded ${parameter}`)
    }
    return { results, notes: [...notes, ...kept, ...parameters.map(([parameter]) => `Recorded \`${parameter}\`.`)] }
  } catch (error) {
    const reason = `the digest runs and was proven, but the release is not recorded: ${(error as Error).message}; run again to record it`
    return { results: results.map((result) => ({ ...result, outcome: 'failed-not-rolled-back', reason })), notes: [...notes] }
  }
}

const requestOf = async (
  service: JobService,
  wanted: WantedByService,
  session: Session,
  tools: TargetTools,
  { runId, runAttempt }: Run['context'],
  several: boolean,
): Promise<ServiceRequest> => ({
  name: service.name,
  target: await targetOf(
    service.target,
    session,
    several ? { ...tools, log: prefixed(tools.log, service.name) } : tools,
    `${runId} ${runAttempt}`,
  ),
  wanted: wanted.get(service.name) ?? [],
  dependsOn: service.dependsOn,
  allowZero: service.allowZero,
  ...(service.preDeploy && { preDeploy: service.preDeploy }),
  ...(service.initialCount !== undefined && { initialCount: service.initialCount }),
  ...(service.smoke && { smoke: service.smoke }),
})

/** Services that are deployed side by side share one screen. */
const prefixed = (log: Log, name: string): Log => ({
  ...log,
  info: (line) => log.info(`[${name}] ${line}`),
  warning: (message, title) => log.warning(`[${name}] ${message}`, title),
  error: (message, title) => log.error(`[${name}] ${message}`, title),
})
