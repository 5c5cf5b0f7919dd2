import type { Time } from '../time.ts'
import type { LogStreams } from './ecs/ports.ts'
import { AwsError } from './service.ts'

/** Where a line is. For calls on a whole group the stream is empty. */
export type Place = Parameters<LogStreams['write']>[0]

export type LogEvent = { id: string; timestamp: number; message: string; ingestedAt: number; visibleAt: number }

export type LogStream = { name: string; createdAt: number; events: LogEvent[] }

export type LogGroup = { streams: Map<string, LogStream> }

export type LogStore = LogStreams & {
  /** Both throw ResourceAlreadyExistsException. */
  createGroup(place: Place): void
  createStream(place: Place): void
  append(stream: LogStream, message: string, timestamp: number): void
  /** Both throw ResourceNotFoundException. */
  group(place: Place): LogGroup
  stream(place: Place): LogStream
  /** The events that can be read by now, in order of their timestamps. */
  visible(stream: LogStream): LogEvent[]
}

/** Keeps streams sorted; late lines go behind those of the same instant. */
const insert = (events: LogEvent[], event: LogEvent): void => {
  const before = events.findLastIndex(({ timestamp }) => timestamp <= event.timestamp)
  events.splice(before + 1, 0, event)
}

const unknown = (what: string) => new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`)
const taken = (what: string) => new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`)

/** Log groups of all accounts. A line can be read `delay` nominal milliseconds after it was written. */
export const createLogStore = (time: Time, delay = 0): LogStore => {
  const groups = new Map<string, LogGroup>()
  let written = 0
  const now = () => time.now().getTime()
  const key = ({ account, region, group }: Place): string => `${account}/${region}/${group}`

  const makeGroup = (place: Place): LogGroup => {
    const made = { streams: new Map() }
    groups.set(key(place), made)
    return made
  }
  const makeStream = (group: LogGroup, name: string): LogStream => {
    const made = { name, createdAt: now(), events: [] }
    group.streams.set(name, made)
    return made
  }
  const group = (place: Place): LogGroup => {
    const found = groups.get(key(place))
    if (found === undefined) throw unknown('group')
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
    createGroup: (place) => {
      if (groups.has(key(place))) throw taken('group')
      makeGroup(place)
    },
    createStream: (place) => {
      if (group(place).streams.has(place.stream)) throw taken('stream')
      makeStream(group(place), place.stream)
    },
    stream: (place) => {
      const found = group(place).streams.get(place.stream)
      if (found === undefined) throw unknown('stream')
      return found
    },
    visible: ({ events }) => events.filter(({ visibleAt }) => visibleAt <= now()),
    write: (place, message, timestamp) => {
      const into = groups.get(key(place)) ?? makeGroup(place)
      append(into.streams.get(place.stream) ?? makeStream(into, place.stream), message, timestamp)
    },
  }
}
