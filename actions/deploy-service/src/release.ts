import { deploy, inspect } from './deploy.ts'
import { isGreen } from './outcome.ts'
import {
  culpritOf,
  type DeployTools,
  type Inspected,
  type Limits,
  resultOf,
  type ServiceRequest,
  type ServiceResult,
} from './request.ts'
import { goBack } from './rollback.ts'
import { type Cause, ranBefore } from './target.ts'

export type ReleaseOptions = Limits & {
  onFailure: 'rollback-release' | 'keep'
  /** Look, decide and say what would be done; write nothing. */
  dryRun: boolean
}

/** Looks at every service at once. Rejects with the first refusal, before anything is written. */
export const inspectAll = (requests: readonly ServiceRequest[], limits: Limits): Promise<Inspected[]> =>
  Promise.all(requests.map((request) => inspect(request, limits)))

/**
 * Brings all services of one release to an environment: pre-deploy commands once and first, then every service as soon
 * as those it depends on are proven, independent ones side by side. When one fails nothing further is started, what is
 * in flight is stopped, and what this run had moved goes back.
 */
export const deployRelease = async (
  services: readonly Inspected[],
  options: ReleaseOptions,
  tools: DeployTools,
  cancelled: AbortSignal,
): Promise<ServiceResult[]> => {
  if (options.dryRun) return services.map((service) => dryResult(service, tools))
  const refusal = await preDeploy(services, tools, cancelled)
  if (refusal)
    return services.map((service) => (service === refusal.service ? refusal.result : notReached(service, refusal.result)))

  const giveUp = new AbortController()
  const signal = options.onFailure === 'keep' ? cancelled : AbortSignal.any([cancelled, giveUp.signal])
  const started = new Map<string, Promise<ServiceResult>>()
  const bring = async (service: Inspected): Promise<ServiceResult> => {
    const needed = await Promise.all(service.request.dependsOn.map((name) => started.get(name)))
    const missing = needed.find((result) => result && !isGreen(result.outcome))
    if (missing) return notReached(service, missing)
    const result = await deploy(service, options, tools, signal).catch((error: Error) => lostSight(service, error))
    if (!isGreen(result.outcome)) giveUp.abort(new Error(`'${service.request.name}' ended as ${result.outcome}`))
    return result
  }
  for (const service of services) started.set(service.request.name, bring(service))
  const results = await Promise.all(services.map((service) => started.get(service.request.name) as Promise<ServiceResult>))
  const red = culpritOf(results.filter(({ outcome }) => outcome !== 'cancelled')) ?? culpritOf(results)
  if (red === undefined || options.onFailure === 'keep') return results
  return Promise.all(results.map((result, index) => giveBack(result, services[index] as Inspected, red, options, tools)))
}

/** An error of AWS in mid-deployment (expired credentials, a denied read): what runs is not known, which is red. */
const lostSight = (service: Inspected, { message }: Error): ServiceResult =>
  resultOf(service, 'failed-not-rolled-back', {
    reason: `the deployment could not be followed to its end: ${message}`,
    unseen: true,
  })

/** A sibling that had succeeded goes back; one that was stopped for another's sake says so. */
const giveBack = async (
  result: ServiceResult,
  service: Inspected,
  red: ServiceResult,
  limits: Limits,
  tools: DeployTools,
): Promise<ServiceResult> => {
  const because = `returned because '${red.service}' ended as ${red.outcome}`
  if (result.outcome === 'succeeded') {
    const back = await goBack(service, false, limits, tools, { reason: because, deployment: result.deployment ?? '' })
    return { ...result, ...back, duration: result.duration + back.duration, causes: [], becauseOf: red.service }
  }
  return result.outcome === 'cancelled' && red.outcome !== 'cancelled'
    ? { ...result, outcome: 'failed-rolled-back', reason: because, becauseOf: red.service }
    : result
}

type PreDeployFailure = { service: Inspected; result: ServiceResult }

/** Only where something will be deployed: a release that runs already has had its commands. */
const preDeploy = async (
  services: readonly Inspected[],
  tools: DeployTools,
  signal: AbortSignal,
): Promise<PreDeployFailure | undefined> => {
  for (const service of services) {
    const { request, running } = service
    if (request.preDeploy === undefined || running.settled || running.inProgress?.wanted) continue
    const { preDeploy: command, name, target, wanted } = request
    if (target.startsSilently) tools.onStarted(name, await target.start(wanted, running, undefined))
    const cause = await tools.log
      .group(`Pre-deploy command of ${name}: ${command.join(' ')}`, () => target.runOnce(command, wanted, running, signal))
      .catch(({ message }: Error): Cause => ({ reason: `it could not be followed to its end: ${message}`, count: 1 }))
    if (cause === undefined) continue
    const outcome = signal.aborted ? 'cancelled' : 'failed-rolled-back'
    const reason = `the pre-deploy command failed, so no service was touched: ${cause.reason}`
    return { service, result: resultOf(service, outcome, { reason, causes: [cause], ...untouched(service) }) }
  }
  return undefined
}

const notReached = (service: Inspected, because: ServiceResult): ServiceResult =>
  resultOf(service, because.outcome === 'cancelled' ? 'cancelled' : 'failed-rolled-back', {
    reason: `not started because '${because.service}' ended as ${because.outcome}`,
    becauseOf: because.becauseOf ?? because.service,
    ...untouched(service),
  })

/** Nothing was done to the service: what ran before runs, if anything did. */
export const untouched = ({ running, expected }: Inspected): { runningDigest?: string } => {
  if (!ranBefore(running)) return {}
  const digest = running.digests[Object.keys(expected)[0] ?? '']
  return digest === undefined ? {} : { runningDigest: digest }
}

const dryResult = (service: Inspected, { log }: DeployTools): ServiceResult => {
  const { request, running } = service
  if (running.settled) return resultOf(service, 'no-change', { ...untouched(service), reason: 'dry run: nothing to do' })
  const steps = [
    request.preDeploy && `run ${request.preDeploy.join(' ')}`,
    running.inProgress?.wanted
      ? `follow ${running.inProgress.id}`
      : `deploy ${request.wanted.map(({ image }) => image).join(', ')}`,
    running.count === 0 && request.initialCount ? `start ${request.initialCount} tasks` : undefined,
  ].filter((step) => step !== undefined)
  log.info(`${request.name}: would ${steps.join(', then ')}`)
  return resultOf(service, 'skipped', { ...untouched(service), reason: `dry run: would ${steps.join(', then ')}` })
}
