import type { Time } from '../time.ts'
import type { LogStreams } from './ecs/ports.ts'
import { AwsError } from './service.ts'

export type LogEvent = { id: string; timestamp: number; message: string; ingestedAt: number; visibleAt: number }

export type LogStream = { name: string; createdAt: number; events: LogEvent[] }

export type LogGroup = { name: string; createdAt: number; streams: Map<string, LogStream> }

export type LogStore = LogStreams & {
  createGroup(account: string, region: string, name: string): void
  createStream(account: string, region: string, group: string, name: string): void
  append(stream: LogStream, message: string, timestamp: number): void
  /** Both throw ResourceNotFoundException. */
  group(account: string, region: string, name: string): LogGroup
  stream(account: string, region: string, group: string, name: string): LogStream
  /** The events that can be read by now, in order of their timestamps. */
  visible(stream: LogStream): LogEvent[]
}

/** Keeps streams sorted; late lines go behind those of the same instant. */
const insert = (events: LogEvent[], event: LogEvent): void => {
  let position = events.length
  while (position > 0 && (events[position - 1]?.timestamp ?? 0) > event.timestamp) position -= 1
  events.splice(position, 0, event)
}

/** Log groups of all accounts. A line can be read `delay` nominal milliseconds after it was written. */
export const createLogStore = (time: Time, delay = 0): LogStore => {
  const groups = new Map<string, LogGroup>()
  let written = 0
  const now = () => time.now().getTime()
  const key = (account: string, region: string, name: string): string => `${account}/${region}/${name}`
  const makeStream = (group: LogGroup, name: string): LogStream => {
    const stream = { name, createdAt: now(), events: [] }
    group.streams.set(name, stream)
    return stream
  }
  const makeGroup = (account: string, region: string, name: string): LogGroup => {
    const group = { name, createdAt: now(), streams: new Map() }
    groups.set(key(account, region, name), group)
    return group
  }
  const group: LogStore['group'] = (account, region, name) => {
    const found = groups.get(key(account, region, name))
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
    return found
  }
  const append: LogStore['append'] = (stream, message, timestamp) => {
    written += 1
    const ingestedAt = now()
    // 56 digits, as CloudWatch's ids have them.
    const id = String(written).padStart(56, '0')
    insert(stream.events, { id, timestamp, message, ingestedAt, visibleAt: ingestedAt + delay / time.factor })
  }

  return {
    group,
    append,
    createGroup: (account, region, name) => {
      if (groups.has(key(account, region, name))) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
      }
      makeGroup(account, region, name)
    },
    createStream: (account, region, groupName, name) => {
      const found = group(account, region, groupName)
      if (found.streams.has(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists')
      makeStream(found, name)
    },
    stream: (account, region, groupName, name) => {
      const found = group(account, region, groupName).streams.get(name)
      if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.')
      return found
    },
    visible: ({ events }) => events.filter(({ visibleAt }) => visibleAt <= now()),
    write: (at, message, timestamp) => {
      const found = groups.get(key(at.account, at.region, at.group)) ?? makeGroup(at.account, at.region, at.group)
      append(found.streams.get(at.stream) ?? makeStream(found, at.stream), message, timestamp)
    },
  }
}
