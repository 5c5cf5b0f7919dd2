import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DescribeLogStreamsRequest,
  FilterLogEventsRequest,
  GetLogEventsRequest,
  PutLogEventsRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import { matcher } from './log-filter.ts'
import type { LogEvent, LogStore, LogStream, Place } from './log-store.ts'
import { windowOf } from './log-window.ts'
import { page } from './pages.ts'
import { AwsError, type Call, type Operation, type Service } from './service.ts'

type Shown = { stream: LogStream; events: LogEvent[] }

const between = (startTime = 0, endTime = Number.POSITIVE_INFINITY) => {
  return ({ timestamp }: LogEvent): boolean => timestamp >= startTime && timestamp < endTime
}

const describe = ({ timestamp, message, ingestedAt }: LogEvent) => ({ timestamp, message, ingestionTime: ingestedAt })

type InGroup = { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined; logStreamName?: string | undefined }

/** A group may be named by its ARN instead. */
const placeOf = ({ logGroupName, logGroupIdentifier, logStreamName = '' }: InGroup, { principal, region }: Call): Place => ({
  account: principal.account,
  region,
  group: logGroupName ?? logGroupIdentifier?.replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, '').replace(/:\*$/, '') ?? '',
  stream: logStreamName,
})

/** The ARN that IAM compares ends in `:log-stream:` and the stream's name, which is empty for calls on the group. */
const arnOf = ({ account, region, group, stream }: Place): string =>
  `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`

const on = <I extends InGroup>(action: string, run: (place: Place, input: I) => unknown): Record<string, Operation<I>> => ({
  [action]: {
    authorize: (input, call) => [{ action: `logs:${action}`, resource: arnOf(placeOf(input, call)) }],
    run: (input, call) => run(placeOf(input, call), input),
  },
})

const byLastEvent = (a: Shown, b: Shown): number => (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0)
const byName = (a: Shown, b: Shown): number => (a.stream.name < b.stream.name ? -1 : 1)

/** CloudWatch Logs, as far as reading the logs of tasks needs it. */
export const logsService = (store: LogStore): Service => {
  const shown = (stream: LogStream): Shown => ({ stream, events: store.visible(stream) })
  return {
    name: 'logs',
    operations: {
      ...on<CreateLogGroupRequest>('CreateLogGroup', (place) => store.createGroup(place)),
      ...on<CreateLogStreamRequest>('CreateLogStream', (place) => store.createStream(place)),

      ...on<PutLogEventsRequest>('PutLogEvents', (place, { logEvents = [] }) => {
        const stream = store.stream(place)
        for (const { message = '', timestamp = 0 } of logEvents) store.append(stream, message, timestamp)
        return { nextSequenceToken: String(stream.events.length) }
      }),

      ...on<GetLogEventsRequest>(
        'GetLogEvents',
        (place, { startTime, endTime, limit = 10_000, startFromHead = false, nextToken }) => {
          const events = store.visible(store.stream(place)).filter(between(startTime, endTime))
          const { start, end, ...tokens } = windowOf(events.length, limit, startFromHead, nextToken)
          return { events: events.slice(start, end).map(describe), ...tokens }
        },
      ),

      ...on<FilterLogEventsRequest>('FilterLogEvents', (place, input) => {
        const { logStreamNames, logStreamNamePrefix = '', filterPattern, startTime, endTime, limit = 10_000, nextToken } = input
        if (logStreamNames !== undefined && logStreamNamePrefix !== '') {
          throw new AwsError('InvalidParameterException', 'logStreamNames and logStreamNamePrefix must not both be given')
        }
        const matches = matcher(filterPattern)
        const inTime = between(startTime, endTime)
        const events = [...store.group(place).streams.values()]
          .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix))
          .flatMap((stream) => store.visible(stream).map((event) => ({ logStreamName: stream.name, event })))
          .filter(({ event }) => inTime(event) && matches(event.message))
          .sort((a, b) => a.event.timestamp - b.event.timestamp)
        const { items, ...rest } = page(events, limit, nextToken)
        const found = items.map(({ logStreamName, event }) => ({ logStreamName, ...describe(event), eventId: event.id }))
        return { events: found, searchedLogStreams: [], ...rest }
      }),

      ...on<DescribeLogStreamsRequest>('DescribeLogStreams', (place, input) => {
        const streams = [...store.group(place).streams.values()]
          .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
          .map(shown)
          .sort(input.orderBy === 'LastEventTime' ? byLastEvent : byName)
        const { items, ...rest } = page(input.descending ? streams.reverse() : streams, input.limit ?? 50, input.nextToken)
        const logStreams = items.map(({ stream: { name, createdAt }, events }) => ({
          logStreamName: name,
          creationTime: createdAt,
          firstEventTimestamp: events.at(0)?.timestamp,
          lastEventTimestamp: events.at(-1)?.timestamp,
          lastIngestionTime: events.at(-1)?.ingestedAt,
          arn: arnOf({ ...place, stream: name }),
        }))
        return { logStreams, ...rest }
      }),
    },
  }
}
