import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DescribeLogStreamsRequest,
  FilterLogEventsRequest,
  GetLogEventsRequest,
  PutLogEventsRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import { matcher } from './log-filter.ts'
import type { LogEvent, LogStore } from './log-store.ts'
import { windowOf } from './log-window.ts'
import { page } from './pages.ts'
import { type Authorization, AwsError, type Call, type Operation, type Service } from './service.ts'

/** The ARN that IAM compares ends in `:log-stream:` and the stream's name, which is empty for calls on the group. */
const on = (action: string, group: string | undefined, { principal, region }: Call, stream = ''): Authorization[] => [
  { action: `logs:${action}`, resource: `arn:aws:logs:${region}:${principal.account}:log-group:${group}:log-stream:${stream}` },
]

const between = (startTime = 0, endTime = Number.POSITIVE_INFINITY) => {
  return ({ timestamp }: LogEvent): boolean => timestamp >= startTime && timestamp < endTime
}

const describe = ({ timestamp, message, ingestedAt }: LogEvent) => ({ timestamp, message, ingestionTime: ingestedAt })

/** A group may be named by its ARN instead. */
const groupName = (name: string | undefined, identifier: string | undefined): string =>
  name ?? identifier?.replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, '').replace(/:\*$/, '') ?? ''

/** CloudWatch Logs, as far as reading the logs of tasks needs it. */
export const logsService = (store: LogStore): Service => {
  const createLogGroup: Operation<CreateLogGroupRequest> = {
    authorize: ({ logGroupName }, call) => on('CreateLogGroup', logGroupName, call),
    run: ({ logGroupName }, { principal, region }) => store.createGroup(principal.account, region, logGroupName ?? ''),
  }

  const createLogStream: Operation<CreateLogStreamRequest> = {
    authorize: ({ logGroupName, logStreamName }, call) => on('CreateLogStream', logGroupName, call, logStreamName),
    run: ({ logGroupName, logStreamName }, { principal, region }) =>
      store.createStream(principal.account, region, logGroupName ?? '', logStreamName ?? ''),
  }

  const putLogEvents: Operation<PutLogEventsRequest> = {
    authorize: ({ logGroupName, logStreamName }, call) => on('PutLogEvents', logGroupName, call, logStreamName),
    run: ({ logGroupName, logStreamName, logEvents = [] }, { principal, region }) => {
      const stream = store.stream(principal.account, region, logGroupName ?? '', logStreamName ?? '')
      for (const { message = '', timestamp = 0 } of logEvents) store.append(stream, message, timestamp)
      return { nextSequenceToken: String(stream.events.length) }
    },
  }

  const getLogEvents: Operation<GetLogEventsRequest> = {
    authorize: (input, call) =>
      on('GetLogEvents', groupName(input.logGroupName, input.logGroupIdentifier), call, input.logStreamName),
    run: (input, { principal, region }) => {
      const group = groupName(input.logGroupName, input.logGroupIdentifier)
      const stream = store.stream(principal.account, region, group, input.logStreamName ?? '')
      const events = store.visible(stream).filter(between(input.startTime, input.endTime))
      const { start, end, ...tokens } = windowOf(
        events.length,
        input.limit ?? 10_000,
        input.startFromHead ?? false,
        input.nextToken,
      )
      return { events: events.slice(start, end).map(describe), ...tokens }
    },
  }

  const filterLogEvents: Operation<FilterLogEventsRequest> = {
    authorize: (input, call) => on('FilterLogEvents', groupName(input.logGroupName, input.logGroupIdentifier), call),
    run: (input, { principal, region }) => {
      const group = store.group(principal.account, region, groupName(input.logGroupName, input.logGroupIdentifier))
      const { logStreamNames, logStreamNamePrefix = '' } = input
      if (logStreamNames !== undefined && logStreamNamePrefix !== '') {
        throw new AwsError('InvalidParameterException', 'logStreamNames and logStreamNamePrefix must not both be given')
      }
      const matches = matcher(input.filterPattern)
      const inTime = between(input.startTime, input.endTime)
      const events = [...group.streams.values()]
        .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix))
        .flatMap((stream) => store.visible(stream).map((event) => ({ logStreamName: stream.name, event })))
        .filter(({ event }) => inTime(event) && matches(event.message))
        .sort((a, b) => a.event.timestamp - b.event.timestamp)
      const { items, ...rest } = page(events, input.limit ?? 10_000, input.nextToken)
      return {
        events: items.map(({ logStreamName, event }) => ({ logStreamName, ...describe(event), eventId: event.id })),
        searchedLogStreams: [],
        ...rest,
      }
    },
  }

  const describeLogStreams: Operation<DescribeLogStreamsRequest> = {
    authorize: (input, call) => on('DescribeLogStreams', groupName(input.logGroupName, input.logGroupIdentifier), call),
    run: (input, call) => {
      const { principal, region } = call
      const name = groupName(input.logGroupName, input.logGroupIdentifier)
      const streams = [...store.group(principal.account, region, name).streams.values()]
        .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
        .map((stream) => ({ stream, events: store.visible(stream) }))
        .sort((a, b) =>
          input.orderBy === 'LastEventTime'
            ? (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0)
            : a.stream.name < b.stream.name
              ? -1
              : 1,
        )
      const { items, ...rest } = page(input.descending ? streams.reverse() : streams, input.limit ?? 50, input.nextToken)
      const logStreams = items.map(({ stream, events }) => ({
        logStreamName: stream.name,
        creationTime: stream.createdAt,
        firstEventTimestamp: events.at(0)?.timestamp,
        lastEventTimestamp: events.at(-1)?.timestamp,
        lastIngestionTime: events.at(-1)?.ingestedAt,
        arn: `arn:aws:logs:${region}:${principal.account}:log-group:${name}:log-stream:${stream.name}`,
      }))
      return { logStreams, ...rest }
    },
  }

  return {
    name: 'logs',
    operations: {
      CreateLogGroup: createLogGroup,
      CreateLogStream: createLogStream,
      PutLogEvents: putLogEvents,
      GetLogEvents: getLogEvents,
      FilterLogEvents: filterLogEvents,
      DescribeLogStreams: describeLogStreams,
    },
  }
}
