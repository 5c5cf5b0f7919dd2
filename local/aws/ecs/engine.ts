import type { ContainerRuntime } from '../../containers/runtime.ts'
import type { Time } from '../../time.ts'
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
  /** Address of a container's metadata endpoint, as the container reaches it. */
  metadataUri(task: Task, containerName: string): Promise<string>
  /** Tasks on their way to STOPPED. */
  lives: Set<Promise<void>>
  /** Has the scheduler look at the service soon: something that it decides by has changed. */
  wake(service: Service): void
  region(place: { account: string; region: string }): Region
}

/** Seconds since 1970, as AWS's JSON has them. */
export const seconds = (engine: Engine): number => engine.time.now().getTime() / 1000
