import { type Container, type KeyValuePair, RunTaskCommand, type Service, type Task } from '@aws-sdk/client-ecs'
import { call } from '../../../../../lib/aws/errors.ts'
import { patience } from '../../patience.ts'
import { type Cause, type TargetTools, whyStopped } from '../../target.ts'
import { failureOf } from './causes.ts'
import { endEarlier, STOPPING_TIME, starterOf, stillRuns, stopTask } from './earlier.ts'
import type { LogReader } from './logs.ts'
import { describeTasks, type Place } from './observe.ts'
import type { TaskDefinition } from './revision.ts'

/** What a command may take, as on hosts. */
const TIME = 1_800_000
const LATE = `it had not ended after ${TIME / 60_000} minutes`

export type OneOff = {
  command: readonly string[]
  container: string
  revision: string
  definition: TaskDefinition
  /** Equal for every attempt of one run to start this task, so that AWS starts it once. At most 64 characters. */
  token: string
  environment?: KeyValuePair[]
}

/**
 * Runs a command in the service's own network and capacity, and waits for its end. Undefined: it exited with 0. One that a killed
 * run left behind is ended before; two never run side by side.
 */
export const runTask = async (
  place: Place,
  { clock, log, pollInterval }: TargetTools,
  logs: LogReader,
  service: Service,
  { command, container, revision, definition, token }: OneOff,
  signal: AbortSignal,
): Promise<Cause | undefined> => {
  const run = new RunTaskCommand({
    cluster: place.cluster,
    taskDefinition: revision,
    clientToken: token,
    count: 1,
    startedBy: starterOf(place),
    ...capacityOf(service),
    ...(service.networkConfiguration && { networkConfiguration: service.networkConfiguration }),
    overrides: { containerOverrides: [{ name: container, command: [...command] }] },
  })
  const inTheWay = await endEarlier(place, { clock, log, pollInterval }, signal)
  if (inTheWay !== undefined) return { reason: inTheWay, count: 1 }
  const { tasks = [], failures = [] } = await call('ecs:RunTask', () => place.ecs.send(run))
  const arn = tasks[0]?.taskArn
  if (arn === undefined) return { reason: `ECS did not start the task: ${failures[0]?.reason ?? 'no reason given'}`, count: 1 }
  log.info(`  task ${arn.split('/').at(-1)} was started`)
  const { task, late } = await untilStopped(place, arn, { clock, log, pollInterval }, signal)
  if (task === undefined) {
    const why = late ? LATE : whyStopped(signal)
    return { reason: `${why}: ${stillRuns(`task ${arn.split('/').at(-1)}`)}`, count: 1, container }
  }
  const ended = task.containers?.find(({ name }) => name === container)
  const lines = ended?.exitCode === undefined ? [] : await logs.tail(definition, container, arn)
  for (const line of lines) log.info(`  | ${line}`)
  if (late) return { reason: `${LATE}, and was stopped`, count: 1, container, log: lines }
  return ended?.exitCode === 0 ? undefined : causeOf(task, ended, container, lines)
}

/** A service has either a launch type or a strategy; RunTask refuses both together. */
const capacityOf = ({ launchType, capacityProviderStrategy, platformVersion }: Service) => ({
  ...(capacityProviderStrategy?.length ? { capacityProviderStrategy } : launchType && { launchType }),
  ...(platformVersion && { platformVersion }),
})

/**
 * When the signal comes, or its time is over, the task is stopped; it may not go on changing things that nobody waits for.
 * Without a task where it does not stop: on a host that ECS no longer hears of it is shown as running for as long as that lasts.
 */
const untilStopped = async (
  place: Place,
  arn: string,
  { clock, log, pollInterval }: TargetTools,
  signal: AbortSignal,
): Promise<{ task?: Task; late: boolean }> => {
  const reading = patience({ clock, log })
  const deadline = clock.monotonic() + TIME
  let stopped: { why: 'cancelled' | 'late'; at: number } | undefined
  for (;;) {
    try {
      const stop = signal.aborted ? 'cancelled' : clock.monotonic() > deadline ? 'late' : undefined
      if (stop !== undefined && stopped === undefined) {
        await stopTask(place, arn, stop === 'late' ? 'its time is over' : 'the run that started it was cancelled')
        stopped = { why: stop, at: clock.monotonic() }
      }
      const [task] = await describeTasks(place, [arn])
      if (task?.lastStatus === 'STOPPED') return { task, late: stopped?.why === 'late' }
      reading.relieve()
    } catch (error) {
      try {
        reading.bear(error)
      } catch {
        await stopTask(place, arn, 'the run that started it cannot follow it').catch(() => undefined)
        throw error
      }
    }
    if (stopped && clock.monotonic() > stopped.at + STOPPING_TIME) return { late: stopped.why === 'late' }
    await clock.sleep(pollInterval, signal.aborted ? undefined : signal)
  }
}

const causeOf = (task: Task, ended: Container | undefined, container: string, log: string[]): Cause => {
  const failure = failureOf(task)
  const fallback = ended?.exitCode === undefined ? (task.stoppedReason ?? 'it never started') : `exited with ${ended.exitCode}`
  return {
    reason: failure?.reason ?? `container '${container}': ${fallback}`,
    ...(failure?.remedy !== undefined && { remedy: failure.remedy }),
    count: 1,
    container,
    log,
  }
}
