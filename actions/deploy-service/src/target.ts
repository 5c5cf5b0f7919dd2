import type { Log } from '../../../lib/runner/log.ts'

/** A container, and the image it is to run. Without a name it is the only container that can be meant. */
export type Wanted = { container?: string; image: string; digest: string }

/** What one of several hosts was seen running; without a digest it ran nothing. `skipped`: it could not be asked, and was left out. */
export type HostBefore = {
  id: string
  release?: string
  image?: string
  digest?: string
  skipped?: true
  /** Release that it runs now, of a deployment that did not end: the rest is what it ran before that. */
  unfinished?: string
}

/** What became of one host, for people. Times in milliseconds, `drain` in seconds as the host says it. */
export type HostRow = {
  id: string
  before?: string
  after?: string
  verdict: string
  took?: number
  phases?: Record<string, number>
  drain?: number
}

/** What one of several functions had before. */
export type FunctionBefore = {
  /** What its alias pointed to; absent where there was none. */
  version?: string
  /** Versions that had a share of the traffic beside it; they lose it, whatever becomes of the deployment. */
  shared?: readonly string[]
  /** The image of its unpublished code, where that was fit to run. */
  latest?: string
}

/** One reading of what a service runs. */
export type Running = {
  /** The deployable unit that serves now: task definition ARN, function version, image on a host. */
  revision: string
  /** Container to image, as written in the revision. */
  images: Record<string, string>
  /** Container to digest, where it is known from the revision or from what runs. */
  digests: Record<string, string>
  /** Ids of the deployments that the platform lists, the one that serves among them. */
  deployments: readonly string[]
  /** How many copies are asked for. */
  count: number
  /** Copies are asked for, but nothing has run yet: the first deployment was begun by a run that is gone. The way back is 0 copies. */
  firstStart?: true
  /** A deployment under way, by whomever. `wanted`: of exactly the images asked for. */
  /** `foreign`: not begun by this action, so it is replaced only where `in-progress: supersede` was given. */
  inProgress?: { id: string; wanted: boolean; foreign?: true }
  /** What an image must be built for, where the service says so. */
  platform?: { os: string; architecture: string }
  /** Where hosts are of several kinds: what else an image must be built for. */
  furtherPlatforms?: readonly { os: string; architecture: string }[]
  /** Where each host has an image of its own: they may differ, and each goes back to its own. */
  hosts?: readonly HostBefore[]
  /** Where the service is made of functions: name to what each goes back to. */
  functions?: Record<string, FunctionBefore>
  /** The wanted images are what the service is asked to run, and it has settled. */
  settled: boolean
}

/** Whether there is anything to go back to; otherwise the service goes back to 0 copies. */
export const ranBefore = ({ count, firstStart }: Running): boolean => count > 0 && firstStart !== true

/** A deployment that this run started or attached to. Plain data: a post step gets it back as JSON. */
export type Deployment = {
  id: string
  revision: string
  previous: Running
  startedAt: number
  /** Container to the image that it is brought, where a post step could not tell that otherwise. */
  images?: Record<string, string>
}

/** Why something did not run, in words, with the container's own last words where there are any. */
export type Cause = { reason: string; remedy?: string; count: number; container?: string; log?: string[] }

/** `restored`: the platform went back to the previous revision by itself. `returning`: it was still at that when the time was over. */
type Back = { restored: boolean; returning?: true }

/** How the watched deployment ended, as the platform says it. Nothing is proven yet. */
export type End =
  | { state: 'completed' }
  | ({ state: 'failed'; reason: string } & Back)
  | { state: 'superseded'; by: string }
  | ({ state: 'cancelled' | 'timed-out' } & Back)

export type Watched = {
  end: End
  causes: Cause[]
  firstFailure?: number
  /** What was deployed, where it got its name only on the way. */
  revision?: string
  /** What people should know of how it was done. */
  notes?: readonly string[]
}

/** Why a signal ended something: in the words it was given, or that the job was cancelled. */
export const whyStopped = ({ reason }: AbortSignal): string =>
  reason instanceof Error && reason.name !== 'AbortError' ? reason.message : 'the job was cancelled'

