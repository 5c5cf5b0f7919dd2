import { ecsArn, revisionNumber, serviceDeploymentId } from './arns.ts'
import { threshold } from './breaker.ts'
import { type Engine, seconds } from './engine.ts'
import { recordEvent } from './events.ts'
import type {
  Deployment,
  RevisionSettings,
  Service,
  ServiceDeployment,
  ServiceDeploymentStatus,
  TaskDefinition,
} from './model.ts'
import { revisionSummary } from './service-views.ts'

const inFlight: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]

export const isInFlight = (deployment: ServiceDeployment): boolean => inFlight.includes(deployment.status)

const move = (engine: Engine, deployment: ServiceDeployment, status: ServiceDeploymentStatus, reason?: string): void => {
  deployment.status = status
  deployment.updatedAt = seconds(engine)
  if (reason !== undefined) deployment.statusReason = reason
  if (isInFlight(deployment)) return
  deployment.finishedAt = deployment.updatedAt
  if (status === 'STOPPED') deployment.stoppedAt = deployment.updatedAt
  if (deployment.breaker.status === 'MONITORING') deployment.breaker.status = 'MONITORING_COMPLETE'
}

/** Through STOP_REQUESTED to STOPPED: a newer deployment was started, or a failure was detected without a way back. */
const stop = (engine: Engine, deployment: ServiceDeployment, reason: string): void => {
  move(engine, deployment, 'STOP_REQUESTED', reason)
  engine.time.after(engine.pace.transition, () => {
    if (deployment.status === 'STOP_REQUESTED') move(engine, deployment, 'STOPPED')
  })
}

const supersede = (engine: Engine, deployment: ServiceDeployment | undefined): void => {
  if (!deployment || !isInFlight(deployment) || deployment.status === 'STOP_REQUESTED') return
  const reason = 'Service deployment stopped because a newer service deployment was started.'
  if (deployment.status === 'ROLLBACK_IN_PROGRESS') move(engine, deployment, 'ROLLBACK_FAILED', reason)
  else if (deployment.status === 'ROLLBACK_REQUESTED') move(engine, deployment, 'STOPPED', reason)
  else stop(engine, deployment, reason)
}

/** What was counted and observed so far says nothing about the deployment that is PRIMARY from now on. */
const startAfresh = (service: Service): void => {
  service.starts.cancel?.()
  service.starts = { failures: 0, cancel: undefined }
  service.steady = { since: undefined, reached: false }
}

/** Puts a new revision in place as PRIMARY. A deployment that is still in flight is superseded. */
export const begin = (engine: Engine, service: Service, definition: TaskDefinition, settings: RevisionSettings): void => {
  const { region, cluster, name } = service
  const number = revisionNumber()
  const id = `ecs-svc/${number}`
  const now = seconds(engine)
  const arn = ecsArn(region.place, `service-revision/${cluster.name}/${name}/${number}`)
  const revision = { number, arn, service, createdAt: now, definition, settings, digests: new Map<string, string>() }
  const deployment: Deployment = {
    id,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    revision,
    failedTasks: 0,
    lingers: false,
    createdAt: now,
    updatedAt: now,
  }
  supersede(engine, service.serviceDeployment)
  const breaker = service.configuration.deploymentCircuitBreaker
  const serviceDeployment: ServiceDeployment = {
    arn: ecsArn(region.place, `service-deployment/${cluster.name}/${name}/${serviceDeploymentId()}`),
    service,
    deployment,
    sources: service.deployments.map((each) => revisionSummary(each)),
    status: 'PENDING',
    createdAt: now,
    updatedAt: now,
    breaker: {
      status: breaker?.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: threshold(service.desiredCount, breaker),
    },
    configuration: service.configuration,
  }
  for (const each of service.deployments) each.status = 'ACTIVE'
  service.deployments.unshift(deployment)
  service.revision = revision
  service.serviceDeployment = serviceDeployment
  startAfresh(service)
  region.serviceRevisions.set(revision.arn, revision)
  region.serviceDeployments.set(serviceDeployment.arn, serviceDeployment)
  engine.time.after(engine.pace.transition, () => {
    if (serviceDeployment.status !== 'PENDING') return
    serviceDeployment.startedAt = seconds(engine)
    move(engine, serviceDeployment, 'IN_PROGRESS')
    engine.wake(service)
  })
}

