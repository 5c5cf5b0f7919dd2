import { expect, test } from 'vitest'
import { call, explain, isPassing, isThrottled } from './errors.ts'

const named = (name: string, message = 'because', fields: object = {}): Error =>
  Object.assign(new Error(message), { name }, fields)

/** What the SDK makes of an answer that is no JSON. */
const page = (httpStatusCode: number): Error =>
  named('SyntaxError', `Unexpected token '<', "<html><bod"... is not valid JSON`, { $metadata: { httpStatusCode } })

test.each([
  ['throttled', named('ThrottlingException')],
  ['throttled by STS', named('Throttling')],
  ['no answer in time', named('TimeoutError')],
  ['broken off', named('Error', 'read ECONNRESET', { code: 'ECONNRESET' })],
  ['a fault of AWS', named('SomethingNew', 'because', { $fault: 'server' })],
  ['a fault of ECS', named('ServerException')],
  ['a page of a front end', page(503)],
  ['too many requests, said by a front end', page(429)],
  ['two changes of one parameter at a time', named('TooManyUpdates')],
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
  ['forbidden by a proxy', page(403)],
])('a call will not succeed a moment later: %s', (_, error) => {
  expect(isPassing(error)).toBe(false)
})

test('only what was turned away unread counts as throttled', () => {
  for (const error of [
    named('ThrottlingException'),
    named('TooManyUpdates'),
    page(429),
    new Error('in words', { cause: page(429) }),
  ])
    expect(isThrottled(error)).toBe(true)
  for (const error of [named('TimeoutError'), page(503), named('ServerException')]) expect(isThrottled(error)).toBe(false)
})

test('a connection that broke off is told apart from an answer that did not come', () => {
  expect(explain('ecs:ListTasks', named('TimeoutError', 'read ECONNRESET', { code: 'ECONNRESET' }))).toBe(
    'ecs:ListTasks: no connection to AWS (ECONNRESET)',
  )
  expect(explain('ecs:ListTasks', named('TimeoutError', 'socket timed out'))).toContain('did not answer in time')
})

test.each([
  ['a page', page(504)],
  ['nothing', named('Unknown', 'UnknownError', { $fault: 'server', $metadata: { httpStatusCode: 504 } })],
])('an answer of a front end, %s, is told as its status', (_, error) => {
  expect(explain('ecs:UpdateService', error)).toBe(
    'ecs:UpdateService failed: AWS answered with HTTP status 504 and no error of its API',
  )
})
