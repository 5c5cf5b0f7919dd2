import { type Container, type ContainerSpec, type HealthCheck, PullError } from '../../containers/runtime.ts'
import { dependencies, type Milestones, milestones } from './dependencies.ts'
import { type Engine, seconds } from './engine.ts'
import { targetsOf } from './health.ts'
import type { ContainerDefinition, Task, TaskContainer } from './model.ts'

/** What a task needs before its containers start could not be had. */
export class InitializationError extends Error {}

const secret = async (engine: Engine, task: Task, valueFrom: string): Promise<string> => {
  try {
    if (!engine.secrets) throw new Error('no parameter store')
    return await engine.secrets(task.region.place, valueFrom)
  } catch (cause) {
    const text =
      'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: ' +
      `service call has been retried 1 time(s): invalid parameters: ${valueFrom}`
    throw new InitializationError(text, { cause })
  }
}

export type Listener = {
  /** Health or state of a container changed. */
  changed(): void
  essentialExited(): void
  failed(error: unknown, container: TaskContainer): void
}

const healthCheck = ({ healthCheck: check }: ContainerDefinition): HealthCheck | undefined =>
  check?.command && {
    command: check.command,
    interval: (check.interval ?? 30) * 1_000,
    timeout: (check.timeout ?? 5) * 1_000,
    retries: check.retries ?? 3,
    startPeriod: (check.startPeriod ?? 0) * 1_000,
  }

/** The check of the first target group that the container is in, with its service's grace period. */
const targetCheck = (engine: Engine, task: Task, container: TaskContainer): ContainerSpec['targetCheck'] => {
  const target = targetsOf(task).find((each) => each.container === container)
  const startPeriod = (task.service?.settings.healthCheckGracePeriodSeconds ?? 0) * 1_000
  return target && { ...engine.pace.targetChecks, startPeriod, port: target.port, path: engine.healthPaths[target.arn] }
}

/** The image, or what the revision's first task resolved its tag to (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html). */
const pinned = (task: Task, { name, image }: ContainerDefinition): string => {
  const digest = task.revision?.digests.get(name)
  return digest === undefined || image.includes('@') ? image : `${image.replace(/:[^/:]*$/, '')}@${digest}`
}

const variables = async (engine: Engine, task: Task, definition: ContainerDefinition): Promise<Record<string, string>> => {
  const { region } = task.region.place
  const override = task.overrides.containerOverrides?.find((each) => each.name === definition.name)
  const given = [...(definition.environment ?? []), ...(override?.environment ?? [])]
  const secrets = (definition.secrets ?? []).map(async ({ name = '', valueFrom = '' }) => [
    name,
    await secret(engine, task, valueFrom),
  ])
  return {
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...Object.fromEntries(given.map(({ name, value }) => [name ?? '', value ?? ''])),
    ...Object.fromEntries(await Promise.all(secrets)),
    ECS_CONTAINER_METADATA_URI_V4: await engine.metadataUri(task, definition.name),
  }
}

export const labels = (task: Task, { name, dockerLabels }: ContainerDefinition): Record<string, string> => ({
  ...dockerLabels,
  'com.amazonaws.ecs.cluster': task.cluster.arn,
  'com.amazonaws.ecs.container-name': name,
  'com.amazonaws.ecs.task-arn': task.taskArn,
  'com.amazonaws.ecs.task-definition-family': task.definition.family,
  'com.amazonaws.ecs.task-definition-version': String(task.definition.revision),
})

const logTo = (engine: Engine, task: Task, { name, logConfiguration }: ContainerDefinition) => {
  const { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {}
  if (logConfiguration?.logDriver !== 'awslogs' || !group) return () => {}
  const at = {
    ...task.region.place,
    region: region ?? task.region.place.region,
    group,
    stream: `${prefix ?? 'ecs'}/${name}/${task.id}`,
  }
  return (line: string, timestamp: number) => engine.logs.write(at, line, timestamp)
}

const startOne = async (
  engine: Engine,
  task: Task,
  container: TaskContainer,
  reached: Milestones,
  listener: Listener,
): Promise<Container> => {
  const { definition } = container
  const { signal } = task.stopping
  const environment = await variables(engine, task, definition)
  await dependencies(definition, reached, signal)
  const image = await engine.images.locate(pinned(task, definition)).catch((error: unknown) => {
    throw new PullError(error instanceof Error ? error.message : String(error), { cause: error })
  })
  container.digest = image.digest
  task.revision?.digests.set(definition.name, image.digest)

  const override = task.overrides.containerOverrides?.find((each) => each.name === definition.name)
  const spec = {
    name: `${definition.name}-${task.id}`,
    image,
    entryPoint: definition.entryPoint,
    command: override?.command ?? definition.command,
    environment,
    user: definition.user,
    workingDirectory: definition.workingDirectory,
    ports: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    memory: definition.memory ?? (task.definition.memory === undefined ? undefined : Number(task.definition.memory)),
    healthCheck: healthCheck(definition),
    targetCheck: targetCheck(engine, task, container),
    stopTimeout: (definition.stopTimeout ?? 30) * 1_000,
    labels: labels(task, definition),
  }
  const health = (status: 'HEALTHY' | 'UNHEALTHY'): void => {
    container.health = status
    if (status === 'HEALTHY') reached.get(definition.name)?.healthy.resolve()
    listener.changed()
  }
  const target = (status: 'HEALTHY' | 'UNHEALTHY'): void => {
    container.targetHealth = status
    listener.changed()
  }
  const started = await engine.runtime.start(spec, { log: logTo(engine, task, definition), health, target }, signal)
  container.runtimeId = started.id
  container.address = started.address
  container.ports = started.ports
  container.startedAt = seconds(engine)
  container.lastStatus = 'RUNNING'
  reached.get(definition.name)?.started.resolve()
  return started
}

/**
 * Starts a task's containers, each after those it depends on. Resolves when every start has succeeded or failed;
 * what was started is added to `running` at once, so that it can be stopped whatever happens to the others.
 */
export const startContainers = async (engine: Engine, task: Task, running: Container[], listener: Listener): Promise<void> => {
  const reached = milestones(task.containers.map((container) => container.definition.name))
  task.pullStartedAt = seconds(engine)
  const watch = async (container: TaskContainer, started: Container): Promise<void> => {
    const { code, oomKilled } = await started.exited
    container.lastStatus = 'STOPPED'
    container.exitCode = code
    if (oomKilled) container.reason = 'OutOfMemoryError: Container killed due to memory usage'
    reached.get(container.definition.name)?.exited.resolve(code)
    if (container.definition.essential) listener.essentialExited()
    listener.changed()
  }
  const start = async (container: TaskContainer): Promise<void> => {
    try {
      const started = await startOne(engine, task, container, reached, listener)
      running.push(started)
      void watch(container, started)
    } catch (error) {
      listener.failed(error, container)
    }
  }
  await Promise.all(task.containers.map(start))
  task.pullStoppedAt = seconds(engine)
}
