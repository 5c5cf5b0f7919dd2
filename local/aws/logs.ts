import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { matcher, windowOf } from './log-reading.ts'
import type { LogEvent, LogStore, LogStream, Place } from './log-store.ts'
import { page } from './pages.ts'
import { AwsError, type Call, type InputOf, type Operation, type Service } from './service.ts'

type Shown = { stream: LogStream; events: LogEvent[] }

const between =
  (startTime = 0, endTime = Number.POSITIVE_INFINITY) =>
  ({ timestamp }: LogEvent): boolean =>
    timestamp >= startTime && timestamp < endTime

const describe = ({ timestamp, message, ingestedAt }: LogEvent) => ({ timestamp, message, ingestionTime: ingestedAt })

/** A group may be named by its ARN instead. */
const placeOf = (input: unknown, { principal, region }: Call): Place => {
  const { logGroupName, logGroupIdentifier, logStreamName: stream = '' } = input as Record<string, string | undefined>
  const named = logGroupIdentifier?.replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, '').replace(/:\*$/, '')
  return { account: principal.account, region, group: logGroupName ?? named ?? '', stream }
}

/** The ARN that IAM compares ends in `:log-stream:` and the stream's name, which is empty for calls on the group. */
const arnOf = ({ account, region, group, stream }: Place): string =>
  `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`

const on = <N extends string>(
  name: N,
  run: (place: Place, input: InputOf<CloudWatchLogs, N>) => unknown,
): Record<string, Operation<InputOf<CloudWatchLogs, N>>> => ({
  [name]: {
    authorize: (input, call) => [{ action: `logs:${name}`, resource: arnOf(placeOf(input, call)) }],
    run: (input, call) => run(placeOf(input, call), input),
  },
})

const byLastEvent = (a: Shown, b: Shown): number => (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0)
const byName = (a: Shown, b: Shown): number => (a.stream.name < b.stream.name ? -1 : 1)

/** CloudWatch Logs, as far as reading the logs of tasks needs it. */
export const logsService = (store: LogStore): Service => ({
  name: 'logs',
  operations: {
    ...on('CreateLogGroup', store.createGroup),
    ...on('CreateLogStream', store.createStream),

    ...on('PutLogEvents', (place, { logEvents = [] }) => {
      const stream = store.stream(place)
      for (const { message = '', timestamp = 0 } of logEvents) store.append(stream, message, timestamp)
      return { nextSequenceToken: String(stream.events.length) }
    }),

    ...on('GetLogEvents', (place, { startTime, endTime, limit = 10_000, startFromHead = false, nextToken }) => {
      const events = store.visible(store.stream(place)).filter(between(startTime, endTime))
      const { start, end, ...tokens } = windowOf(events.length, limit, startFromHead, nextToken)
      return { events: events.slice(start, end).map(describe), ...tokens }
    }),

    ...on('FilterLogEvents', (place, input) => {
      const { logStreamNames, logStreamNamePrefix = '', filterPattern, startTime, endTime, limit = 10_000, nextToken } = input
      if (logStreamNames !== undefined && logStreamNamePrefix !== '') {
        throw new AwsError('InvalidParameterException', 'logStreamNames and logStreamNamePrefix must not both be given')
      }
      const matches = matcher(filterPattern)
      const inTime = between(startTime, endTime)
      const events = [...store.group(place).values()]
        .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix))
        .flatMap((stream) => store.visible(stream).map((event) => ({ logStreamName: stream.name, event })))
        .filter(({ event }) => inTime(event) && matches(event.message))
        .sort((a, b) => a.event.timestamp - b.event.timestamp)
      const { items, ...rest } = page(events, limit, nextToken)
      const found = items.map(({ logStreamName, event }) => ({ logStreamName, ...describe(event), eventId: event.id }))
      return { events: found, searchedLogStreams: [], ...rest }
    }),

    ...on('DescribeLogStreams', (place, input) => {
      const streams = [...store.group(place).values()]
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .map((stream): Shown => ({ stream, events: store.visible(stream) }))
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
})