/** The PRIMARY deployment has reached a steady state: it ends the rollout, or the rollback, that was under way. */
export const complete = (engine: Engine, service: Service, primary: Deployment, current: ServiceDeployment): void => {
  primary.rolloutState = 'COMPLETED'
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`
  primary.updatedAt = seconds(engine)
  service.lastCompleted = primary
  recordEvent(engine, service, `(deployment ${primary.id}) deployment completed.`)
  if (current.status === 'ROLLBACK_IN_PROGRESS') move(engine, current, 'ROLLBACK_SUCCESSFUL')
  else if (isInFlight(current) && current.deployment === primary) move(engine, current, 'SUCCESSFUL')
}

/**
 * Makes the most recent completed deployment PRIMARY again, under the id that it had
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html). False when there is none.
 */
const rollBack = (
  engine: Engine,
  service: Service,
  current: ServiceDeployment,
  reason: string,
  rolloutReason: string,
): boolean => {
  const target = service.lastCompleted
  const [failed] = service.deployments
  if (!target || !failed || target === failed) return false
  failed.status = 'ACTIVE'
  target.status = 'PRIMARY'
  target.rolloutState = 'IN_PROGRESS'
  target.rolloutStateReason = rolloutReason.replace('ID', target.id)
  target.failedTasks = 0
  target.updatedAt = seconds(engine)
  service.revision = target.revision
  service.deployments = [target, ...service.deployments.filter((each) => each !== target)]
  startAfresh(service)
  current.rollback = { reason, startedAt: target.updatedAt, serviceRevisionArn: target.revision.arn }
  move(engine, current, 'ROLLBACK_IN_PROGRESS', reason)
  recordEvent(engine, service, `rolling back to deployment ${target.id}.`)
  failed.lingers = true
  engine.time.after(engine.pace.settling, () => {
    failed.lingers = false
    engine.wake(service)
  })
  return true
}

/** The circuit breaker fires. */
export const trip = (engine: Engine, service: Service, failed: Deployment, current: ServiceDeployment): void => {
  failed.rolloutState = 'FAILED'
  failed.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.'
  failed.updatedAt = seconds(engine)
  current.breaker.status = 'TRIGGERED'
  recordEvent(engine, service, `(deployment ${failed.id}) deployment failed: tasks failed to start.`)
  const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
  if (current.status === 'ROLLBACK_IN_PROGRESS') {
    move(engine, current, 'ROLLBACK_FAILED', reason)
    return
  }
  const wanted = service.configuration.deploymentCircuitBreaker?.rollback === true
  const rolledBack =
    wanted && rollBack(engine, service, current, reason, 'ECS deployment circuit breaker: rolling back to deploymentId ID.')
  if (!rolledBack) stop(engine, current, 'Service deployment stopped because the circuit breaker threshold was exceeded.')
}

/** `StopServiceDeployment`: back to the last completed deployment, whether or not the circuit breaker is on. */
export const requestRollback = (engine: Engine, current: ServiceDeployment): void => {
  if (current.status !== 'PENDING' && current.status !== 'IN_PROGRESS') return
  const { service, deployment } = current
  const reason = 'Service deployment rolled back because StopServiceDeployment was called.'
  move(engine, current, 'ROLLBACK_REQUESTED', reason)
  engine.time.after(engine.pace.transition, () => {
    if (current.status !== 'ROLLBACK_REQUESTED') return
    deployment.rolloutState = 'FAILED'
    deployment.rolloutStateReason = `ECS deployment ${deployment.id} stopped.`
    deployment.updatedAt = seconds(engine)
    if (!rollBack(engine, service, current, reason, 'ECS deployment ID in progress.')) move(engine, current, 'STOPPED')
    engine.wake(service)
  })
}

/** The service is deleted: nothing is left to deploy to. */
export const abandon = (engine: Engine, service: Service): void => {
  startAfresh(service)
  const current = service.serviceDeployment
  if (current && isInFlight(current))
    move(engine, current, 'STOPPED', 'Service deployment stopped because the service was deleted.')
}
