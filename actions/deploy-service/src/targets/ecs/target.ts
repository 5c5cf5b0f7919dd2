import { createHash } from 'node:crypto'
import type { Session } from '../../../../../lib/aws/session.ts'
import { NotStarted } from '../../not-started.ts'
import { type Deployment, type DeploymentTarget, type Running, ranBefore, type TargetTools, type Wanted } from '../../target.ts'
import { failureWatch } from './failures.ts'
import { logReader } from './logs.ts'
import { describeService, type Place } from './observe.ts'
import { proveDigests } from './prove.ts'
import { describeTaskDefinition } from './raw.ts'
import { type Reading, readService } from './read.ts'
import { expectedDigests } from './revision.ts'
import { runTask } from './run.ts'
import { ensureRevision, primaryOf, updateService } from './start.ts'
import { isThird } from './verdict.ts'
import { watchDeployment } from './watch.ts'

export type EcsOptions = {
  cluster: string
  service: string
  /** CloudWatch alarms that the service is given with the deployment. */
  alarms?: readonly string[]
  /** Identity of this attempt of this run, for AWS's idempotency tokens. */
  run: string
}

/** An ECS service with the rolling deployment controller, on Fargate or EC2 capacity. */
export const ecsTarget = async (session: Session, tools: TargetTools, options: EcsOptions): Promise<DeploymentTarget> => {
  const { ECSClient } = await import('@aws-sdk/client-ecs')
  const place: Place = {
    ecs: session.client(ECSClient),
    once: session.clientWithoutRetry(ECSClient),
    cluster: options.cluster,
    service: options.service,
  }
  const logs = logReader(
    async () => session.client((await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient),
    tools.clock,
  )
  let reading: Reading | undefined
  let revision: Promise<string> | undefined

  const read = async (wanted: readonly Wanted[]): Promise<Reading> => {
    reading ??= await readService(place, wanted)
    return reading
  }
  const wantedRevision = async (wanted: readonly Wanted[]): Promise<string> => {
    const { current, newest, images } = await read(wanted)
    revision ??= ensureRevision(place, tools, current, newest, images)
    return revision
  }

  return {
    read: async (wanted) => {
      reading = undefined
      revision = undefined
      return (await read(wanted)).running
    },

    runOnce: async (command, wanted, _running, signal) => {
      const { service, current, images } = await read(wanted)
      const container = Object.keys(images)[0] ?? ''
      const token = createHash('sha256').update(`${options.run} ${place.service} ${images[container]}`).digest('hex')
      const oneOff = { command, container, revision: await wantedRevision(wanted), definition: current, token }
      return runTask(place, tools, logs, service, oneOff, signal)
    },

    start: async (wanted, running, count, limits) => {
      const { service } = await read(wanted)
      const wantedNow = await wantedRevision(wanted).catch((error: Error) => {
        throw new NotStarted(error.message, { cause: error })
      })
      const update = {
        revision: wantedNow,
        count,
        force: wantedNow === service.taskDefinition,
        ...(options.alarms && { alarms: options.alarms }),
      }
      const after = await updateService(place, tools, service, update, limits)
      return deploymentOf(primaryOf(after), wantedNow, running, tools)
    },

    attach: async (running) => deploymentOf(running.inProgress?.id ?? '', reading?.service.taskDefinition ?? '', running, tools),

    watch: async (deployment, watchOptions) => {
      const definition = reading?.current ?? (await describeTaskDefinition(place.ecs, deployment.revision))
      return watchDeployment(place, tools, logs, definition, deployment, watchOptions)
    },

    causes: async (deployment) => {
      const definition = reading?.current ?? (await describeTaskDefinition(place.ecs, deployment.revision))
      const startedAt = tools.clock.monotonic() - (tools.clock.now() - deployment.startedAt)
      const failures = failureWatch(place, tools, logs, definition, deployment.id, startedAt)
      await failures.read()
      return (await failures.finish({ state: 'completed' })).causes
    },

    restore: async (running, ours, deadline) => {
      const begun = tools.clock.monotonic()
      const before = await describeService(place)
      const primary = primaryOf(before)
      if (isThird(primary, ours, running.deployments)) return `${primary}, which this run did not start, is left alone`
      const force = before.taskDefinition === running.revision
      const count = ranBefore(running) ? undefined : 0
      const after = await updateService(place, tools, before, { revision: running.revision, count, force })
      if (count === 0) return undefined
      const listed = { ...running, deployments: (before.deployments ?? []).map(({ id = '' }) => id) }
      const deployment = deploymentOf(primaryOf(after), running.revision, listed, tools)
      const definition = await describeTaskDefinition(place.ecs, running.revision)
      // Nothing stops a way back: ECS would return to what completed last, which is what this goes back from.
      const never = new AbortController().signal
      const watching = { signal: never, deadline, failFast: undefined, leaveAtDeadline: true as const }
      const { end } = await watchDeployment(place, tools, logs, definition, deployment, watching)
      if (end.state === 'completed') return undefined
      if (end.state !== 'timed-out') return `the way back ended as ${end.state}${'reason' in end ? `: ${end.reason}` : ''}`
      const took = Math.round((tools.clock.monotonic() - begun) / 1000)
      return `the way back had not ended after ${took} s; it goes on`
    },

    prove: (expected, aliases, _, limits) => proveDigests(place, tools, expected, aliases, limits),

    expected: (wanted) => (reading === undefined ? {} : expectedDigests(reading.current, wanted)),
  }
}

const deploymentOf = (id: string, revision: string, previous: Running, { clock }: TargetTools): Deployment => ({
  id,
  revision,
  previous,
  startedAt: clock.now(),
})
