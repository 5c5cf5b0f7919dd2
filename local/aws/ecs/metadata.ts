import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ContainerRuntime, Gateway } from '../../containers/runtime.ts'
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

/** What the path asks for, as the task metadata endpoint version 4 answers it. */
const answer = (path: string, find: (taskId: string) => Task | undefined): unknown => {
  const [, id = '', name, what] = path.match(/^\/v4\/([0-9a-f]+)-([^/]+)(\/task)?\/?$/) ?? []
  const task = find(id)
  const container = task?.containers.find((each) => each.definition.name === name)
  if (!task || !container) return undefined
  if (what) return taskView(task)
  return { ...containerView(task, container), Family: task.definition.family, Revision: String(task.definition.revision) }
}

/**
 * The task metadata endpoint (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html).
 * It listens where the runtime's containers reach this process, from the first container on. A container's own answer also
 * carries `Family` and `Revision`, which AWS has in `/task` only.
 */
export const metadataEndpoint = (runtime: ContainerRuntime, find: (taskId: string) => Task | undefined) => {
  let starting: Promise<{ server: Server; gateway: Gateway }> | undefined
  const start = async () => {
    const gateway = await runtime.gateway()
    const server = createServer((request, response) => {
      const found = answer(request.url ?? '', find)
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
    })
    server.listen(0, gateway.listen)
    await once(server, 'listening')
    return { server, gateway }
  }
  return {
    async uri(task: Task, containerName: string): Promise<string> {
      starting ??= start()
      const { server, gateway } = await starting
      return `http://${gateway.reach}:${(server.address() as AddressInfo).port}/v4/${task.id}-${containerName}`
    },
    async close(): Promise<void> {
      const { server } = (await starting?.catch(() => undefined)) ?? {}
      server?.close()
      server?.closeAllConnections()
    },
  }
}
