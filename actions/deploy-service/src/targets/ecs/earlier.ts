import { StopTaskCommand } from '@aws-sdk/client-ecs'
import { call } from '../../../../../lib/aws/errors.ts'
import { patience } from '../../patience.ts'
import { type TargetTools, whyStopped } from '../../target.ts'
import { describeTasks, listTasksOf, type Place } from './observe.ts'

/** A container gets at most two minutes to stop on Fargate; the rest is for ECS. */
export const STOPPING_TIME = 300_000

/** By which ECS finds the pre-deploy tasks of one service; it takes 128 characters. */
export const starterOf = ({ service }: Place): string => `slipway-pre-deploy/${service}`.slice(0, 128)

export const stopTask = ({ ecs, cluster }: Place, task: string, reason: string) =>
  call('ecs:StopTask', () => ecs.send(new StopTaskCommand({ cluster, task, reason })))

/** What is said of a task that was not seen to end in that time. */
export const stillRuns = (what: string): string =>
  `${what} was asked to stop and still runs after ${STOPPING_TIME / 60_000} minutes; see that it ends, then run this again`

/** Ends the pre-deploy tasks that a killed run of this service left behind. Resolves to why the next may not be started, if it may not. */
export const endEarlier = async (
  place: Place,
  { clock, log, pollInterval }: TargetTools,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const arns = await listTasksOf(place, { startedBy: starterOf(place) })
  if (arns.length === 0) return undefined
  const names = arns.map((arn) => arn.split('/').at(-1)).join(', ')
  log.warning(`the pre-deploy command of an earlier run still runs as task ${names}; it is stopped first`)
  for (const arn of arns) await stopTask(place, arn, 'a later run of the same command takes its place')
  const deadline = clock.monotonic() + STOPPING_TIME
  const reading = patience({ clock, log })
  for (;;) {
    try {
      const tasks = await describeTasks(place, arns)
      if (tasks.every(({ lastStatus }) => lastStatus === 'STOPPED')) return undefined
      reading.relieve()
    } catch (error) {
      reading.bear(error)
    }
    if (signal.aborted) return `${whyStopped(signal)} while that of an earlier run was stopping`
    if (clock.monotonic() > deadline) return stillRuns(`that of an earlier run, task ${names},`)
    await clock.sleep(pollInterval, signal)
  }
}
