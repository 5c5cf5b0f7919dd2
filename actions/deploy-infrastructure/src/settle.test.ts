import { expect, test } from 'vitest'
import { systemClock } from '../../../lib/runner/clock.ts'
import type { StackEvent, Stacks } from './ports.ts'
import type { RollOut } from './roll-out.ts'
import { settle } from './settle.ts'
import type { StandingStack, WantedStack } from './stack.ts'

const ID = 'arn:aws:cloudformation:eu-west-1:222222222222:stack/shop-dev-hosts/1'
const OWN = 'slipway-7-1-change-a'

const log = {
  info: () => {},
  notice: () => {},
  warning: () => {},
  error: () => {},
  group: <T>(_: string, work: () => Promise<T>) => work(),
}

/** Events of the stack, oldest first, of which the last comes while it is looked at. */
const settled = (
  events: readonly Pick<StackEvent, 'status' | 'token' | 'type' | 'reason'>[],
  signal = new AbortController().signal,
) => {
  let looks = 0
  const shown = (): StackEvent[] =>
    events
      .slice(0, looks > 3 ? events.length : -1)
      .map((event, index) => ({ ...event, id: String(index), resource: 'X', physicalId: event.type === STACK ? ID : 'x' }))
      .toReversed()
  const stacks: Partial<Stacks> = {
    describe: async () => {
      const status = shown().find(({ type }) => type === STACK)?.status ?? ''
      return { id: ID, name: 'shop-dev-hosts', status, reason: '', parameters: {} } as Partial<StandingStack> as StandingStack
    },
    events: async (_, enough) => {
      looks += 1
      const found = shown()
      const end = found.findIndex(enough)
      return end < 0 ? found : found.slice(0, end)
    },
  }
  const out: Partial<RollOut> = {
    stacksIn: () => stacks as Stacks,
    run: { id: '7', attempt: '2' },
    limits: { signal, deadline: Number.POSITIVE_INFINITY },
    tools: { log, clock: systemClock, pollInterval: 1 },
    onStarted: () => {},
    onEnded: () => {},
  }
  return settle(out as RollOut, { name: 'shop-dev-hosts', region: 'eu-west-1' } as WantedStack)
}

const STACK = 'AWS::CloudFormation::Stack'
const of = (status: string, { token = OWN, type = STACK, reason = '' } = {}) => ({ status, token, type, reason })

test('an attempt goes on from where an update of an earlier one was taken back to', async () => {
  const back = { token: `${OWN}-back` }
  const cancelled = { ...back, type: 'AWS::SNS::Topic', reason: 'Resource update cancelled' }
  const gone = await settled([
    of('UPDATE_IN_PROGRESS'),
    of('UPDATE_ROLLBACK_IN_PROGRESS', back),
    of('UPDATE_FAILED', cancelled),
    of('UPDATE_ROLLBACK_COMPLETE', back),
  ])
  expect(gone.result).toBeUndefined()
  expect(gone.adopted).toBeUndefined()
  expect(gone.standing).toMatchObject({ is: 'there', stack: { status: 'UPDATE_ROLLBACK_COMPLETE' } })
})

test('an attempt goes on where an earlier one was deleting what a failed creation had left', async () => {
  const token = { token: 'slipway-7-1-delete-a' }
  const gone = await settled([of('DELETE_IN_PROGRESS', token), of('DELETE_COMPLETE', token)])
  expect(gone).toEqual({ standing: { is: 'missing' } })
})

test('an attempt ends with an update of an earlier one that fails', async () => {
  const failed = { type: 'AWS::SNS::Topic', reason: 'too many topics' }
  const { result } = await settled([
    of('UPDATE_IN_PROGRESS'),
    of('UPDATE_FAILED', failed),
    of('UPDATE_ROLLBACK_IN_PROGRESS'),
    of('UPDATE_ROLLBACK_COMPLETE'),
  ])
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', reason: 'X (AWS::SNS::Topic): too many topics' })
})

test('a cancelled attempt follows what brings the recorded image, and does not take that for the whole', async () => {
  const token = { token: 'slipway-7-1-sync-a' }
  const synced = await settled([of('UPDATE_IN_PROGRESS', token), of('UPDATE_COMPLETE', token)], AbortSignal.abort())
  expect(synced.result).toBeUndefined()
  expect(synced.standing).toMatchObject({ is: 'there', stack: { status: 'UPDATE_COMPLETE' } })
})
