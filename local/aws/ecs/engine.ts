import { randomUUID } from 'node:crypto'
import type { ContainerRuntime } from '../../containers/runtime.ts'
import type { Time } from '../../time.ts'
import type { Place } from './find.ts'
import type { Region, Service, Task } from './model.ts'
import type { Pace } from './pace.ts'
import type { Images, LogStreams, Secrets } from './ports.ts'

/** What every part of the engine works with. */
export type Engine = {
  time: Time
  pace: Pace
  runtime: ContainerRuntime
  images: Images
  logs: LogStreams
  secrets: Secrets | undefined
  /** Path of a target group's health check, by ARN. */
  healthPaths: Record<string, string>
  /** Address of a container's metadata endpoint, as the container reaches it. */
  metadataUri(task: Task, containerName: string): Promise<string>
  /** Tasks on their way to STOPPED. */
  lives: Set<Promise<void>>
  /** Has the scheduler look at the service soon: something that it decides by has changed. */
  wake(service: Service): void
  region(place: Place): Region
}

/** Seconds since 1970, as AWS's JSON has them. */
export const seconds = (engine: Engine): number => engine.time.now().getTime() / 1000

/** Adds a service event in AWS's form; a service keeps its newest hundred. */
export const recordEvent = (engine: Engine, service: Service, text: string): void => {
  service.events.unshift({ id: randomUUID(), createdAt: seconds(engine), message: `(service ${service.name}) ${text}` })
  service.events.length = Math.min(service.events.length, 100)
}

/** As `recordEvent`, but only once since the PRIMARY deployment began. */
export const recordOnce = (engine: Engine, service: Service, text: string): void => {
  const since = service.deployments[0]?.createdAt ?? 0
  if (!service.events.some((event) => event.createdAt >= since && event.message.endsWith(text)))
    recordEvent(engine, service, text)
}

export const taskList = (tasks: readonly Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ')
