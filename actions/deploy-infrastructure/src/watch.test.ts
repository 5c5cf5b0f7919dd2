import { expect, test } from 'vitest'
import type { Log } from '../../../lib/runner/log.ts'
import type { StackEvent, Stacks } from './ports.ts'
import { resultOf } from './result.ts'
import type { StandingStack } from './stack.ts'
import { type Limits, watch } from './watch.ts'

const ID = 'arn:aws:cloudformation:eu-west-1:222222222222:stack/shop-dev-hosts/1'
const OWN = 'slipway-7-1-change-a'
const operation = { stack: 'shop-dev-hosts', region: 'eu-west-1', stackId: ID, token: OWN }

const log: Log = {
  info: () => {},
  notice: () => {},
  warning: () => {},
  error: () => {},
  group: (_, work) => work(),
}

/** An hour at most passes, a second at a time. */
const clock = () => {
  let time = 0
  return {
    now: () => time,
    monotonic: () => time,
    sleep: async () => {
      time += 1_000
      if (time > 3_600_000) throw new Error('it is watched for ever')
    },
  }
}

type Given = {
  token?: string
  limits?: Partial<Limits>
  status: (round: number) => string
  /** Oldest first: token and status of events of the stack itself. */
  events: (round: number) => [string, string][] | Error
}

const run = async ({ status, events, limits = {}, token = OWN }: Given) => {
  let round = 0
  const cancelled: string[] = []
  const tools = { log, clock: clock(), pollInterval: 1_000 }
  const stacks: Partial<Stacks> = {
    describe: async (id) => ({ id, name: 'shop-dev-hosts', status: status(round), reason: '' }) as StandingStack,
    events: async (_, enough) => {
      round += 1
      const found = events(round)
      if (found instanceof Error) throw found
      const all = found.map(([of, state], index): StackEvent => {
        const stack = { resource: 'shop-dev-hosts', type: 'AWS::CloudFormation::Stack', physicalId: ID }
        return { id: String(index), ...stack, status: state, reason: '', token: of }
      })
      const newest = all.toReversed()
      const end = newest.findIndex(enough)
      return end < 0 ? newest : newest.slice(0, end)
    },
    cancelUpdate: async (_, back) => {
      cancelled.push(back)
      return true
    },
  }
  const given = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY, ...limits }
  const watched = await watch(stacks as Stacks, { ...operation, token }, given, tools)
  return { ...resultOf('shop-dev-hosts', watched), cancelled, seconds: tools.clock.now() / 1_000 }
}

const EARLIER: [string, string][] = [
  ['earlier', 'UPDATE_IN_PROGRESS'],
  ['earlier', 'UPDATE_COMPLETE'],
]
const STOPPED = { signal: AbortSignal.abort() }

test('the end of an earlier update is not that of one that CloudFormation shows late', async () => {
  const late = await run({
    status: (round) => (round < 25 ? 'UPDATE_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE'),
    events: (round) => (round < 25 ? EARLIER : [...EARLIER, [OWN, 'UPDATE_IN_PROGRESS'], [OWN, 'UPDATE_ROLLBACK_COMPLETE']]),
  })
  expect(late).toMatchObject({ outcome: 'failed-rolled-back' })
})

test('what was never begun is not what stands, and is looked for before that is said', async () => {
  const never = { status: () => 'UPDATE_COMPLETE', events: () => EARLIER }
  expect(await run({ ...never, limits: STOPPED })).toMatchObject({
    outcome: 'cancelled',
    reason: expect.stringContaining('not begun'),
    seconds: 16,
  })
  expect(await run(never)).toMatchObject({ outcome: 'timed-out', reason: expect.stringContaining('not begun'), seconds: 121 })
})

test('an update is taken back as soon as it is seen, and another one never', async () => {
  const own = await run({
    limits: STOPPED,
    status: (round) => (round < 4 ? 'UPDATE_IN_PROGRESS' : 'UPDATE_ROLLBACK_COMPLETE'),
    events: (round) => [
      ...EARLIER,
      ...(round < 3 ? [] : ([[OWN, 'UPDATE_IN_PROGRESS']] as [string, string][])),
      ...(round < 4 ? [] : ([[OWN, 'UPDATE_ROLLBACK_COMPLETE']] as [string, string][])),
    ],
  })
  expect(own).toMatchObject({ outcome: 'cancelled', cancelled: [`${OWN}-back`] })
  const others = await run({
    limits: STOPPED,
    status: () => 'UPDATE_IN_PROGRESS',
    events: () => [...EARLIER, ['Console-ExecuteChangeSet-1', 'UPDATE_IN_PROGRESS']],
  })
  expect(others).toMatchObject({ outcome: 'cancelled', reason: expect.stringContaining('not begun'), cancelled: [] })
  const since = await run({
    status: () => 'UPDATE_IN_PROGRESS',
    events: (round) => [
      [OWN, 'UPDATE_IN_PROGRESS'],
      ...(round < 3 ? [] : ([['Console-1', 'UPDATE_IN_PROGRESS']] as [string, string][])),
    ],
  })
  expect(since).toMatchObject({ outcome: 'timed-out', reason: expect.stringContaining('another operation') })
})

test('what brings the recorded image is not taken back, whoever asks for it', async () => {
  const token = 'slipway-7-1-sync-a'
  const synced = await run({
    token,
    limits: STOPPED,
    status: (round) => (round < 20 ? 'UPDATE_IN_PROGRESS' : 'UPDATE_COMPLETE'),
    events: (round) => [
      [token, 'UPDATE_IN_PROGRESS'],
      ...(round < 20 ? [] : ([[token, 'UPDATE_COMPLETE']] as [string, string][])),
    ],
  })
  expect(synced).toMatchObject({ outcome: 'updated', cancelled: [] })
})

test('what can no longer be read goes on, and has not failed', async () => {
  const denied = Object.assign(new Error('cloudformation:DescribeStackEvents was denied'), { name: 'AccessDenied' })
  const unseen = (error: Error) =>
    run({
      status: () => 'UPDATE_IN_PROGRESS',
      events: (round) => (round < 3 ? [[OWN, 'UPDATE_IN_PROGRESS']] : error),
    })
  expect(await unseen(denied)).toMatchObject({
    outcome: 'timed-out',
    reason: expect.stringMatching(/goes on with it.*DescribeStackEvents was denied/),
  })
  const broken = Object.assign(new Error('no connection'), { name: 'TimeoutError' })
  expect(await unseen(broken)).toMatchObject({
    outcome: 'timed-out',
    reason: expect.stringContaining('no connection'),
    seconds: 123,
  })
})
