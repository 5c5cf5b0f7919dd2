import { backOff, failedHealthChecks, failedTargetChecks, hasFailed, impairedAfter, threshold } from './breaker.ts'
import { checkAlarms, trip } from './deployment-failures.ts'
import { complete, isInFlight } from './deployments.ts'
import { type Engine, recordEvent, recordOnce, taskList } from './engine.ts'
import { hasHealthCheck, isServing, targetsOf, taskHealth, tasksOf } from './health.ts'
import { launch, requestStop } from './launch.ts'
import type { Deployment, Service, Task } from './model.ts'
import { isStuck, type PlannedTask, plan, type Situation } from './plan.ts'
import { newTask } from './tasks.ts'

const stateOf = (task: Task): PlannedTask['state'] => {
  // A failed task keeps its place until it is STOPPED and counted: only then the breaker and the back-off know of it.
  if (task.stopping.signal.aborted) return hasFailed(task, hasHealthCheck(task)) ? 'starting' : 'stopping'
  if (isServing(task)) return 'healthy'
  return task.lastStatus === 'RUNNING' ? 'unhealthy' : 'starting'
}

const situation = (service: Service, primary: Deployment, tasks: Task[]): Situation => {
  const status = service.serviceDeployment?.status
  return {
    desired: service.desiredCount,
    minimumHealthyPercent: service.configuration.minimumHealthyPercent ?? 100,
    maximumPercent: service.configuration.maximumPercent ?? 200,
    primary: primary.id,
    mayStart: !service.starts.cancel && status !== 'PENDING' && status !== 'ROLLBACK_REQUESTED',
    primaryFailed: primary.rolloutState === 'FAILED',
    tasks: tasks.map((task) => ({ id: task.id, deployment: task.startedBy ?? '', state: stateOf(task) })),
  }
}

const startTasks = (engine: Engine, service: Service, { id, revision }: Deployment, count: number): void => {
  if (count === 0) return
  if (service.cluster.placementFailure) {
    failToPlace(engine, service, id)
    return
  }
  const tasks = Array.from({ length: count }, () =>
    newTask(engine, {
      region: service.region,
      cluster: service.cluster,
      definition: revision.definition,
      group: `service:${service.name}`,
      startedBy: id,
      service,
      revision,
      settings: revision.settings,
    }),
  )
  recordEvent(engine, service, `has started ${count} tasks: ${taskList(tasks)}.`)
  for (const task of tasks) launch(engine, task, (changed) => taskChanged(engine, service, changed))
}

