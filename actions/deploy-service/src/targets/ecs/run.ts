import { type Container, type KeyValuePair, RunTaskCommand, type Service, StopTaskCommand, type Task } from '@aws-sdk/client-ecs'
import { call } from '../../../../../lib/aws/errors.ts'
import { patience } from '../../patience.ts'
import type { Cause, TargetTools } from '../../target.ts'
import { failureOf } from './causes.ts'
import type { LogReader } from './logs.ts'
import { describeTasks, type Place } from './observe.ts'
import type { TaskDefinition } from './revision.ts'

export type OneOff = {
  command: readonly string[]
  container: string
  revision: string
  definition: TaskDefinition
  /** Equal for every attempt of one run to start this task, so that AWS starts it once. At most 64 characters. */
  token: string
  environment?: KeyValuePair[]
}

/** Runs a command in the service's own network and capacity, and waits for its end. Undefined: it exited with 0. */
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
    startedBy: 'slipway-pre-deploy',
    ...capacityOf(service),
    ...(service.networkConfiguration && { networkConfiguration: service.networkConfiguration }),
    overrides: { containerOverrides: [{ name: container, command: [...command] }] },
  })
  const { tasks = [], failures = [] } = await call('ecs:RunTask', () => place.ecs.send(run))
  const arn = tasks[0]?.taskArn
  if (arn === undefined) return { reason: `ECS did not start the task: ${failures[0]?.reason ?? 'no reason given'}`, count: 1 }
  log.info(`  task ${arn.split('/').at(-1)} was started`)
  const task = await untilStopped(place, arn, { clock, log, pollInterval }, signal)
  const ended = task.containers?.find(({ name }) => name === container)
  const lines = ended?.exitCode === undefined ? [] : await logs.tail(definition, container, arn)
  for (const line of lines) log.info(`  | ${line}`)
  return ended?.exitCode === 0 ? undefined : causeOf(task, ended, container, lines)
}

/** A service has either a launch type or a strategy; RunTask refuses both together. */
const capacityOf = ({ launchType, capacityProviderStrategy, platformVersion }: Service) => ({
  ...(capacityProviderStrategy?.length ? { capacityProviderStrategy } : launchType && { launchType }),
  ...(platformVersion && { platformVersion }),
})

/** When the signal comes the task is stopped; it may not go on changing things that nobody waits for. */
const untilStopped = async (
  place: Place,
  arn: string,
  { clock, log, pollInterval }: TargetTools,
  signal: AbortSignal,
): Promise<Task> => {
  const reading = patience({ clock, log })
  let stopped = false
  for (;;) {
    try {
      if (signal.aborted && !stopped) await stopTask(place, arn, 'the run that started it was cancelled')
      stopped = signal.aborted
      const [task] = await describeTasks(place, [arn])
      if (task?.lastStatus === 'STOPPED') return task
      reading.relieve()
    } catch (error) {
      try {
        reading.bear(error)
      } catch {
        await stopTask(place, arn, 'the run that started it cannot follow it').catch(() => undefined)
        throw error
      }
    }
    await clock.sleep(pollInterval, signal.aborted ? undefined : signal)
  }
}

const stopTask = ({ ecs, cluster }: Place, task: string, reason: string) =>
  call('ecs:StopTask', () => ecs.send(new StopTaskCommand({ cluster, task, reason })))

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
