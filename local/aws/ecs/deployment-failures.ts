import { move, rollBack, stop } from './deployments.ts'
import { type Engine, recordEvent, seconds } from './engine.ts'
import type { Deployment, Service, ServiceDeployment } from './model.ts'
import { revisionSummary } from './service-views.ts'

/** Words for what failed a deployment. Those for alarms are modelled on those for the circuit breaker, but for the event. */
const failures = {
  deploymentCircuitBreaker: {
    event: 'tasks failed to start.',
    rolloutReason: 'ECS deployment circuit breaker',
    because: 'the circuit breaker threshold was exceeded.',
  },
  alarms: {
    event: 'alarm detected.',
    rolloutReason: 'ECS deployment alarms',
    because: 'one or more CloudWatch alarms went into the ALARM state.',
  },
}

/** The circuit breaker or an alarm fires. */
export const trip = (
  engine: Engine,
  service: Service,
  failed: Deployment,
  current: ServiceDeployment,
  by: keyof typeof failures = 'deploymentCircuitBreaker',
): void => {
  const { event, rolloutReason, because } = failures[by]
  failed.rolloutState = 'FAILED'
  failed.rolloutStateReason = `${rolloutReason}: ${event}`
  failed.updatedAt = seconds(engine)
  current[by].status = 'TRIGGERED'
  recordEvent(engine, service, `(deployment ${failed.id}) deployment failed: ${event}`)
  const reason = `Service deployment rolled back because ${because}`
  if (current.status === 'ROLLBACK_IN_PROGRESS') {
    move(engine, current, 'ROLLBACK_FAILED', reason)
    return
  }
  const wanted = service.configuration[by]?.rollback === true
  const rolledBack = wanted && rollBack(engine, service, current, reason, `${rolloutReason}: rolling back to deploymentId ID.`)
  if (!rolledBack) stop(engine, current, `Service deployment stopped because ${because}`)
}

/** Alarms count from the first task of the deployment that runs until the end of its bake time. */
export const checkAlarms = (engine: Engine, service: Service): void => {
  const [primary] = service.deployments
  const current = service.serviceDeployment
  if (!primary || !current || current.deployment !== primary || current.status !== 'IN_PROGRESS') return
  if (current.alarms.status !== 'MONITORING' || !revisionSummary(primary).runningTaskCount) return
  const triggered = current.alarms.alarmNames.filter((name) => service.region.alarms.has(name))
  if (triggered.length === 0) return
  current.alarms.triggeredAlarmNames = triggered
  trip(engine, service, primary, current, 'alarms')
}
