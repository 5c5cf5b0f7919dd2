import { threshold } from './breaker.ts'
import { type Engine, recordEvent, seconds } from './engine.ts'
import { ecsArn, randomId, revisionNumber } from './find.ts'
import type { Deployment, RevisionSettings, Service, ServiceDeployment, TaskDefinition } from './model.ts'
import { revisionSummary } from './service-views.ts'

type Status = ServiceDeployment['status']

const inFlight: readonly Status[] = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']

export const isInFlight = (deployment: ServiceDeployment): boolean => inFlight.includes(deployment.status)

export const move = (engine: Engine, deployment: ServiceDeployment, status: Status, reason?: string): void => {
  deployment.status = status
  deployment.updatedAt = seconds(engine)
  if (reason !== undefined) deployment.statusReason = reason
  if (isInFlight(deployment)) return
  deployment.finishedAt = deployment.updatedAt
  if (status === 'STOPPED') deployment.stoppedAt = deployment.updatedAt
  for (const monitor of [deployment.deploymentCircuitBreaker, deployment.alarms])
    if (monitor.status === 'MONITORING') monitor.status = 'MONITORING_COMPLETE'
}

/** Through STOP_REQUESTED to STOPPED: a newer deployment was started, or a failure was detected without a way back. */
export const stop = (engine: Engine, deployment: ServiceDeployment, reason: string): void => {
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

/**
 * Alarms that are in ALARM when a deployment begins are not monitored during it, so that a fix can be deployed:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
const monitors = ({
  configuration,
  desiredCount,
  region,
}: Service): Pick<ServiceDeployment, 'deploymentCircuitBreaker' | 'alarms'> => {
  const { deploymentCircuitBreaker: breaker, alarms } = configuration
  const alarmNames = alarms?.alarmNames ?? []
  const watched = alarms?.enable === true && !alarmNames.some((name) => region.alarms.has(name))
  return {
    deploymentCircuitBreaker: {
      status: breaker?.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: threshold(desiredCount, breaker),
    },
    alarms: { status: watched ? 'MONITORING' : 'DISABLED', alarmNames, triggeredAlarmNames: [] },
  }
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
  const serviceDeployment: ServiceDeployment = {
    service,
    deployment,
    serviceDeploymentArn: ecsArn(region.place, `service-deployment/${cluster.name}/${name}/${randomId().slice(0, 21)}`),
    serviceArn: service.arn,
    clusterArn: cluster.arn,
    sourceServiceRevisions: service.deployments.map(revisionSummary),
    status: 'PENDING',
    createdAt: now,
    updatedAt: now,
    deploymentConfiguration: service.configuration,
    ...monitors(service),
  }
  for (const each of service.deployments) each.status = 'ACTIVE'
  service.deployments.unshift(deployment)
  service.revision = revision
  service.serviceDeployment = serviceDeployment
  startAfresh(service)
  region.serviceRevisions.set(revision.arn, revision)
  region.serviceDeployments.set(serviceDeployment.serviceDeploymentArn, serviceDeployment)
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
export const rollBack = (
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
