import { type Rule, refusal, until } from '../rule.ts'
import { group, messages, stream } from '../streams.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_${name}.html`

export const logsSearchRules: Rule[] = [
  {
    id: 'logs.filter.streams',
    source: api('FilterLogEvents'),
    text: 'A group is searched over all its streams, in the order of the times; every event names its stream',
    async run(subject) {
      const logGroupName = await group(subject)
      await stream(
        subject,
        logGroupName,
        [
          [30, 'one'],
          [10, 'three'],
        ],
        'a',
      )
      await stream(subject, logGroupName, [[20, 'two']], 'b')
      const ask = () => subject.logs.filterLogEvents({ logGroupName })
      const { events = [] } = await until(subject, ask, (answer) => answer.events?.length === 3)
      return events.map(({ message, logStreamName }) => [message, logStreamName])
    },
    expected: [
      ['one', 'a'],
      ['two', 'b'],
      ['three', 'a'],
    ],
  },
  {
    id: 'logs.filter.prefix',
    source: api('FilterLogEvents'),
    text: 'logStreamNamePrefix searches only streams of that prefix',
    async run(subject) {
      const logGroupName = await group(subject)
      await stream(subject, logGroupName, [[20, 'one']], 'api/1')
      await stream(subject, logGroupName, [[10, 'two']], 'web/1')
      const ask = () => subject.logs.filterLogEvents({ logGroupName, logStreamNamePrefix: 'api/' })
      return messages(await until(subject, ask, ({ events = [] }) => events.length > 0))
    },
    expected: ['one'],
  },
  {
    id: 'logs.filter.both',
    source: api('FilterLogEvents'),
    text: 'Stream names and a prefix together are InvalidParameterException',
    async run(subject) {
      const logGroupName = await group(subject)
      return refusal(subject.logs.filterLogEvents({ logGroupName, logStreamNames: ['a'], logStreamNamePrefix: 'a' }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'logs.streams.newest',
    source: api('DescribeLogStreams'),
    text: 'Streams can be listed by their last event, the newest first',
    async run(subject) {
      const logGroupName = await group(subject)
      await stream(subject, logGroupName, [[30, 'x']], 'old')
      await stream(subject, logGroupName, [[10, 'x']], 'new')
      const { logStreams } = await subject.logs.describeLogStreams({ logGroupName, orderBy: 'LastEventTime', descending: true })
      return logStreams?.map(({ logStreamName }) => logStreamName)
    },
    expected: ['new', 'old'],
  },
]
