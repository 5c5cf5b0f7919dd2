import { randomUUID } from 'node:crypto'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { inCluster, onTasks, passRoles, taskArn } from './authorizations.ts'
import type { Engine } from './engine.ts'
import {
  checkList,
  checkNetwork,
  clusterArn,
  ecsArn,
  findActiveDefinition,
  findCluster,
  findDefinition,
  findService,
  invalid,
  lastSegment,
} from './find.ts'
import { launch, requestStop } from './launch.ts'
import type { Cluster, Region, Task } from './model.ts'
import { type Authorize, type Input, inRegion, split } from './operations.ts'
import { checkCapacity } from './service-kinds.ts'
import { forgetStopped, newTask, taskView } from './tasks.ts'

type Run = Input<'RunTask'>

/** Asked about the revision that is run, or the whole family where there is none. */
const onRun: Authorize<Run> = (action, { cluster, taskDefinition = '', overrides }, _, region) => {
  const definition = findDefinition(region, taskDefinition)
  const family = lastSegment(taskDefinition).split(':')[0]
  const resource = definition?.taskDefinitionArn ?? ecsArn(region.place, `task-definition/${family}:*`)
  const context = { 'ecs:cluster': clusterArn(region.place, cluster) }
  return [{ action: `ecs:${action}`, resource, context }, ...passRoles(definition, overrides)]
}

export const taskOperations = (engine: Engine): Record<string, Operation> => {
  const on = inRegion(engine)

  const start = (region: Region, cluster: Cluster, input: Run): Task[] => {
    const definition = findActiveDefinition(region, input.taskDefinition)
    checkNetwork(definition, input)
    checkCapacity('RunTask', input)
    for (const { name } of input.overrides?.containerOverrides ?? []) {
      if (definition.containerDefinitions.some((container) => container.name === name)) continue
      throw invalid(`Override for container named ${name} is not a container in the TaskDefinition.`)
    }
    if (cluster.placementFailure) return []
    const { networkConfiguration, launchType, capacityProviderStrategy, overrides, startedBy } = input
    const settings = { networkConfiguration, launchType, capacityProviderStrategy }
    const group = input.group ?? `family:${definition.family}`
    const given = { region, cluster, definition, group, startedBy, service: undefined, revision: undefined, settings }
    const tasks = Array.from({ length: input.count ?? 1 }, () => newTask(engine, given, overrides))
    for (const task of tasks) launch(engine, task, () => {})
    return tasks
  }

  return {
    ...on('RunTask', onRun, (input, region) => {
      const { clientToken = randomUUID(), ...rest } = input
      const asked = JSON.stringify(rest)
      const known = region.clientTokens.get(clientToken)
      if (known && known.input !== asked) {
        const fields = { resourceIds: known.tasks.map((task) => task.taskArn) }
        throw new AwsError('ConflictException', 'The clientToken was used with other parameters.', 400, fields)
      }
      const cluster = findCluster(region, input.cluster)
      const tasks = known?.tasks ?? start(region, cluster, input)
      if (tasks.length === 0) return { tasks, failures: [{ reason: cluster.placementFailure?.reason }] }
      region.clientTokens.set(clientToken, { input: asked, tasks })
      return { tasks: tasks.map(taskView), failures: [] }
    }),

    ...on('StopTask', onTasks, (input, region) => {
      const cluster = findCluster(region, input.cluster)
      const task = region.tasks.get(lastSegment(input.task ?? ''))
      if (!task || task.cluster !== cluster) throw invalid('The referenced task was not found.')
      requestStop(engine, task, 'UserInitiated', input.reason ?? 'Task stopped by user')
      return { task: taskView(task) }
    }),

    ...on('DescribeTasks', onTasks, (input, region, call) => {
      const cluster = findCluster(region, input.cluster)
      forgetStopped(engine, region)
      const find = (each: string): Task | undefined => {
        const task = region.tasks.get(lastSegment(each))
        return task?.cluster === cluster ? task : undefined
      }
      const { found, failures } = split(checkList(input.tasks, 'Tasks', 100), find, (each) => taskArn(call, input.cluster, each))
      return { tasks: found.map(taskView), failures }
    }),

    ...on('ListTasks', inCluster, (input, region) => {
      const cluster = findCluster(region, input.cluster)
      const { serviceName, family, startedBy, desiredStatus = 'RUNNING', launchType } = input
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html: it must be the only filter
      if (startedBy !== undefined && (serviceName ?? family) !== undefined) throw invalid('startedBy must be the only filter.')
      const service = serviceName === undefined ? undefined : findService(region, input.cluster, serviceName)
      forgetStopped(engine, region)
      const arns = [...region.tasks.values()]
        .filter((task) => task.cluster === cluster && (task.stopping.signal.aborted ? 'STOPPED' : 'RUNNING') === desiredStatus)
        .filter((task) => service === undefined || task.service === service)
        .filter((task) => family === undefined || task.definition.family === family)
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => launchType === undefined || (task.settings.launchType ?? 'FARGATE') === launchType)
      const { items, nextToken } = page(arns, input.maxResults ?? 100, input.nextToken)
      return { taskArns: items.map((task) => task.taskArn), nextToken }
    }),
  }
}
