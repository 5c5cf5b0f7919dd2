import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const path = '/2018-06-01/runtime'

/** A Runtime API that hands out these events, and then keeps the function waiting. `refuse`: it takes no answer for the first. */
const runtime = async (events: string[], env: Record<string, string> = {}, { refuse = false } = {}) => {
  const told: { at: string; type: unknown; body: Record<string, unknown> }[] = []
  const waiting = Promise.withResolvers<void>()
  let handedOut = 0
  const server = createServer(async (request, answer) => {
    if (request.url === `${path}/invocation/next`) {
      const event = events[handedOut]
      if (event === undefined) return waiting.resolve()
      const headers = {
        'Lambda-Runtime-Aws-Request-Id': `r${handedOut++}`,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 3_000),
      }
      return answer.writeHead(200, headers).end(event)
    }
    const at = request.url?.slice(path.length + 1) ?? ''
    const type = request.headers['lambda-runtime-function-error-type']
    told.push({ at, type, body: JSON.parse(await text(request)) })
    return answer.writeHead(refuse && at === 'invocation/r0/response' ? 413 : 202).end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const variables = { AWS_LAMBDA_RUNTIME_API: address, VERSION: 'src-1', SERVICE: 'events', ENVIRONMENT: 'dev', ...env }
  const child = spawn(process.execPath, [`${import.meta.dirname}/lambda.ts`], {
    env: variables,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  await Promise.race([waiting.promise, exited])
  child.kill('SIGTERM')
  const [code] = await exited
  server.closeAllConnections()
  server.close()
  return { told, code }
}

const get = (rawPath: string) =>
  JSON.stringify({
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { host: 'example.org' },
    requestContext: { http: { method: 'GET', path: rawPath }, domainName: 'example.org' },
    isBase64Encoded: false,
  })

test('HTTP events are answered as the server answers requests, plain ones too, and a bad one does not end the function', async () => {
  const { told, code } = await runtime([get('/version'), '{"ping":true}', '{"Records":[]}', get('/nothing')])
  const [version, pong, bad, missing] = told
  const identity = { service: 'events', version: 'src-1', environment: 'dev' }
  assert.equal(version?.at, 'invocation/r0/response')
  assert.equal(version.body['statusCode'], 200)
  assert.deepEqual(JSON.parse(String(version.body['body'])), identity)
  assert.deepEqual([pong?.at, pong?.body], ['invocation/r1/response', { pong: true, ...identity }])
  assert.deepEqual([bad?.at, bad?.type, bad?.body['errorType']], ['invocation/r2/error', 'Runtime.TypeError', 'TypeError'])
  assert.match(String(bad?.body['errorMessage']), /^the event is neither an HTTP event of format 2\.0 nor/)
  assert.equal(missing?.body['statusCode'], 404)
  assert.equal(code, 0)
})

test('an event that is no JSON, and an answer that is refused, are errors of that event only', async () => {
  const { told } = await runtime([get('/units'), 'no JSON', '{"ping":true}'], {}, { refuse: true })
  const places = told.map(({ at }) => at)
  assert.deepEqual(places, ['invocation/r0/response', 'invocation/r0/error', 'invocation/r1/error', 'invocation/r2/response'])
})

test('a wrong configuration is told to the platform before the process ends', async () => {
  const { told, code } = await runtime([], { LOG_LEVEL: 'loud' })
  assert.deepEqual([told[0]?.at, told[0]?.type, code], ['init/error', 'Runtime.Error', 1])
  assert.match(String(told[0]?.body['errorMessage']), /^LOG_LEVEL is "loud"/)
})

test('outside Lambda it ends with one clear line', async () => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/lambda.ts`], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] })
  const line = JSON.parse(await text(child.stdout))
  assert.equal(line.reason, 'AWS_LAMBDA_RUNTIME_API is ""; Lambda sets it to the address of its Runtime API')
})
