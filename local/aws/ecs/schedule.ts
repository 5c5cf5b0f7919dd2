import { backOff, failedHealthChecks, hasFailed, impairedAfter, threshold } from './breaker.ts'
import { complete, isInFlight, trip } from './deployments.ts'
import type { Engine } from './engine.ts'
import { recordEvent, taskList } from './events.ts'
import { hasHealthCheck, isServing, taskHealth } from './health.ts'
import { launch, requestStop } from './launch.ts'
import type { Deployment, Service, Task } from './model.ts'
import { isStuck, type PlannedTask, plan, type Situation } from './plan.ts'
import { newTask } from './tasks.ts'

/** Tasks that have not ended, oldest first. */
const tasksOf = (service: Service): Task[] =>
  [...service.region.tasks.values()].filter((task) => task.service === service && task.lastStatus !== 'STOPPED')

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
}

const stopUnhealthy = (engine: Engine, service: Service): void => {
  for (const task of tasksOf(service)) {
    if (task.stopping.signal.aborted || taskHealth(task.containers) !== 'UNHEALTHY') continue
    recordEvent(engine, service, `${taskList([task])} failed container health checks.`)
    requestStop(engine, task, 'ServiceSchedulerInitiated', failedHealthChecks)
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
  const left = engine.pace.settling - (engine.time.now().getTime() - service.steady.since) * engine.time.factor
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

const recordOnce = (engine: Engine, service: Service, { createdAt }: Deployment, text: string): void => {
  if (service.events.some((event) => event.createdAt >= createdAt && event.message.endsWith(text))) return
  recordEvent(engine, service, text)
}

/** One step of the service scheduler: looks at what there is, starts and stops what the plan says. */
export const reconcile = (engine: Engine, service: Service): void => {
  const [primary] = service.deployments
  if (!primary || service.status === 'INACTIVE') return
  stopUnhealthy(engine, service)
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
  if (isStuck(now)) recordOnce(engine, service, primary, stuckText)
  settle(engine, service, primary)
}

/** Starts wait after a task that never ran; a task that runs, or a new deployment, ends the series. */
const delayStarts = (engine: Engine, service: Service): void => {
  service.starts.cancel?.()
  service.starts.failures += 1
  const { failures } = service.starts
  service.starts.cancel = engine.time.after(backOff(failures, engine.pace.backOff), () => {
    service.starts.cancel = undefined
    engine.wake(service)
  })
}

const impairedText =
  'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the ' +
  'Amazon ECS Developer Guide.'

const countFailure = (engine: Engine, service: Service, task: Task): void => {
  const [primary] = service.deployments
  const deployment = service.deployments.find((each) => each.id === task.startedBy)
  const current = service.serviceDeployment
  if (!deployment || !current || service.status !== 'ACTIVE') return
  deployment.failedTasks += 1
  if (current.deployment === deployment) current.breaker.failureCount = deployment.failedTasks
  if (task.startedAt === undefined) delayStarts(engine, service)
  const breaker = service.configuration.deploymentCircuitBreaker
  current.breaker.threshold = threshold(service.desiredCount, breaker)
  const rolling = deployment === primary && deployment.rolloutState === 'IN_PROGRESS' && isInFlight(current)
  if (rolling && breaker?.enable && deployment.failedTasks >= current.breaker.threshold)
    trip(engine, service, deployment, current)
  else if (service.starts.failures === impairedAfter) recordEvent(engine, service, impairedText)
}

const countSuccess = (service: Service, task: Task): void => {
  const deployment = service.deployments.find((each) => each.id === task.startedBy)
  if (task.lastStatus === 'RUNNING' && deployment?.status === 'PRIMARY') service.starts.failures = 0
  if (!isServing(task)) return
  task.wasHealthy = true
  const current = service.serviceDeployment
  if (!deployment || service.configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false) return
  deployment.failedTasks = 0
  if (current?.deployment === deployment && current.breaker.status === 'MONITORING') current.breaker.failureCount = 0
}

const taskChanged = (engine: Engine, service: Service, task: Task): void => {
  if (task.lastStatus !== 'STOPPED') countSuccess(service, task)
  else if (hasFailed(task, hasHealthCheck(task))) countFailure(engine, service, task)
  engine.wake(service)
}
