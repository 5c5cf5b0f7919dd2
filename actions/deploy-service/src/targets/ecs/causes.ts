import type { Container, Task } from '@aws-sdk/client-ecs'
import type { Cause } from '../../target.ts'

export type Failure = {
  task: string
  /** Failures with one key have one cause. */
  key: string
  reason: string
  remedy?: string
  container?: string
  /** Whether that container ran at all, and so may have written a log. */
  hasRun: boolean
  /** Trying again cannot help: the next task would fail the same way. */
  hopeless: boolean
}

/** Pattern of AWS's reason, what to do about it, whether a further attempt can help (developer guide, stopped-task-errors). */
const KNOWN: readonly [pattern: RegExp, remedy: string, hopeless: boolean][] = [
  [/exec format error/, 'the image was built for another processor: build it for the platform of the task definition', true],
  [/CannotPullContainerError.*(not found|manifest unknown)/i, 'the image is not in the registry that the task pulls from', true],
  [
    /CannotPullContainerError.*(denied|forbidden|not authorized|\b403\b)/i,
    'allow the execution role to pull from this repository, and the repository policy to serve this account',
    true,
  ],
  [/CannotPullContainerError/, 'check the route from the subnets to ECR and S3 (NAT gateway or VPC endpoints)', false],
  [
    // `invalid parameters` is how Parameter Store names those that it does not have.
    /ResourceInitializationError.*(AccessDenied|not authorized|not found|ResourceNotFound|invalid parameters)/i,
    'check that the secret or parameter exists and that the execution role may read it',
    true,
  ],
  [
    /ResourceInitializationError.*(time-?out|deadline exceeded|connection (refused|reset)|no such host)/i,
    'check the route from the subnets to ECR, Secrets Manager, Parameter Store and CloudWatch Logs (NAT gateway or VPC endpoints)',
    false,
  ],
  [/ResourceInitializationError/, 'check the secrets, parameters and log group of the task definition', false],
  [/OutOfMemory/i, "raise 'memory' of the task definition, or find the leak", false],
  [/failed ELB health checks/, 'the load balancer got no good answer: check port, path and start-up time', false],
  [/failed container health checks/, "the health check command failed: check it and the container's start-up time", false],
  [/port is already allocated|already in use/i, 'two containers want one host port', true],
]

/** The failure that a stopped task stands for; undefined where it was stopped on purpose or by a passing event. */
export const failureOf = (task: Task): Failure | undefined => {
  const reason = task.stoppedReason ?? ''
  const byScheduler = task.stopCode === 'ServiceSchedulerInitiated' && !/health checks/.test(reason)
  if (
    byScheduler ||
    ['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth'].includes(task.stopCode ?? '')
  ) {
    return undefined
  }
  const container = culprit(task.containers ?? [])
  // A container that ECS stopped for its health ends as SIGTERM makes it end; that code explains nothing.
  const text = /health checks/.test(reason) ? reason : [describe(container), reason].filter((part) => part !== '').join(': ')
  const [, remedy, hopeless = false] = KNOWN.find(([pattern]) => pattern.test(withoutNames(text))) ?? []
  return {
    task: task.taskArn ?? '',
    key: `${container?.name} ${task.stopCode} ${container?.exitCode} ${withoutIds(text)}`,
    reason: text,
    ...(remedy !== undefined && { remedy }),
    ...(container?.name && { container: container.name }),
    hasRun: container?.exitCode !== undefined,
    hopeless,
  }
}

/** The container to blame: one that ended with an error, else one that has a reason, else the first. */
const culprit = (containers: Container[]): Container | undefined =>
  containers.find((container) => container.exitCode !== undefined && container.exitCode !== 0) ??
  containers.find((container) => container.reason) ??
  containers.find((container) => container.exitCode !== undefined) ??
  containers[0]

const describe = (container: Container | undefined): string => {
  if (container === undefined) return ''
  const said = container.reason ? ` (${container.reason})` : ''
  if (container.exitCode === undefined) return container.reason ? `container '${container.name}': ${container.reason}` : ''
  return `container '${container.name}' exited with ${container.exitCode}${meaning(container.exitCode)}${said}`
}

const meaning = (exitCode: number): string =>
  ({ 137: ', killed', 139: ', segmentation fault', 143: ', terminated' })[exitCode] ?? ''

/** Without references of images, ARNs, URLs and paths: an account or a digest with `403` in it is no answer of a registry. */
const withoutNames = (text: string): string => text.replaceAll(/[^\s:]*(\/|sha256:)\S*/g, '…')

const withoutIds = (text: string): string => text.replaceAll(/[0-9a-f]{8,}/g, '…').replaceAll(/\d+(\.\d+)+/g, '…')

/** Groups equal failures, most frequent first. */
export const groupCauses = (failures: readonly Failure[], logs: ReadonlyMap<string, string[]>): Cause[] => {
  const groups = Map.groupBy(failures, (failure) => failure.key)
  return [...groups.values()]
    .map((group): Cause => {
      const [first] = group as [Failure]
      const log = group.map((failure) => logs.get(failure.task)).find((found) => found !== undefined && found.length > 0)
      return {
        reason: first.reason,
        count: group.length,
        ...(first.remedy !== undefined && { remedy: first.remedy }),
        ...(first.container !== undefined && { container: first.container }),
        ...(log && { log }),
      }
    })
    .toSorted((one, other) => other.count - one.count)
}

/** Whether enough tasks have failed of one cause: `limit` of them, or a single one that no retry can heal. */
export const isHopeless = (failures: readonly Failure[], limit: number): boolean =>
  failures.some((failure) => failure.hopeless) ||
  [...Map.groupBy(failures, (failure) => failure.key).values()].some((group) => group.length >= limit)