/** Which digests run. `problem` says why they are not the expected ones. */
export type Proof =
  | { proven: true; digest: string }
  /** `starting`: nothing else runs, and what is missing was on its way up. */
  | { proven: false; digest?: string; problem: string; starting?: true }

/** How long a proof may wait for copies that are still starting; five minutes where no deadline is given, in monotonic milliseconds. */
export type ProofLimits = { signal?: AbortSignal; deadline?: number }

export type WatchOptions = {
  signal: AbortSignal
  /** Monotonic milliseconds by which the deployment must be over. */
  deadline: number
  /** Same-cause failures of copies after which the deployment is stopped; undefined leaves that to the platform. */
  failFast: number | undefined
  /** At the deadline it is left as it stands: neither stopped for that, nor followed while the platform goes back. */
  leaveAtDeadline?: true
}

/** After these nothing further is started. */
export type StartLimits = Pick<WatchOptions, 'signal' | 'deadline'>

/**
 * Where a service runs, and how a revision of it is put there. Reading methods may be called at any time; methods that
 * change something are called only after the account was confirmed.
 */
export interface DeploymentTarget {
  /** Rejects with a `Refusal` where the service does not exist or cannot be deployed by this action. */
  read(wanted: readonly Wanted[]): Promise<Running>
  /** Runs a command once in the wanted image, to its end, with its log on the screen. Undefined where it exited with 0. */
  runOnce(
    command: readonly string[],
    wanted: readonly Wanted[],
    running: Running,
    signal: AbortSignal,
  ): Promise<Cause | undefined>
  /**
   * Starts a deployment. `count` is set where the service stands at 0. At most one is started, however often it is called.
   * Rejects with `NotStarted` where none was; after any other error one may be under way.
   */
  start(wanted: readonly Wanted[], running: Running, count: number | undefined, limits?: StartLimits): Promise<Deployment>
  /** Picks up the deployment under way that `read` reported as `wanted`. */
  attach(running: Running): Promise<Deployment>
  /** Follows a deployment to its end. When the signal or a limit says so it is stopped, if it is still ours. */
  watch(deployment: Deployment, options: WatchOptions): Promise<Watched>
  /** Why copies of a deployment have ended, as far as is known now; shown on the screen as well. */
  causes(deployment: Deployment): Promise<Cause[]>
  /**
   * Puts a revision back that ran before, over the deployment `ours`, and follows that to its end. Resolves to what went
   * wrong, if anything; a deployment that somebody else started meanwhile is left alone.
   */
  restore(running: Running, ours: string, deadline: number): Promise<string | undefined>
  /**
   * Asks the control plane which digests run, for some seconds where the answer is not yet right, and within `limits` where
   * nothing is wrong but that copies are still starting. `expected` maps each container to its digest; `aliases` maps an index
   * to its children, as the control plane may name either. With `before` each host is to run what it ran then.
   */
  prove(
    expected: Record<string, string>,
    aliases: ReadonlyMap<string, readonly string[]>,
    before?: Running,
    limits?: ProofLimits,
  ): Promise<Proof>
  /** Container to digest, as `prove` expects it. */
  expected(wanted: readonly Wanted[]): Record<string, string>
  /** After the service was proven: takes away what it no longer needs. Trouble is only said. */
  tidy?(deployment: Deployment): Promise<void>
  /**
   * Where hosts take what is on record when they start: brings the image to those that started before it was written, and proves
   * all of them. Resolves to what is wrong, if anything.
   */
  catchUp?(
    wanted: readonly Wanted[],
    running: Running,
    aliases: ReadonlyMap<string, readonly string[]>,
    options: WatchOptions,
  ): Promise<string | undefined>
  /** `start` only gives a name, and sends nothing: what is remembered of it before `runOnce` has a post step end that command too. */
  startsSilently?: true
  /** What has become of each host so far, where there are hosts. */
  hosts?(): HostRow[]
}

export type TargetTools = {
  log: Log
  clock: { now(): number; monotonic(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> }
  /** Milliseconds between two looks while something changes. */
  pollInterval: number
}
