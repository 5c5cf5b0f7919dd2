import { Refusal } from '../../../lib/refusal.ts'
import { NotStarted } from './not-started.ts'
import {
  type DeployTools,
  type Inspected,
  type Limits,
  problemOf,
  resultOf,
  type ServiceRequest,
  type ServiceResult,
  seenBy,
} from './request.ts'
import { goBack, proveBefore } from './rollback.ts'
import { smokeTest } from './smoke.ts'
import { type End, whyStopped } from './target.ts'

/** Reads what runs and refuses what cannot be deployed. Writes nothing. */
export const inspect = async (request: ServiceRequest, limits: Limits): Promise<Inspected> => {
  const running = await request.target.read(request.wanted)
  if (running.count === 0 && !request.initialCount && !request.allowZero) {
    throw new Refusal(
      `the service '${request.name}' asks for 0 tasks, so nothing could be proven; nothing was changed. ` +
        "Raise its desired count, give 'initial-count', or accept it with 'allow-zero: true'",
    )
  }
  const { inProgress } = running
  if (inProgress && !inProgress.wanted && (limits.inProgress ?? (inProgress.foreign ? 'fail' : 'supersede')) === 'fail') {
    throw new Refusal(
      `the service '${request.name}' is being deployed by ${inProgress.id}; nothing was changed. ` +
        "Wait for it, or give 'in-progress: supersede'",
    )
  }
  return { request, running, expected: request.target.expected(request.wanted) }
}

/** Brings one inspected service to its end: started, watched, proven, smoke-tested; or back where it was, and proven. */
export const deploy = async (
  inspected: Inspected,
  limits: Limits,
  tools: DeployTools,
  signal: AbortSignal,
): Promise<ServiceResult> => {
  const begun = tools.clock.monotonic()
  const result = await bring(inspected, limits, tools, signal)
  return { ...result, duration: tools.clock.monotonic() - begun }
}

const bring = async (inspected: Inspected, limits: Limits, tools: DeployTools, signal: AbortSignal): Promise<ServiceResult> => {
  const { request, running } = inspected
  if (running.settled) return proveNoChange(inspected, tools, signal)
  if (signal.aborted) return resultOf(inspected, 'cancelled', { reason: `${whyStopped(signal)} before anything was started` })

  const deadline = tools.clock.monotonic() + limits.timeout
  const follows = running.inProgress?.wanted === true
  const count = running.count === 0 ? request.initialCount : undefined
  const start = () => request.target.start(request.wanted, running, count, { signal, deadline })
  const begin = () => (follows ? request.target.attach(running) : start())
  const deployment = await begin().catch((error: Error) => {
    if (error instanceof NotStarted) return error
    throw error
  })
  if (deployment instanceof NotStarted) {
    const before = await proveBefore(inspected, tools, { reason: `no deployment was started: ${deployment.message}` })
    return before.outcome === 'failed-rolled-back' ? { ...before, outcome: deployment.outcome } : before
  }
  tools.onStarted(request.name, deployment)
  tools.log.info(
    `${request.name}: ${follows ? `following ${running.inProgress?.id}` : `started ${deployment.id}`}, over ${running.revision.split('/').at(-1)}`,
  )

  const watched = await request.target.watch(deployment, { signal, deadline, failFast: limits.failFast })
  const { end, causes, firstFailure, revision = deployment.revision, notes } = watched
  const details = {
    causes,
    deployment: deployment.id,
    revision,
    ...(notes && { notes }),
    ...(firstFailure !== undefined && { firstFailure }),
  }
  if (end.state === 'superseded') {
    return resultOf(inspected, 'superseded', {
      ...details,
      reason: `replaced in flight by ${end.by}, which this run did not start`,
    })
  }
  if (end.state !== 'completed') {
    const back = await goBack(inspected, end.restored, limits, tools, { ...details, reason: reasonOf(end, limits, signal) })
    return end.state === 'failed' || back.outcome === 'failed-not-rolled-back' ? back : { ...back, outcome: end.state }
  }
  if (running.count === 0 && !count) {
    return resultOf(inspected, 'succeeded', { ...details, ...(request.commandsAlone === true && { tried: true }) })
  }
  const trouble = await verify(inspected, limits, tools, signal)
  if (trouble !== undefined) {
    // What ended between the deployment's end and the proof says why.
    const late = await request.target.causes(deployment).catch(() => [])
    return goBack(inspected, false, limits, tools, { ...details, causes: late.length > 0 ? late : causes, reason: trouble })
  }
  await request.target.tidy?.(deployment)
  return resultOf(inspected, 'succeeded', { ...details, runningDigest: request.wanted[0]?.digest ?? '' })
}

const reasonOf = (end: Exclude<End, { state: 'completed' | 'superseded' }>, limits: Limits, signal: AbortSignal): string => {
  if (end.state === 'failed') return end.reason
  return end.state === 'cancelled' ? whyStopped(signal) : `not done within ${Math.round(limits.timeout / 1000)} s`
}

const proveNoChange = async (inspected: Inspected, tools: DeployTools, signal: AbortSignal): Promise<ServiceResult> => {
  const { request, running, expected } = inspected
  const proof = await request.target.prove(expected, tools.aliases, undefined, { signal })
  if (proof.proven) return resultOf(inspected, 'no-change', { runningDigest: proof.digest, revision: running.revision })
  if (proof.starting && signal.aborted) {
    const reason = `${whyStopped(signal)} before this image, which was there already, was proven: ${proof.problem}`
    return resultOf(inspected, 'cancelled', { ...seenBy(proof), reason })
  }
  const reason = `the service is asked to run this image already, but ${problemOf(proof)}`
  return resultOf(inspected, 'failed-not-rolled-back', { ...seenBy(proof), reason })
}

/** Proof by the control plane, then the answer of the service itself. Undefined where both are right. */
const verify = async (
  { request, expected }: Inspected,
  limits: Limits,
  tools: DeployTools,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const proof = await request.target.prove(expected, tools.aliases, undefined, { signal })
  if (!proof.proven) return `the deployment completed, but ${problemOf(proof)}`
  return request.smoke && smokeTest(request.smoke, tools, limits)
}
