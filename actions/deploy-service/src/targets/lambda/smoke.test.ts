import { expect, it } from 'vitest'
import type { Invocation } from '../../place.ts'
import { problemOf, versionEvent } from './smoke.ts'

const version = { version: 'src-v2' }
const event = { event: { ping: true } }
const response = (statusCode: number, body: string, isBase64Encoded = false) =>
  JSON.stringify({ statusCode, body, isBase64Encoded })

it.each<[string, Invocation, string, string | undefined, RegExp | undefined]>([
  ['the right version', version, response(200, '{"version":"src-v2"}'), undefined, undefined],
  [
    'the right version in base64',
    version,
    response(200, Buffer.from('{"version":"src-v2"}').toString('base64'), true),
    undefined,
    undefined,
  ],
  ['the body alone, as payload format 2.0 allows', version, '{"version":"src-v2"}', undefined, undefined],
  ['another version', version, response(200, '{"version":"src-v1"}'), undefined, /answers with version src-v1, expected src-v2/],
  ['no version', version, response(200, '{}'), undefined, /answers with version \(none\)/],
  ['no JSON', version, response(200, 'hello'), undefined, /answers with version \(none\)/],
  ['nothing', version, 'null', undefined, /answers with version \(none\)/],
  ['another status', version, response(404, '{"version":"src-v2"}'), undefined, /\/version answered 404/],
  [
    'an error',
    version,
    '{"errorType":"Error","errorMessage":"no database"}',
    'Unhandled',
    /ended with an error: Error: no database/,
  ],
  ['anything to an event', event, 'null', undefined, undefined],
  ['an error to an event', event, '', 'Unhandled', /ended with an error: Unhandled/],
])('an invocation that is answered with %s', (_, smoke, payload, functionError, problem) => {
  const found = problemOf(smoke, {
    payload,
    executedVersion: '2',
    log: [],
    ...(functionError !== undefined && { functionError }),
  })
  if (problem === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(problem)
})

it('asks as an HTTP API does', () => {
  expect(versionEvent(0)).toMatchObject({
    version: '2.0',
    rawPath: '/version',
    requestContext: { http: { method: 'GET', path: '/version' } },
  })
})
