import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp, type Instance } from './app.ts'
import { readConfiguration } from './configuration.ts'
import { createLog } from './log.ts'

const service = (instance: Instance) => {
  const lines: string[] = []
  const configuration = readConfiguration({ VERSION: 'src-1', SERVICE: 'api', ENVIRONMENT: 'dev', LOG_LEVEL: 'debug' })
  const app = createApp(
    configuration,
    instance,
    createLog('debug', (line) => lines.push(line)),
  )
  return { get: (path: string, headers = {}) => Promise.resolve(app.request(path, { headers })), lines }
}

for (const [status, code] of [
  ['starting', 503],
  ['ready', 200],
  ['draining', 503],
] as const) {
  test(`/healthz answers ${code} while ${status}`, async () => {
    assert.equal((await service({ status }).get('/healthz')).status, code)
  })
}

test('/version names what was baked in, and the digest where it is known', async () => {
  const expected = { service: 'api', version: 'src-1', environment: 'dev' }
  assert.deepEqual(await (await service({ status: 'ready' }).get('/version')).json(), expected)
  const digest = `sha256:${'0'.repeat(64)}`
  assert.deepEqual(await (await service({ status: 'ready', digest }).get('/version')).json(), { ...expected, digest })
})

test('/convert answers with the value and its unit', async () => {
  const response = await service({ status: 'ready' }).get('/convert?value=10&from=km&to=mi')
  assert.deepEqual([response.status, await response.json()], [200, { value: 6.21371192237, unit: 'mi' }])
})

test('/convert says what is wrong with a question', async () => {
  const response = await service({ status: 'ready' }).get('/convert?value=x&from=km&to=mi')
  assert.deepEqual([response.status, await response.json()], [400, { error: 'value is "x"; it must be a number, such as 12.5' }])
})

test('an unknown path is answered in JSON', async () => {
  assert.equal((await service({ status: 'ready' }).get('/nothing')).status, 404)
})

test('a request keeps its id, in the answer and in the log', async () => {
  const { get, lines } = service({ status: 'ready' })
  const response = await get('/units', { 'X-Request-Id': 'abc-1' })
  assert.equal(response.headers.get('X-Request-Id'), 'abc-1')
  const { requestId, path, status, level } = JSON.parse(lines[0] ?? '')
  assert.deepEqual({ requestId, path, status, level }, { requestId: 'abc-1', path: '/units', status: 200, level: 'info' })
})

test('connections are told to close while draining only', async () => {
  assert.equal((await service({ status: 'draining' }).get('/units')).headers.get('Connection'), 'close')
  assert.equal((await service({ status: 'ready' }).get('/units')).headers.get('Connection'), null)
})
