import type { Time } from '../time.ts'
import type { LogStreams } from './ecs/ports.ts'
import { AwsError } from './service.ts'

/** Where a line is. For calls on a whole group the stream is empty. */
export type Place = Parameters<LogStreams['write']>[0]

export type LogEvent = { id: string; timestamp: number; message: string; ingestedAt: number; visibleAt: number }

/** Events are in the order of their timestamps. */
export type LogStream = { name: string; createdAt: number; events: LogEvent[] }

type LogGroup = Map<string, LogStream>

const unknown = (what: string) => new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`)
const taken = (what: string) => new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`)

/** Log groups of all accounts. A line can be read `delay` nominal milliseconds after it was written. */
export const createLogStore = (time: Time, delay = 0) => {
  const groups = new Map<string, LogGroup>()
  let written = 0
  const now = () => time.now().getTime()
  const key = ({ account, region, group }: Place): string => `${account}/${region}/${group}`

  const makeGroup = (place: Place): LogGroup => {
    const made: LogGroup = new Map()
    groups.set(key(place), made)
    return made
  }
  const makeStream = (group: LogGroup, name: string): LogStream => {
    const made = { name, createdAt: now(), events: [] }
    group.set(name, made)
    return made
  }
  const group = (place: Place): LogGroup => {
    const found = groups.get(key(place))
    if (found === undefined) throw unknown('group')
    return found
  }
  const append = ({ events }: LogStream, message: string, timestamp: number): void => {
    written += 1
    const ingestedAt = now()
    // 56 digits, as CloudWatch's ids have them. Late lines go behind those of the same instant.
    const event = {
      id: String(written).padStart(56, '0'),
      timestamp,
      message,
      ingestedAt,
      visibleAt: ingestedAt + delay / time.factor,
    }
    events.splice(events.findLastIndex((each) => each.timestamp <= timestamp) + 1, 0, event)
  }

  return {
    group,
    append,
    createGroup(place: Place): void {
      if (groups.has(key(place))) throw taken('group')
      makeGroup(place)
    },
    createStream(place: Place): void {
      if (group(place).has(place.stream)) throw taken('stream')
      makeStream(group(place), place.stream)
    },
    stream(place: Place): LogStream {
      const found = group(place).get(place.stream)
      if (found === undefined) throw unknown('stream')
      return found
    },
    /** The events that can be read by now. */
    visible: ({ events }: LogStream): LogEvent[] => events.filter(({ visibleAt }) => visibleAt <= now()),
    write(place: Place, message: string, timestamp: number): void {
      const into = groups.get(key(place)) ?? makeGroup(place)
      append(into.get(place.stream) ?? makeStream(into, place.stream), message, timestamp)
    },
  }
}

export type LogStore = ReturnType<typeof createLogStore>
