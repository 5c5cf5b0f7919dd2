import { until } from './rule.ts'
import { type Subject, unique } from './subject.ts'

type Line = [secondsAgo: number, message: string]

const lines: Line[] = [
  [50, 'one'],
  [40, 'two'],
  [30, 'three'],
  [20, 'four'],
  [10, 'five'],
]

/** Makes a log group. */
export const group = async ({ logs, afterwards }: Subject): Promise<string> => {
  const logGroupName = `/${unique('logs')}`
  await logs.createLogGroup({ logGroupName })
  afterwards(() => logs.deleteLogGroup({ logGroupName }))
  return logGroupName
}

/** Writes the lines to a stream and waits until they can be read; resolves to the stream, and to `ago(n)`, a time of its clock. */
export const stream = async (subject: Subject, logGroupName: string, given: Line[] = lines, logStreamName = 'stream') => {
  const { logs } = subject
  const now = Date.now()
  await logs.createLogStream({ logGroupName, logStreamName })
  const logEvents = given.map(([secondsAgo, message]) => ({ timestamp: now - secondsAgo * 1000, message }))
  await logs.putLogEvents({ logGroupName, logStreamName, logEvents })
  const at = { logGroupName, logStreamName }
  await until(
    subject,
    () => logs.getLogEvents({ ...at, startFromHead: true }),
    ({ events }) => events?.length === given.length,
  )
  return { at, ago: (seconds: number): number => now - seconds * 1000 }
}

export const messages = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }): (string | undefined)[] =>
  events.map(({ message }) => message)
