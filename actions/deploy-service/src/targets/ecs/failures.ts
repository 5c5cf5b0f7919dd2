import type { Service } from '@aws-sdk/client-ecs'
import { quotaHint } from '../../../../../lib/aws/quotas.ts'
import type { End, TargetTools, Watched } from '../../target.ts'
import { type Failure, failureOf, groupCauses } from './causes.ts'
import type { LogReader } from './logs.ts'
import { describeTasks, listTasks, type Place } from './observe.ts'
import type { TaskDefinition } from './revision.ts'

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

/**
 * Collects what goes wrong in one deployment: each stopped task of ours is read once, its reason is on the screen at
 * once, its last log lines as soon as CloudWatch has them.
 */
export const failureWatch = (
  place: Place,
  { clock, log }: TargetTools,
  logs: LogReader,
  definition: TaskDefinition,
  deploymentId: string,
  startedAt: number,
) => {
  const known = new Set<string>()
  const seen: Failure[] = []
  const shownKeys = new Set<string>()
  const tails = new Map<string, string[]>()
  const pending: Promise<void>[] = []
  const shownEvents = new Set<string>()
  let firstFailure: number | undefined
  /** When ECS made the deployment, by its own clock. */
  let begun: Date | undefined

  const show = (failure: Failure): void => {
    firstFailure ??= clock.monotonic() - startedAt
    if (shownKeys.has(failure.key)) return
    shownKeys.add(failure.key)
    log.error(
      `task failed after ${seconds(clock.monotonic() - startedAt)}: ${failure.reason}${failure.remedy ? `. ${failure.remedy}` : ''}`,
    )
    const { container, task, hasRun } = failure
    if (container !== undefined && hasRun) pending.push(showTail(container, task))
  }

  const showTail = async (container: string, task: string): Promise<void> => {
    const lines = await logs.tail(definition, container, task)
    tails.set(task, lines)
    log.info(`  last lines of '${container}' in task ${task.split('/').at(-1)}:`)
    for (const line of lines) log.info(`  | ${line}`)
  }

  return {
    seen: seen as readonly Failure[],
    first: (): string => seen[0]?.reason ?? 'tasks failed',
    /** Reads the stopped tasks that were not read before. */
    read: async (): Promise<void> => {
      const fresh = (await listTasks(place, 'STOPPED')).filter((arn) => !known.has(arn))
      for (const task of await describeTasks(place, fresh)) {
        // A task that is being stopped is listed before it says why it ended; it is read again.
        if (task.lastStatus !== 'STOPPED') continue
        known.add(task.taskArn ?? '')
        const failure = task.startedBy === deploymentId ? failureOf(task) : undefined
        if (failure) seen.push(failure)
        if (failure) show(failure)
      }
    },
    /** Service events are text for people; nothing is decided on them. Those of before the deployment are not shown. */
    showEvents: (service: Service): void => {
      const since = service.deployments?.find(({ id }) => id === deploymentId)?.createdAt ?? begun
      begun = since
      for (const event of (service.events ?? []).toReversed()) {
        const isFresh = since !== undefined && event.createdAt !== undefined && event.createdAt >= since
        const hint = quotaHint('ecs:RunTask', 'event', event.message ?? '')
        if (isFresh && !shownEvents.has(event.id ?? ''))
          log.info(`  ECS: ${event.message}${hint === undefined ? '' : `; ${hint}`}`)
        shownEvents.add(event.id ?? '')
      }
    },
    finish: async (end: End): Promise<Watched> => {
      await Promise.all(pending)
      return { end, causes: groupCauses(seen, tails), ...(firstFailure !== undefined && { firstFailure }) }
    },
  }
}
