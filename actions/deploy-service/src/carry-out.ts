import type { Session } from '../../../lib/aws/session.ts'
import { short } from '../../../lib/image.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { requireImages, resolveImages, type WantedByService } from './images.ts'
import type { Job, JobService } from './job.ts'
import { isGreen } from './outcome.ts'
import { ssmRecords } from './parameters.ts'
import { changedRecords, type Records, readRecords } from './records.ts'
import { ecrRegistry, type Found, type Registry } from './registry.ts'
import { deployRelease, inspectAll, type ReleaseOptions } from './release.ts'
import type { DeployTools, Inspected, ServiceRequest, ServiceResult } from './request.ts'
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
  const [inspected, found, recorded] = await looking
  const notes = await warnOfLostImages(inspected, registry, tools)
  const aliases = new Map([...found.values()].map(({ digest, children }) => [digest, children]))
  const results = await deployRelease(inspected, limits, { ...tools, aliases, onStarted }, signal)
  const isRecorded = results.every(({ outcome }) => isGreen(outcome)) || limits.onFailure === 'keep'
  if (job.plan === undefined || limits.dryRun || !isRecorded) return { results, notes }
  const author = { run: context.runUrl, actor: context.actor, now: tools.clock.now() }
  const changes = changedRecords(job.plan, results, recorded, author)
  const trouble = await writeRecords(records, changes, tools)
  if (trouble !== undefined) return { results: results.map((result) => unrecorded(result, trouble)), notes }
  const written = changes.map(([parameter]) => `Recorded \`${parameter}\`.`)
  return { results, notes: [...notes, ...(written.length > 0 ? written : ['The records were right already.'])] }
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

/** A rollback to an image that is gone cannot work; that is worth knowing before it is needed. */
const warnOfLostImages = async (inspected: readonly Inspected[], registry: Registry, { log }: TargetTools): Promise<string[]> => {
  const moving = inspected.filter(({ running }) => !running.settled && running.count > 0)
  const before = [
    ...new Set(moving.flatMap(({ running, expected }) => Object.keys(expected).flatMap((name) => running.images[name] ?? []))),
  ]
  const pinned = before.filter((image) => image.includes('@sha256:'))
  if (pinned.length === 0) return []
  const found: Map<string, Found> = await registry.find(pinned)
  const lost = pinned.filter((image) => image.includes('.dkr.') && !found.has(image))
  for (const image of lost) log.warning(`the image that runs now, ${image}, is no longer in its registry: a rollback would fail`)
  return lost.map((image) => `No way back: ${short(image.split('@')[1] ?? '')} is no longer in its registry.`)
}

const writeRecords = async (
  records: Records,
  changes: readonly [string, string][],
  { log }: TargetTools,
): Promise<string | undefined> => {
  for (const [parameter, value] of changes) {
    try {
      await records.write(parameter, value)
    } catch (error) {
      return `${parameter} could not be written: ${(error as Error).message}`
    }
    log.info(`recorded ${parameter}`)
  }
  return undefined
}

/** Red although the digest runs: what is not on record is not promoted. The next run proves it again and records it. */
const unrecorded = (result: ServiceResult, trouble: string): ServiceResult => ({
  ...result,
  outcome: 'failed-not-rolled-back',
  reason: `the digest runs and was proven, but ${trouble}; run again to record it`,
})
