/** A check as a task definition states it. Times are nominal milliseconds. */
export type HealthCheck = {
  /** `['CMD', …]` is executed as it is, `['CMD-SHELL', text]` by the container's shell. */
  command: string[]
  interval: number
  timeout: number
  retries: number
  startPeriod: number
}

/** A load balancer's check of a port. Without a path the port is healthy once it is there. */
export type TargetCheck = Omit<HealthCheck, 'command'> & { port: number; path: string | undefined }

export type ContainerSpec = {
  name: string
  image: { reference: string; digest: string; credentials?: { username: string; password: string } }
  entryPoint?: string[] | undefined
  command?: string[] | undefined
  environment: Record<string, string>
  user?: string | undefined
  workingDirectory?: string | undefined
  /** TCP ports of the container that are to be reachable on loopback. */
  ports: number[]
  /** Hard limit in MiB; a container that exceeds it is killed. */
  memory?: number | undefined
  healthCheck?: HealthCheck | undefined
  targetCheck?: TargetCheck | undefined
  /** Nominal milliseconds between SIGTERM and SIGKILL. */
  stopTimeout: number
  labels: Record<string, string>
}

export type Exit = { code: number; oomKilled: boolean }

export type ContainerEvents = {
  /** One line of standard output or standard error, without its line end. */
  log(line: string, timestamp: number): void
  /** Called on every change; before the first call the health is unknown. */
  health(status: 'HEALTHY' | 'UNHEALTHY'): void
  /** The same for the load balancer's check. */
  target?(status: 'HEALTHY' | 'UNHEALTHY'): void
}

export type Container = {
  id: string
  /** Address of the container in its own network. */
  address: string
  /** Container port to the port on 127.0.0.1 that leads to it. */
  ports: ReadonlyMap<number, number>
  /** Settles when the container has ended and its last line was handed out. Never rejects. */
  exited: Promise<Exit>
  /** SIGTERM, then SIGKILL after the stop timeout. Resolves when the container has ended. */
  stop(): Promise<void>
}

/** Where a container reaches a server of this process: it listens on one address, containers ask for the other. */
export type Gateway = { listen: string; reach: string }

export type ContainerRuntime = {
  /** Resolves once the container runs. Rejects with a `PullError`, or any other error when it cannot be started. */
  start(spec: ContainerSpec, events: ContainerEvents, signal?: AbortSignal): Promise<Container>
  gateway(): Promise<Gateway>
  /** Kills and removes every container that this runtime has started, and the images that it has pulled. */
  removeAll(): Promise<void>
}

/** The image could not be had; the message is the engine's own text. */
export class PullError extends Error {}
