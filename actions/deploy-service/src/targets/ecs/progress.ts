import type { Service } from '@aws-sdk/client-ecs'

/** The numbers of one look at a service that tell whether a closer look is due. */
export type Progress = {
  rolloutState: string
  failedTasks: number
  running: number
  pending: number
  primary: string
  newestEvent: string
  /** The newest event that speaks of trouble. */
  newestTrouble: string
  /** Tasks that were started since the first look, by the service's events. */
  started: number
}

/** Words of events that only prompt a closer look; nothing is decided on them. */
const TROUBLE = /unable|unhealthy|failed/
const STARTED = /has started (\d+) tasks/

export const progressOf = (service: Service, id: string, before?: Progress): Progress => {
  const { deployments = [], events = [] } = service
  const ours = deployments.find((deployment) => deployment.id === id)
  const known = events.findIndex((event) => event.id === before?.newestEvent)
  const fresh = before === undefined ? [] : events.slice(0, known === -1 ? undefined : known)
  const started = fresh.reduce((sum, { message = '' }) => sum + Number(STARTED.exec(message)?.[1] ?? 0), before?.started ?? 0)
  return {
    rolloutState: ours?.rolloutState ?? 'missing',
    failedTasks: ours?.failedTasks ?? 0,
    running: ours?.runningCount ?? 0,
    pending: ours?.pendingCount ?? 0,
    primary: deployments.find(({ status }) => status === 'PRIMARY')?.id ?? '',
    newestEvent: events[0]?.id ?? '',
    newestTrouble: events.find(({ message = '' }) => TROUBLE.test(message))?.id ?? '',
    started,
  }
}

/** How long the secondary calls may rest while nothing changes: each costs two requests of an account-wide bucket. */
const REST = 90_000

export type Reads = { deployment: boolean; tasks: boolean }

/**
 * DescribeServices is asked at every look, the rest only when it can have something new to say: a task of ours that
 * failed or vanished, a state that moved. A task that dies after RUNNING without a health check never counts as failed
 * (containers-roadmap#1206); it shows as a running count that falls, or by more tasks that were started than there are more of.
 */
export const closerLook = (before: Progress | undefined, now: Progress, sinceLast: number): Reads => {
  if (before === undefined) return { deployment: true, tasks: false }
  const failed = now.failedTasks > before.failedTasks
  const replaced = now.started - before.started > now.running + now.pending - before.running - before.pending
  const vanished = now.running < before.running || now.newestTrouble !== before.newestTrouble || replaced
  const moved = now.rolloutState !== before.rolloutState || now.primary !== before.primary
  const rested = sinceLast >= REST
  return { deployment: failed || moved || rested, tasks: failed || vanished || moved || rested }
}

export const changed = (before: Progress | undefined, now: Progress): boolean =>
  before === undefined || Object.keys(now).some((key) => before[key as keyof Progress] !== now[key as keyof Progress])

/** What one line on the screen says of a deployment under way. */
export const progressLine = (service: Service, id: string): string => {
  const ours = service.deployments?.find((deployment) => deployment.id === id)
  const others = service.deployments?.filter((deployment) => deployment.id !== id) ?? []
  const old = others.reduce((sum, deployment) => sum + (deployment.runningCount ?? 0), 0)
  const failed = ours?.failedTasks ? `, ${ours.failedTasks} failed` : ''
  return `new: ${ours?.runningCount ?? 0} of ${ours?.desiredCount ?? 0} running, ${ours?.pendingCount ?? 0} pending${failed}; old: ${old} running`
}
