import { type Rule, refusal } from '../rule.ts'
import { group, messages, stream } from '../streams.ts'
import { unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_${name}.html`

export const logsRules: Rule[] = [
  {
    id: 'logs.get.order',
    source: api('GetLogEvents'),
    text: 'Events come in the order of their times, from whichever end they are read',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      const fromHead = await subject.logs.getLogEvents({ ...at, startFromHead: true })
      return [messages(fromHead), messages(await subject.logs.getLogEvents(at))]
    },
    expected: [
      ['one', 'two', 'three', 'four', 'five'],
      ['one', 'two', 'three', 'four', 'five'],
    ],
  },
  {
    id: 'logs.get.newest',
    source: api('GetLogEvents'),
    text: 'With a limit and without startFromHead the newest events are given, still in order',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      return messages(await subject.logs.getLogEvents({ ...at, limit: 2 }))
    },
    expected: ['four', 'five'],
  },
  {
    id: 'logs.get.oldest',
    source: api('GetLogEvents'),
    text: 'With a limit and startFromHead the oldest events are given',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      return messages(await subject.logs.getLogEvents({ ...at, limit: 2, startFromHead: true }))
    },
    expected: ['one', 'two'],
  },
  {
    id: 'logs.get.forward',
    source: api('GetLogEvents'),
    text: 'nextForwardToken goes on after the last event; at the end of the stream the token given comes back',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      const seen = []
      let nextToken: string | undefined
      for (;;) {
        const page = await subject.logs.getLogEvents({ ...at, limit: 2, startFromHead: true, nextToken })
        if (page.nextForwardToken === nextToken || seen.length > 5) return seen
        seen.push(messages(page))
        nextToken = page.nextForwardToken
      }
    },
    expected: [['one', 'two'], ['three', 'four'], ['five']],
  },
  {
    id: 'logs.get.backward',
    source: api('GetLogEvents'),
    text: 'nextBackwardToken gives the events before the first one',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      const newest = await subject.logs.getLogEvents({ ...at, limit: 2 })
      return messages(await subject.logs.getLogEvents({ ...at, limit: 2, nextToken: newest.nextBackwardToken }))
    },
    expected: ['two', 'three'],
  },
  {
    id: 'logs.get.window',
    source: api('GetLogEvents'),
    text: 'startTime is part of the window, endTime is not',
    async run(subject) {
      const { at, ago } = await stream(subject, await group(subject))
      return messages(await subject.logs.getLogEvents({ ...at, startTime: ago(40), endTime: ago(20), startFromHead: true }))
    },
    expected: ['two', 'three'],
  },
  {
    id: 'logs.get.token',
    source: api('GetLogEvents'),
    text: 'A token that was never given is InvalidParameterException',
    async run(subject) {
      const { at } = await stream(subject, await group(subject))
      return refusal(subject.logs.getLogEvents({ ...at, nextToken: 'none' }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'logs.get.missing-group',
    source: api('GetLogEvents'),
    text: 'A missing group is ResourceNotFoundException',
    run: ({ logs }) => refusal(logs.getLogEvents({ logGroupName: `/${unique('none')}`, logStreamName: 'stream' })),
    expected: 'ResourceNotFoundException',
  },
  {
    id: 'logs.get.missing-stream',
    source: api('GetLogEvents'),
    text: 'A missing stream of a group is ResourceNotFoundException',
    run: async (subject) => refusal(subject.logs.getLogEvents({ logGroupName: await group(subject), logStreamName: 'none' })),
    expected: 'ResourceNotFoundException',
  },
  {
    id: 'logs.put.missing-stream',
    source: api('PutLogEvents'),
    text: 'Nothing is written to a stream that does not exist: ResourceNotFoundException',
    async run(subject) {
      const at = { logGroupName: await group(subject), logStreamName: 'none' }
      return refusal(subject.logs.putLogEvents({ ...at, logEvents: [{ timestamp: Date.now(), message: 'x' }] }))
    },
    expected: 'ResourceNotFoundException',
  },
  {
    id: 'logs.group.exists',
    source: api('CreateLogGroup'),
    text: 'A group is made once: ResourceAlreadyExistsException',
    run: async (subject) => refusal(subject.logs.createLogGroup({ logGroupName: await group(subject) })),
    expected: 'ResourceAlreadyExistsException',
  },
]