const stopTasks = (engine: Engine, service: Service, primary: Deployment, ids: string[]): void => {
  const tasks = tasksOf(service).filter((task) => ids.includes(task.id) && !task.stopping.signal.aborted)
  if (tasks.length === 0) return
  for (const task of tasks)
    requestStop(engine, task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${primary.id})`)
  recordEvent(engine, service, `has stopped ${tasks.length} running tasks: ${taskList(tasks)}.`)
  const groups = Map.groupBy(tasks.flatMap(targetsOf), ({ arn }) => arn)
  if (groups.size > 0) recordEvent(engine, service, `has begun draining connections on ${tasks.length} tasks.`)
  for (const [arn, targets] of groups)
    recordEvent(engine, service, `deregistered ${targets.length} targets in (target-group ${arn})`)
}

/** Tasks that a check gave up are stopped; what a load balancer thinks of one is told as AWS tells it. */
const stopUnhealthy = (engine: Engine, service: Service): void => {
  const stop = (task: Task, reason: string) => requestStop(engine, task, 'ServiceSchedulerInitiated', reason)
  for (const task of tasksOf(service).filter((each) => !each.stopping.signal.aborted)) {
    const target = targetsOf(task).find(({ container }) => container.targetHealth === 'UNHEALTHY')
    if (taskHealth(task) === 'UNHEALTHY') {
      recordEvent(engine, service, `${taskList([task])} failed container health checks.`)
      stop(task, failedHealthChecks)
    } else if (target) {
      const at = `${taskList([task])} (port ${target.port}) is unhealthy in (target-group ${target.arn})`
      recordEvent(engine, service, `${at} due to (reason Health checks failed).`)
      stop(task, failedTargetChecks(target.arn))
    }
  }
}

const settle = (engine: Engine, service: Service, primary: Deployment): void => {
  const tasks = tasksOf(service)
  const current = service.serviceDeployment
  const asWanted =
    service.deployments.length === 1 &&
    primary.rolloutState !== 'FAILED' &&
    current?.status !== 'PENDING' &&
    tasks.length === service.desiredCount &&
    tasks.every((task) => isServing(task))
  if (!asWanted) {
    service.steady = { since: undefined, reached: false }
    return
  }
  service.steady.since ??= engine.time.now().getTime()
  const bake = current?.alarms.status === 'MONITORING' ? engine.pace.bake : 0
  const left = engine.pace.settling + bake - (engine.time.now().getTime() - service.steady.since) * engine.time.factor
  if (left > 0) {
    engine.time.after(left, () => engine.wake(service))
    return
  }
  if (current && primary.rolloutState === 'IN_PROGRESS') complete(engine, service, primary, current)
  if (!service.steady.reached) recordEvent(engine, service, 'has reached a steady state.')
  service.steady.reached = true
}

const stuckText =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
  'Update the minimumHealthyPercent or maximumPercent value and try again.'

/** One step of the service scheduler: looks at what there is, starts and stops what the plan says. */
export const reconcile = (engine: Engine, service: Service): void => {
  if (service.status === 'INACTIVE') return
  stopUnhealthy(engine, service)
  checkAlarms(engine, service)
  const [primary] = service.deployments
  if (!primary) return
  const tasks = tasksOf(service)
  const runs = (each: Deployment): boolean => tasks.some((task) => task.startedBy === each.id)
  service.deployments = service.deployments.filter((each) => each === primary || each.lingers || runs(each))
  if (service.status === 'DRAINING' && tasks.length === 0) {
    service.status = 'INACTIVE'
    service.deployments = []
    return
  }
  const now = situation(service, primary, tasks)
  const next = plan(now)
  stopTasks(engine, service, primary, next.stop)
  startTasks(engine, service, primary, next.start)
  if (isStuck(now)) recordOnce(engine, service, stuckText)
  settle(engine, service, primary)
}

/** Starts wait after a task that never ran; a task that runs, or a new deployment, ends the series. */
const delayStarts = (engine: Engine, service: Service, milliseconds: number, then?: () => void): void => {
  service.starts.cancel?.()
  service.starts.cancel = engine.time.after(milliseconds, () => {
    service.starts.cancel = undefined
    then?.()
    engine.wake(service)
  })
}

/** An attempt without capacity takes long, is silent but for its event, and counts as failed in the end. */
const failToPlace = (engine: Engine, service: Service, id: string): void => {
  const { event } = service.cluster.placementFailure ?? {}
  if (event !== undefined) recordOnce(engine, service, event)
  delayStarts(engine, service, engine.pace.placement, () => countFailure(engine, service, id))
}

const impairedText =
  'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the ' +
  'Amazon ECS Developer Guide.'

/** One more failure of the deployment with that id, which may trip its circuit breaker. */
const countFailure = (engine: Engine, service: Service, id: string | undefined): void => {
  const [primary] = service.deployments
  const deployment = service.deployments.find((each) => each.id === id)
  const current = service.serviceDeployment
  if (!deployment || !current || service.status !== 'ACTIVE') return
  const { deploymentCircuitBreaker: counter } = current
  const breaker = service.configuration.deploymentCircuitBreaker
  deployment.failedTasks += 1
  if (current.deployment === deployment) counter.failureCount = deployment.failedTasks
  counter.threshold = threshold(service.desiredCount, breaker)
  const rolling = deployment === primary && deployment.rolloutState === 'IN_PROGRESS' && isInFlight(current)
  if (rolling && breaker?.enable && deployment.failedTasks >= counter.threshold) trip(engine, service, deployment, current)
  else if (service.starts.failures === impairedAfter) recordEvent(engine, service, impairedText)
}

const countFailedTask = (engine: Engine, service: Service, task: Task): void => {
  const known = service.deployments.some(({ id }) => id === task.startedBy)
  if (known && task.startedAt === undefined && service.status === 'ACTIVE') {
    service.starts.failures += 1
    delayStarts(engine, service, backOff(service.starts.failures, engine.pace.backOff))
  }
  countFailure(engine, service, task.startedBy)
}

const countSuccess = (service: Service, task: Task): void => {
  const deployment = service.deployments.find((each) => each.id === task.startedBy)
  if (task.lastStatus === 'RUNNING' && deployment?.status === 'PRIMARY') service.starts.failures = 0
  if (!isServing(task)) return
  task.wasHealthy = true
  const current = service.serviceDeployment
  if (!deployment || service.configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false) return
  deployment.failedTasks = 0
  const counter = current?.deployment === deployment ? current.deploymentCircuitBreaker : undefined
  if (counter?.status === 'MONITORING') counter.failureCount = 0
}

const taskChanged = (engine: Engine, service: Service, task: Task): void => {
  if (task.lastStatus !== 'STOPPED') countSuccess(service, task)
  else if (hasFailed(task, hasHealthCheck(task))) countFailedTask(engine, service, task)
  engine.wake(service)
}
