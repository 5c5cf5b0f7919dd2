import type { RunningStep } from '../../local/github/step.ts'
import type { CloudWorld, CloudWorldOptions } from '../cloud-world.ts'

/**
 * What an image does where it is wanted, in words that mean something on every target: it `works`, ends with an error soon
 * after its start (`crashes`), runs and fails its check (`unhealthy`), cannot be pulled (`gone`), or is not up within any
 * time limit (`slow`).
 */
export type Nature = 'works' | 'crashes' | 'unhealthy' | 'gone' | 'slow'

/** What the cloud says of a service once nothing moves any more. Plain, so that two of them can be compared. */
export type ServiceState = {
  /** How many copies there should be: tasks, functions, hosts. */
  copies: number
  /** Digests of all copies that serve. */
  running: string[]
  /** Deployments after the first one that were ever started, by whomever. */
  started: number
  /** Revisions after the first one: of a task definition, published versions, releases on a host. The most of any copy. */
  revisions: number
  /** Pre-deploy commands that still run. */
  orphans: number
  /** What else has to be as after an undisturbed run. */
  rest: Record<string, unknown>
}

export type TargetOptions = Pick<CloudWorldOptions, 'factor' | 'roles'> & {
  /** Services are checked from outside: health, and the content tag with which they answer. */
  checked: boolean
  /** Seconds that a deployment may take. */
  limit: number
}

/** Services on one target, made by somebody else than Slipway; images `v1`, `v2` and `v3`, whose content tags are `src-1` and so on. */
export type TargetWorld = CloudWorld & {
  /** A service of at least two copies that runs `tag`; resolves when it does. With a count of 0, where a target has counts, none runs. */
  createService(name: string, tag: string, count?: 0): Promise<void>
  /** Says what an image does from now on, everywhere or in one service. Images that nothing was said of work. */
  act(tag: string, nature: Nature, service?: string): void
  /** From now on the image answers with that content tag when it is asked for its version. */
  answerAs(tag: string, version: string): void
  /** Inputs of `deploy-service` that name the service and the image by hand. */
  inputs(name: string, tag: string): Record<string, string>
  /** Where a service of a plan is found: what `PlannedService` has beside `plannedService`. */
  planned(name: string): object
  /** Whether a service of this target may have a pre-deploy command. */
  preDeploy: boolean
  /** Somebody else brings an image to a service; resolves when that has begun. */
  deployElsewhere(name: string, tag: string): Promise<void>
  /** Resolves when a deployment of `v2` is under way and can be stopped. */
  underWay(running: RunningStep): Promise<unknown>
  /** Waits until nothing moves any more. */
  observe(name: string): Promise<ServiceState>
  /** Calls that change what serves, and those of which one must follow the last of them before a run may be green. */
  proof: { changes: RegExp; reads: RegExp }
  /** Values that stand in the configuration of services, or were handed out by the cloud beside its own credentials. */
  planted(): string[]
}

export type OpenTarget = (options: TargetOptions) => Promise<TargetWorld>
