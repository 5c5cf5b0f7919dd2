import { expect, test } from 'vitest'
import { call, explain, isPassing, isThrottled } from './errors.ts'

const named = (name: string, message = 'because', fields: object = {}): Error =>
  Object.assign(new Error(message), { name }, fields)

test.each([
  ['throttled', named('ThrottlingException')],
  ['throttled by STS', named('Throttling')],
  ['no answer in time', named('TimeoutError')],
  ['broken off', named('Error', 'read ECONNRESET', { code: 'ECONNRESET' })],
  ['a fault of AWS', named('SomethingNew', 'because', { $fault: 'server' })],
  ['a fault of ECS', named('ServerException')],
])('a call may succeed a moment later: %s', async (_, error) => {
  expect(isPassing(error)).toBe(true)
  const explained = call('ecs:ListTasks', () => Promise.reject(error))
  await expect(explained).rejects.toSatisfy(isPassing)
})

test.each([
  [
    'denied',
    named('AccessDeniedException', 'User: arn:aws:iam::500503500503:role/r is not authorized to perform: ecs:ListTasks'),
  ],
  ['expired', named('ExpiredTokenException')],
  ['gone', named('ServiceNotFoundException', 'Service not found: api-500')],
  ['a mistake of ours', new TypeError('x is undefined')],
])('a call will not succeed a moment later: %s', (_, error) => {
  expect(isPassing(error)).toBe(false)
})

test('only what was turned away unread counts as throttled', () => {
  expect(isThrottled(named('ThrottlingException'))).toBe(true)
  expect(isThrottled(named('TimeoutError'))).toBe(false)
})

test('a connection that broke off is told apart from an answer that did not come', () => {
  expect(explain('ecs:ListTasks', named('TimeoutError', 'read ECONNRESET', { code: 'ECONNRESET' }))).toBe(
    'ecs:ListTasks: no connection to AWS (ECONNRESET)',
  )
  expect(explain('ecs:ListTasks', named('TimeoutError', 'socket timed out'))).toContain('did not answer in time')
})
