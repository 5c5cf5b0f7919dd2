import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { ContainerRuntime } from '../../containers/runtime.ts'
import { type App, type Listener, listen } from '../../listen.ts'
import type { Task, TaskContainer } from './model.ts'
import { labels } from './start-containers.ts'

const iso = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString()

const containerView = (task: Task, container: TaskContainer) => ({
  DockerId: container.runtimeId,
  Name: container.definition.name,
  DockerName: `${container.definition.name}-${task.id}`,
  Image: container.definition.image,
  ImageID: container.digest,
  Labels: labels(task, container.definition),
  DesiredStatus: task.stopping.signal.aborted ? 'STOPPED' : 'RUNNING',
  KnownStatus: container.lastStatus,
  ExitCode: container.exitCode,
  Limits: { CPU: container.definition.cpu ?? 0, Memory: container.definition.memory },
  CreatedAt: iso(task.createdAt),
  StartedAt: iso(container.startedAt),
  Type: 'NORMAL',
  ContainerARN: container.arn,
  LogDriver: container.definition.logConfiguration?.logDriver,
  LogOptions: container.definition.logConfiguration?.options,
  Networks: [
    { NetworkMode: task.definition.networkMode ?? 'bridge', IPv4Addresses: container.address ? [container.address] : [] },
  ],
})

const taskView = (task: Task) => ({
  Cluster: task.cluster.arn,
  TaskARN: task.taskArn,
  Family: task.definition.family,
  Revision: String(task.definition.revision),
  ServiceName: task.service?.name,
  DesiredStatus: task.stopping.signal.aborted ? 'STOPPED' : 'RUNNING',
  KnownStatus: task.lastStatus,
  Limits: { CPU: Number(task.definition.cpu ?? 0) / 1_024, Memory: Number(task.definition.memory ?? 0) },
  PullStartedAt: iso(task.pullStartedAt),
  PullStoppedAt: iso(task.pullStoppedAt),
  AvailabilityZone: `${task.region.place.region}a`,
  LaunchType: task.settings.launchType ?? 'FARGATE',
  Containers: task.containers.map((container) => containerView(task, container)),
})

/**
 * The task metadata endpoint (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html).
 * It listens where the runtime's containers reach this process, from the first container on. A container's own answer also
 * carries `Family` and `Revision`, which AWS has in `/task` only.
 */
export const metadataEndpoint = (runtime: ContainerRuntime, find: (taskId: string) => Task | undefined) => {
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.get('/v4/:container/:task?', ({ req, json }) => {
    const [id = '', name] = req.param('container').split(/-(.*)/s)
    const task = find(id)
    const container = task?.containers.find((each) => each.definition.name === name)
    if (!task || !container) return json({}, 404)
    if (req.param('task') === 'task') return json(taskView(task))
    const { family, revision } = task.definition
    return json({ ...containerView(task, container), Family: family, Revision: String(revision) })
  })
  let starting: Promise<{ listener: Listener; reach: string }> | undefined
  const start = async () => {
    const { listen: host, reach } = await runtime.gateway()
    return { listener: await listen(app, 0, host), reach }
  }
  return {
    async uri(task: Task, containerName: string): Promise<string> {
      starting ??= start()
      const { listener, reach } = await starting
      return `http://${reach}:${listener.port}/v4/${task.id}-${containerName}`
    },
    async close(): Promise<void> {
      const { listener } = (await starting?.catch(() => undefined)) ?? {}
      await listener?.close()
    },
  }
}
