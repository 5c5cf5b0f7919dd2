import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { TargetTools } from '../../target.ts'
import type { TaskDefinition } from './revision.ts'

export type LogReader = {
  /** The last lines of a container, or one line that says why there are none. Waits up to 6 s for CloudWatch. */
  tail(definition: TaskDefinition, container: string, task: string): Promise<string[]>
}

const LINES = 20
const ATTEMPTS = 4

/** The client is made for the first failure: most deployments never need it. CloudWatch serves what awslogs sent a few seconds later, so an empty answer is asked again. */
export const logReader = (open: () => Promise<CloudWatchLogsClient>, clock: TargetTools['clock']): LogReader => ({
  tail: async (definition, container, task) => {
    const stream = streamOf(definition, container, task)
    if (typeof stream === 'string') return [stream]
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const found = await lastLines(await open(), stream)
      if (found.length > 0) return found
      if (attempt < ATTEMPTS) await clock.sleep(attempt * 1_000)
    }
    return [`(CloudWatch has no lines in ${stream.logGroupName}, stream ${stream.logStreamName})`]
  },
})

type Stream = { logGroupName: string; logStreamName: string }

/** awslogs names its streams `prefix/container/task id` (developer guide, using_awslogs.html). */
const streamOf = (definition: TaskDefinition, container: string, task: string): Stream | string => {
  const { logDriver, options = {} } =
    definition.containerDefinitions.find(({ name }) => name === container)?.logConfiguration ?? {}
  const group = options['awslogs-group']
  const prefix = options['awslogs-stream-prefix']
  if (logDriver !== 'awslogs' || group === undefined || prefix === undefined) {
    return `(no log to show: '${container}' uses ${logDriver ? `the log driver '${logDriver}'` : 'no log driver'}${logDriver === 'awslogs' ? ' without a stream prefix' : ''})`
  }
  return { logGroupName: group, logStreamName: `${prefix}/${container}/${task.split('/').at(-1)}` }
}

const lastLines = async (logs: CloudWatchLogsClient, stream: Stream): Promise<string[]> => {
  try {
    const { GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs')
    const { events = [] } = await logs.send(new GetLogEventsCommand({ ...stream, limit: LINES, startFromHead: false }))
    return events.map(({ message = '' }) => message)
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'ResourceNotFoundException') return []
    return [`(the log cannot be read: ${name}: ${message})`]
  }
}
