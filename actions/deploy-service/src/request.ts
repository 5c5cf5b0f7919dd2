import { gravest, isGreen, type Outcome } from './outcome.ts'
import type { Smoke } from './smoke.ts'
import type { Cause, Deployment, DeploymentTarget, HostRow, Proof, Running, TargetTools, Wanted } from './target.ts'

/** One service, and what is to run in it. */
export type ServiceRequest = {
  name: string
  target: DeploymentTarget
  wanted: readonly Wanted[]
  /** Copies to start where the service stands at 0, as it does before its first deployment. */
  initialCount?: number
  /** Accept a service that stands at 0: it is updated, nothing can be proven, nothing is recorded. */
  allowZero: boolean
  /** It has no tasks between its commands by the clock: its pre-deploy command shows that an image runs, and that is recorded. */
  commandsAlone?: boolean
  /** Services of the same release that must be proven before this one starts. */
  dependsOn: readonly string[]
  preDeploy?: readonly string[]
  smoke?: Smoke
}

/** What holds for all services of a run. */
export type Limits = {
  /** Milliseconds for one deployment, without its rollback. */
  timeout: number
  /** Same-cause failures of copies after which a deployment is given up; undefined leaves that to the platform. */
  failFast: number | undefined
  /** Absent where nothing was said: what this action began is replaced, and what ECS does by itself. */
  inProgress?: 'supersede' | 'fail' | undefined
  requestTimeout: number
  /** Milliseconds for a smoke test to turn out well: a load balancer follows some seconds after the tasks. */
  smokeTimeout: number
}

/** A service that was looked at and may be deployed. Nothing was written yet. */
export type Inspected = { request: ServiceRequest; running: Running; expected: Record<string, string> }

export type DeployTools = TargetTools & {
  /** Digest of an index to the digests of its platforms. */
  aliases: ReadonlyMap<string, readonly string[]>
  /** Told of every deployment as soon as it exists, so that a post step can stop it if this process is killed. */
  onStarted(service: string, deployment: Deployment): void
}

export type ServiceResult = {
  service: string
  outcome: Outcome
  reason?: string
  causes: Cause[]
  /** The digest asked for, of the first image where there are several. */
  digest: string
  previousDigest?: string
  /** What was seen running at the end. */
  runningDigest?: string
  revision?: string
  deployment?: string
  /** Milliseconds. */
  duration: number
  /** Milliseconds from the start of the deployment to the first failure. */
  firstFailure?: number
  /** Nothing was seen running, and nothing is to run all the time: see `commandsAlone`. */
  tried?: true
  /** Ended like this for the sake of another service, which failed by itself. */
  becauseOf?: string
  /** Nobody saw the deployment end: it may still be under way. */
  unseen?: true
  /** What people should know of how it was done. */
  notes?: readonly string[]
  /** Where the service runs on hosts: what became of each. */
  hosts?: readonly HostRow[]
}

export const resultOf = (
  { request, running, expected }: Inspected,
  outcome: Outcome,
  details: Partial<ServiceResult> = {},
): ServiceResult => {
  const previous = running.digests[Object.keys(expected)[0] ?? '']
  return {
    service: request.name,
    outcome,
    causes: [],
    digest: request.wanted[0]?.digest ?? '',
    ...(previous !== undefined && { previousDigest: previous }),
    duration: 0,
    ...(request.target.hosts && { hosts: request.target.hosts() }),
    ...details,
  }
}

/** The one that explains why a release is red: of those that failed by themselves, the gravest. */
export const culpritOf = (results: readonly ServiceResult[]): ServiceResult | undefined => {
  const red = results.filter(({ outcome }) => !isGreen(outcome))
  const own = red.filter(({ becauseOf }) => becauseOf === undefined)
  return gravestOf(own.length > 0 ? own : red)
}

export const gravestOf = (results: readonly ServiceResult[]): ServiceResult | undefined => {
  const outcome = gravest(results.map((result) => result.outcome))
  return results.find((result) => result.outcome === outcome)
}

export const problemOf = (proof: Proof): string => (proof.proven ? '' : proof.problem)
export const seenBy = (proof: Proof): { runningDigest?: string } =>
  proof.digest === undefined ? {} : { runningDigest: proof.digest }
