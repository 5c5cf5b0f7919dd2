import { expect, it } from 'vitest'
import { resultOf } from './result.ts'
import { type StandingStack, standingOf } from './stack.ts'

const stack = (status: string): StandingStack => ({
  id: 'arn:aws:cloudformation:eu-west-1:222222222222:stack/s/1',
  name: 's',
  status,
  reason: '',
  protected: false,
  role: undefined,
  tags: {},
  parameters: {},
})

it.each([
  ['REVIEW_IN_PROGRESS', 'empty'],
  ['CREATE_COMPLETE', 'there'],
  ['UPDATE_COMPLETE', 'there'],
  ['UPDATE_ROLLBACK_COMPLETE', 'there'],
  ['ROLLBACK_COMPLETE', 'failed-creation'],
  ['CREATE_IN_PROGRESS', 'busy'],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'busy'],
  ['UPDATE_ROLLBACK_IN_PROGRESS', 'busy'],
  ['UPDATE_ROLLBACK_FAILED', 'stuck'],
  ['ROLLBACK_FAILED', 'stuck'],
  ['DELETE_FAILED', 'stuck'],
  ['SOMETHING_NEW', 'stuck'],
  ['DELETE_COMPLETE', 'missing'],
])('a stack in %s is %s', (status, is) => {
  expect(standingOf(stack(status)).is).toBe(is)
})

it('a stack that is stuck says the command that frees it', () => {
  expect(standingOf(stack('UPDATE_ROLLBACK_FAILED'))).toMatchObject({
    remedy: expect.stringContaining('aws cloudformation continue-update-rollback --stack-name s --region eu-west-1'),
  })
})

it.each(['ROLLBACK_FAILED', 'DELETE_FAILED'])('one in %s also says how a bucket is deleted that holds something', (status) => {
  expect(standingOf(stack(status))).toMatchObject({
    remedy: expect.stringMatching(
      /aws s3 rb s3:\/\/BUCKET --force; then: aws cloudformation delete-stack --stack-name s --region/,
    ),
  })
})

it.each([
  [{ stack: stack('CREATE_COMPLETE'), cause: '' }, 'created', undefined],
  [{ stack: stack('UPDATE_COMPLETE'), cause: '' }, 'updated', undefined],
  [{ stack: stack('UPDATE_ROLLBACK_COMPLETE'), cause: 'Queue: no' }, 'failed-rolled-back', 'Queue: no'],
  [{ stack: stack('ROLLBACK_COMPLETE'), cause: 'Queue: no' }, 'failed-rolled-back', 'Queue: no'],
  [
    { stack: stack('UPDATE_ROLLBACK_FAILED'), cause: 'Queue: no' },
    'failed-not-rolled-back',
    /Queue: no; .*continue-update-rollback/,
  ],
  [{ stack: stack('UPDATE_ROLLBACK_COMPLETE'), cause: '', stopped: 'cancelled' as const }, 'cancelled', /taken back/],
  [{ stack: stack('UPDATE_ROLLBACK_COMPLETE'), cause: '', stopped: 'timed-out' as const }, 'timed-out', /taken back/],
  [
    { stack: stack('CREATE_IN_PROGRESS'), cause: '', stopped: 'cancelled' as const, left: 'going-on' as const },
    'cancelled',
    /goes on with it \(CREATE_IN_PROGRESS\)/,
  ],
  [{ stack: undefined, cause: '' }, 'failed-not-rolled-back', /gone/],
])('%j ends as %s', (watched, outcome, reason) => {
  const result = resultOf('s', watched)
  expect(result.outcome).toBe(outcome)
  if (reason instanceof RegExp) expect(result.reason).toMatch(reason)
  else expect(result.reason).toBe(reason)
})
