import type { Service } from '@aws-sdk/client-ecs'
import { patience } from '../../patience.ts'
import { type Deployment, type TargetTools, type Watched, type WatchOptions, whyStopped } from '../../target.ts'
import { isHopeless } from './causes.ts'
import { failureWatch } from './failures.ts'
import type { LogReader } from './logs.ts'
import { describeService, describeServiceDeployment, findServiceDeployment, type Place } from './observe.ts'
import { changed, closerLook, type Progress, progressLine, progressOf } from './progress.ts'
import type { TaskDefinition } from './revision.ts'
import { endOf, type StopReason, stopDeployment } from './stop.ts'
import { type Look, type ServiceDeploymentLook, type Verdict, verdictOf } from './verdict.ts'

/** What a rollback may take after the deployment's own time is over. */
const ROLLBACK_TIME = 900_000

export const watchDeployment = async (
  place: Place,
  tools: TargetTools,
  logs: LogReader,
  definition: TaskDefinition,
  deployment: Deployment,
  options: WatchOptions,
): Promise<Watched> => {
  const { clock, log, pollInterval } = tools
  const startedAt = clock.monotonic()
  const failures = failureWatch(place, tools, logs, definition, deployment.id, startedAt)
  const before = deployment.previous.deployments
  const until = options.deadline + (options.leaveAtDeadline ? 0 : ROLLBACK_TIME)
  let progress: Progress | undefined
  let stop: StopReason | undefined
  let arn: string | undefined
  let look: ServiceDeploymentLook | undefined
  let lastCloser = startedAt
  const reading = patience(tools)
  let serviceDeployments = true
  let seen = false

  const readServiceDeployment = async (): Promise<void> => {
    if (!serviceDeployments) return
    try {
      arn ??= await findServiceDeployment(place, deployment.id)
      look = arn === undefined ? undefined : await describeServiceDeployment(place, arn)
    } catch (error) {
      if ((error as Error).name !== 'AccessDeniedException') throw error
      // What was seen before the refusal must not be taken for what is now.
      look = undefined
      serviceDeployments = false
      log.notice(`${(error as Error).message}; without it this action sees less of why a deployment fails`)
    }
  }

  /** `causes`: what is read of failed tasks meanwhile; how the deployment stands does not depend on it, and is said before. */
  const see = async (): Promise<{ verdict: Verdict; causes: Promise<void> | undefined }> => {
    const service = await describeService(place)
    const now = progressOf(service, deployment.id, progress)
    const closer = closerLook(progress, now, clock.monotonic() - lastCloser)
    const due = closer.deployment || stop !== undefined || (serviceDeployments && arn === undefined)
    const causes = closer.tasks ? failures.read() : undefined
    // Whoever awaits it sees it fail.
    causes?.catch(() => undefined)
    if (due) await readServiceDeployment()
    if (closer.deployment || closer.tasks) lastCloser = clock.monotonic()
    if (changed(progress, now)) {
      if (progressText(progress) !== progressText(now)) log.info(`  ${progressLine(service, deployment.id)}`)
      failures.showEvents(service)
    }
    progress = now
    seen ||= now.rolloutState !== 'missing'
    // The service was read before its deployment: who stopped that shows in what the service says now.
    const latest = look?.status === 'STOPPED' ? await describeService(place) : service
    return { verdict: verdictOf(lookAt(latest, deployment.id, seen, look), deployment.id, before), causes }
  }

  const mustStop = (): StopReason | undefined => {
    if (options.signal.aborted) return { why: 'cancelled', because: whyStopped(options.signal) }
    if (clock.monotonic() > options.deadline && !options.leaveAtDeadline) return { why: 'timed-out' }
    const { failFast } = options
    return failFast !== undefined && isHopeless(failures.seen, failFast)
      ? { why: 'failing', reason: failures.first() }
      : undefined
  }

  /** For the story only: the verdict stands, whether the reasons can be read or not. */
  const lastFailures = (): Promise<void> => failures.read().catch(() => undefined)

  let announced = false
  let isReturning = false
  for (;;) {
    let verdict: Verdict = { state: 'running' }
    const looked = clock.monotonic()
    try {
      const wanted = stop === undefined ? mustStop() : undefined
      if (wanted) {
        const stopped = await stopDeployment(place, tools, arn, deployment.id, wanted)
        stop = wanted
        isReturning = stopped === 'requested'
        if (stopped === 'impossible') return failures.finish(endOf(wanted, { state: 'failed', restored: false, reason: '' }))
      }
      const saw = await see()
      verdict = saw.verdict
      isReturning ||= verdict.state === 'rolling-back'
      if (verdict.state === 'rolling-back' && !announced) {
        announced = true
        log.error(`the deployment failed: ${verdict.reason}; ECS is going back to what ran before`)
        await (saw.causes ?? lastFailures())
      }
      if (verdict.state !== 'completed' && verdict.state !== 'superseded') await saw.causes
      reading.relieve()
    } catch (error) {
      reading.bear(error)
    }
    if (verdict.state !== 'running' && verdict.state !== 'rolling-back') {
      if (verdict.state === 'failed') await lastFailures()
      return failures.finish(endOf(stop, verdict))
    }
    if (clock.monotonic() > until) {
      const back = { restored: false, ...(isReturning && { returning: true as const }) }
      return failures.finish(
        endOf(stop ?? { why: 'timed-out' }, { state: 'failed', ...back, reason: 'the rollback did not end' }),
      )
    }
    // From look to look, not from the end of one to the next; a cancelled job is not kept waiting for either.
    const pause = Math.max(looked + pollInterval - clock.monotonic(), pollInterval / 10)
    await clock.sleep(pause, stop === undefined && !reading.isTried() ? options.signal : undefined)
  }
}

const lookAt = (service: Service, id: string, seen: boolean, serviceDeployment: ServiceDeploymentLook | undefined): Look => {
  const deployments = service.deployments ?? []
  const ours = deployments.find((deployment) => deployment.id === id)
  const primary = deployments.find(({ status }) => status === 'PRIMARY')
  return {
    ours: ours && { rolloutState: ours.rolloutState ?? '', rolloutStateReason: ours.rolloutStateReason ?? '' },
    seen,
    primary: primary?.id ?? '',
    primaryCompleted: primary?.rolloutState === 'COMPLETED',
    serviceDeployment,
    current: service.currentServiceDeployment,
  }
}

const progressText = (progress: Progress | undefined): string =>
  progress ? `${progress.running} ${progress.pending} ${progress.failedTasks}` : ''
