import { randomUUID } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { lastSegment } from './arns.ts'
import { inCluster, onFamily, onTask, passRoles } from './authorizations.ts'
import type { Engine } from './engine.ts'
import { clusterArn, findActiveDefinition, findCluster, findDefinition, findService, invalid, placeOf } from './find.ts'
import { launch, requestStop } from './launch.ts'
import type { Region, Task, TaskDefinition, Wire } from './model.ts'
import { forgetStopped, newTask, taskView } from './tasks.ts'

type Run = Wire<sdk.RunTaskCommandInput>

const checkRun = (input: Run, definition: TaskDefinition): void => {
  if (definition.networkMode === 'awsvpc' && !input.networkConfiguration?.awsvpcConfiguration) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  }
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (!definition.containerDefinitions.some((container) => container.name === name)) {
      throw invalid(`Override for container named ${name} is not a container in the TaskDefinition.`)
    }
  }
}

export const taskOperations = (engine: Engine): Record<string, Operation> => {
  const start = (region: Region, input: Run): Task[] => {
    const cluster = findCluster(region, input.cluster)
    const definition = findActiveDefinition(region, input.taskDefinition)
    checkRun(input, definition)
    const tasks = Array.from({ length: input.count ?? 1 }, () =>
      newTask(
        engine,
        {
          region,
          cluster,
          definition,
          group: input.group ?? `family:${definition.family}`,
          startedBy: input.startedBy,
          service: undefined,
          revision: undefined,
          settings: { networkConfiguration: input.networkConfiguration, launchType: input.launchType },
        },
        input.overrides,
      ),
    )
    for (const task of tasks) launch(engine, task, () => {})
    return tasks
  }

  const runTask: Operation<Run> = {
    authorize(input, call) {
      const definition = findDefinition(engine.region(placeOf(call)), input.taskDefinition)
      const family = definition?.family ?? lastSegment(input.taskDefinition ?? '').split(':')[0] ?? ''
      const about = onFamily('RunTask', placeOf(call), family, { 'ecs:cluster': clusterArn(placeOf(call), input.cluster) })
      return [{ ...about, resource: definition?.taskDefinitionArn ?? about.resource }, ...passRoles(definition, input.overrides)]
    },
    run(input, call) {
      const region = engine.region(placeOf(call))
      const { clientToken = randomUUID(), ...rest } = input
      const asked = JSON.stringify(rest)
      const known = region.clientTokens.get(clientToken)
      if (known && known.input !== asked) {
        const fields = { resourceIds: known.tasks.map(({ arn }) => arn) }
        throw new AwsError('ConflictException', 'The clientToken was used with other parameters.', 400, fields)
      }
      const tasks = known?.tasks ?? start(region, input)
      region.clientTokens.set(clientToken, { input: asked, tasks })
      return { tasks: tasks.map(taskView), failures: [] }
    },
  }

  const stopTask: Operation<Wire<sdk.StopTaskCommandInput>> = {
    authorize: (input, call) => [onTask('StopTask', call, input.cluster, input.task ?? '')],
    run(input, call) {
      const region = engine.region(placeOf(call))
      const cluster = findCluster(region, input.cluster)
      const task = region.tasks.get(lastSegment(input.task ?? ''))
      if (!task || task.cluster !== cluster) throw invalid('The referenced task was not found.')
      requestStop(engine, task, 'UserInitiated', input.reason ?? 'Task stopped by user')
      return { task: taskView(task) }
    },
  }

  const describeTasks: Operation<Wire<sdk.DescribeTasksCommandInput>> = {
    authorize: (input, call) => (input.tasks ?? []).map((task) => onTask('DescribeTasks', call, input.cluster, task)),
    run(input, call) {
      const region = engine.region(placeOf(call))
      const cluster = findCluster(region, input.cluster)
      const asked = input.tasks ?? []
      if (asked.length === 0) throw invalid('Tasks cannot be empty.')
      if (asked.length > 100) throw invalid('Tasks cannot have more than 100 elements.')
      forgetStopped(engine, region)
      const found = asked.map((each) => region.tasks.get(lastSegment(each))).filter((task) => task?.cluster === cluster)
      const ids = found.map((task) => task?.id)
      return {
        tasks: found.flatMap((task) => (task ? [taskView(task)] : [])),
        failures: asked
          .filter((each) => !ids.includes(lastSegment(each)))
          .map((each) => ({ arn: onTask('DescribeTasks', call, input.cluster, each).resource, reason: 'MISSING' })),
      }
    },
  }

  const listTasks: Operation<Wire<sdk.ListTasksCommandInput>> = {
    authorize: (input, call) => inCluster('ListTasks', call, input.cluster),
    run(input, call) {
      const region = engine.region(placeOf(call))
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
        .map(({ arn }) => arn)
      const { items, nextToken } = page(arns, input.maxResults ?? 100, input.nextToken)
      return { taskArns: items, nextToken }
    },
  }

  return { RunTask: runTask, StopTask: stopTask, DescribeTasks: describeTasks, ListTasks: listTasks }
}
