import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, scenario } from '../cloud.case.ts'
import { type Cloud, startCloud } from '../cloud.ts'

let cloud: Cloud
let logs: CloudWatchLogsClient
beforeAll(async () => {
  cloud = await startCloud({ scenario })
  logs = new CloudWatchLogsClient({ endpoint: cloud.endpoint, region, maxAttempts: 1, credentials: cloud.adminKey(devAccount) })
})
afterAll(() => cloud.close())

const at = (group: string, stream = 'app/1') => ({ logGroupName: group, logStreamName: stream })
const write = (group: string, stream: string, message: string, timestamp: number) =>
  cloud.logs.write({ account: devAccount, region, group, stream }, message, timestamp)
const read = (input: GetLogEventsCommandInput) => logs.send(new GetLogEventsCommand(input))
const messages = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }) =>
  events.map(({ message }) => message)

test('what a task writes can be read, and the group and stream come to be', async () => {
  write('/ecs/api', 'app/1', 'listening', 1000)
  expect((await read(at('/ecs/api'))).events).toEqual([
    { timestamp: 1000, message: 'listening', ingestionTime: expect.any(Number) },
  ])
})

test('without a token the newest lines come, and tokens lead back and forth', async () => {
  for (let line = 1; line <= 7; line += 1) write('/ecs/window', 'app/1', `line ${line}`, line)
  const newest = await read({ ...at('/ecs/window'), limit: 3 })
  expect(messages(newest)).toEqual(['line 5', 'line 6', 'line 7'])
  const before = await read({ ...at('/ecs/window'), limit: 3, nextToken: newest.nextBackwardToken })
  expect(messages(before)).toEqual(['line 2', 'line 3', 'line 4'])
  const end = await read({ ...at('/ecs/window'), nextToken: newest.nextForwardToken })
  expect([messages(end), end.nextForwardToken]).toEqual([[], newest.nextForwardToken])
  write('/ecs/window', 'app/1', 'line 8', 8)
  expect(messages(await read({ ...at('/ecs/window'), nextToken: newest.nextForwardToken }))).toEqual(['line 8'])
})

test('from the head the oldest lines come, within a time range', async () => {
  for (let line = 1; line <= 5; line += 1) write('/ecs/head', 'app/1', `line ${line}`, line)
  expect(messages(await read({ ...at('/ecs/head'), startFromHead: true, limit: 2 }))).toEqual(['line 1', 'line 2'])
  expect(messages(await read({ ...at('/ecs/head'), startFromHead: true, startTime: 2, endTime: 4 }))).toEqual([
    'line 2',
    'line 3',
  ])
})

test('groups and streams are made once, and lines are put into them', async () => {
  await expect(read(at('/made'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/made' }))
  await expect(logs.send(new CreateLogGroupCommand({ logGroupName: '/made' }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  })
  await expect(read(at('/made'))).rejects.toMatchObject({ message: 'The specified log stream does not exist.' })
  await logs.send(new CreateLogStreamCommand(at('/made')))
  const logEvents = [2, 1].map((timestamp) => ({ timestamp, message: `at ${timestamp}` }))
  await logs.send(new PutLogEventsCommand({ ...at('/made'), logEvents }))
  expect(messages(await read(at('/made')))).toEqual(['at 1', 'at 2'])
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/made' }))
  expect(logStreams).toMatchObject([{ logStreamName: 'app/1', firstEventTimestamp: 1, lastEventTimestamp: 2 }])
})

test('FilterLogEvents merges streams in order of time and pages', async () => {
  write('/ecs/filter', 'app/1', 'error: one', 1)
  write('/ecs/filter', 'app/2', 'error: two', 2)
  write('/ecs/filter', 'app/1', 'all well', 3)
  const input = { logGroupName: '/ecs/filter', limit: 2 }
  const first = await logs.send(new FilterLogEventsCommand(input))
  expect(first.events?.map(({ logStreamName, message }) => [logStreamName, message])).toEqual([
    ['app/1', 'error: one'],
    ['app/2', 'error: two'],
  ])
  expect(messages(await logs.send(new FilterLogEventsCommand({ ...input, nextToken: first.nextToken })))).toEqual(['all well'])
  const filtered = (filterPattern: string, rest = {}) =>
    logs.send(new FilterLogEventsCommand({ logGroupName: '/ecs/filter', filterPattern, ...rest })).then(messages)
  expect(await filtered('error')).toEqual(['error: one', 'error: two'])
  expect(await filtered('"error: two"')).toEqual(['error: two'])
  expect(await filtered('error', { logStreamNames: ['app/1'] })).toEqual(['error: one'])
  await expect(filtered('{ $.level = "error" }')).rejects.toMatchObject({ name: 'NotImplemented' })
})

test('a line is invisible until the delay is over, in scaled time', async () => {
  const time = { factor: 10, now: () => new Date(clock), after: () => () => {}, sleep: async () => {} }
  let clock = 1_000_000
  const slow = await startCloud({ scenario, time, logDelay: 5000 })
  slow.logs.write({ account: devAccount, region, group: 'g', stream: 's' }, 'late', 1)
  const client = new CloudWatchLogsClient({ endpoint: slow.endpoint, region, credentials: slow.adminKey(devAccount) })
  const command = new GetLogEventsCommand(at('g', 's'))
  expect(messages(await client.send(command))).toEqual([])
  clock += 500
  expect(messages(await client.send(command))).toEqual(['late'])
  await slow.close()
})
