import { describe, expect, test } from 'vitest'
import { type Look, standingOf } from './invocations.ts'

const verdict = (exit: number): string =>
  `${JSON.stringify({
    ...{ v: 1, operation: 'deploy', phase: 'done', result: exit === 0 ? 'deployed' : 'failed', exit, active: 'r', previous: '' },
    ...{
      digest: '',
      image: '',
      version: '',
      running: true,
      pending: '',
      holder: '',
      drain_s: 0,
      phases: {},
      reason: '',
      log: [],
    },
  })}\nlog`

const look = (over: Partial<Look>): Look => ({ status: '', details: '', exitCode: -1, output: '', begun: false, ...over })

describe('what the statuses of one invocation mean', () => {
  test.each<[string, Partial<Look>, string]>([
    ['pending', { status: 'Pending', details: 'Pending' }, 'waiting'],
    ['an agent that does not answer yet', { status: 'Delayed', details: 'Delayed' }, 'waiting'],
    ['in progress, as the reference spells it', { status: 'InProgress', details: 'In Progress' }, 'waiting'],
    ['cancelling', { status: 'Cancelling', details: 'Cancelling', begun: true }, 'waiting'],
    ['success with a verdict', { status: 'Success', details: 'Success', exitCode: 0, output: verdict(0) }, 'ended'],
    ['success without a verdict', { status: 'Success', details: 'Success', exitCode: 0, output: 'done' }, 'unknown'],
    ['success with a verdict that was cut', { status: 'Success', exitCode: 0, output: verdict(0).slice(0, 90) }, 'unknown'],
    [
      'success with the verdict of a failure',
      { status: 'Success', details: 'Success', exitCode: 0, output: verdict(24) },
      'unknown',
    ],
    ['a failure with its verdict', { status: 'Failed', details: 'Failed', exitCode: 24, output: verdict(24) }, 'ended'],
    ['a failure whose verdict says that all is well', { status: 'Failed', exitCode: 1, output: verdict(0) }, 'unknown'],
    ['a failure before the program began', { status: 'Failed', details: 'Failed' }, 'unreached'],
    ['not delivered', { status: 'TimedOut', details: 'DeliveryTimedOut' }, 'unreached'],
    ['not delivered, as the reference spells it', { status: 'TimedOut', details: 'Delivery Timed Out' }, 'unreached'],
    ['"not delivered" of one that ran', { status: 'TimedOut', details: 'DeliveryTimedOut', begun: true }, 'unknown'],
    ['undeliverable', { status: 'Failed', details: 'Undeliverable' }, 'unreached'],
    ['terminated before it began', { status: 'Cancelled', details: 'Terminated' }, 'unreached'],
    ['another platform', { status: 'Failed', details: 'InvalidPlatform' }, 'unreached'],
    ['not allowed', { status: 'Failed', details: 'Access Denied' }, 'unreached'],
    ['over its time', { status: 'TimedOut', details: 'ExecutionTimedOut', exitCode: 137 }, 'unknown'],
    ['cancelled', { status: 'Cancelled', details: 'Cancelled' }, 'unknown'],
    ['a word that nobody knows', { status: 'Odd', details: 'Odd' }, 'unknown'],
    ['nothing at all', {}, 'unknown'],
  ])('%s', (_, over, state) => expect(standingOf(look(over)).state).toBe(state))
})
