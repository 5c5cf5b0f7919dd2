import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

type Line = { message: string; port?: number; reason?: string }

const run = (program: string, env: Record<string, string>) => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/${program}`], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: Line[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(JSON.parse(line)))
  return { child, lines, reader }
}

const started = async (env: Record<string, string> = {}) => {
  const { child, lines, reader } = run('server.ts', { PORT: '0', ...env })
  while (!lines.some(({ message }) => message === 'ready')) await once(reader, 'line')
  return { child, lines, port: lines[0]?.port ?? 0 }
}

const exitCode = async (child: ChildProcess) => child.exitCode ?? (await once(child, 'exit'))[0]

/** Sends the beginning of a request, so that one is in flight for as long as the test wants. */
const begin = async (port: number, text: string) => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

for (const program of ['server.ts', 'migrate.ts']) {
  test(`${program} ends with one clear line when the configuration is wrong`, async () => {
    const { child, lines } = run(program, { PORT: 'eighty' })
    await once(child, 'close')
    assert.equal(child.exitCode, 1)
    assert.deepEqual(
      lines.map(({ reason }) => reason),
      ['PORT is "eighty"; it must be a whole number from 0 to 65535'],
    )
  })
}

test('migrate.ts changes nothing and succeeds, as often as it is run', async () => {
  for (const _ of [1, 2]) assert.equal(await exitCode(run('migrate.ts', {}).child), 0)
})

test('a port that is taken is said in one line', async () => {
  const { child, port } = await started()
  const second = run('server.ts', { PORT: String(port) })
  await once(second.child, 'close')
  assert.deepEqual([second.child.exitCode, second.lines.map(({ message }) => message)], [1, ['cannot listen']])
  child.kill()
  await exitCode(child)
})

test('SIGTERM ends it with 0 although a connection is kept open', async () => {
  const { child, port } = await started()
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()
  child.kill('SIGTERM')
  assert.equal(await exitCode(child), 0)
})

test('while draining it is not ready, still answers, and tells connections to close', async () => {
  const { child, port } = await started({ DRAIN_SECONDS: '1' })
  child.kill('SIGTERM')
  await sleep(200)
  const health = await fetch(`http://127.0.0.1:${port}/healthz`)
  assert.deepEqual([health.status, health.headers.get('connection')], [503, 'close'])
  assert.equal(await exitCode(child), 0)
})

test('a request in flight is finished before it ends', async () => {
  const { child, port } = await started()
  const socket = await begin(port, 'GET /units HTTP/1.1\r\nHost: x\r\n')
  await sleep(100)
  child.kill('SIGTERM')
  await sleep(200)
  assert.equal(child.exitCode, null)
  socket.write('\r\n')
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 200 [\s\S]*^connection: close/im)
  assert.equal(await exitCode(child), 0)
})

test('a connection whose answer had begun before the signal is closed when it falls idle', async () => {
  const { child, port } = await started({ STOP_SECONDS: '5' })
  const socket = await begin(port, 'POST /units HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1')
  await once(socket, 'data')
  child.kill('SIGTERM')
  await sleep(100)
  socket.write('2')
  assert.equal(await exitCode(child), 0)
})

test('a request that does not finish is given up after STOP_SECONDS', async () => {
  const { child, port } = await started({ STOP_SECONDS: '1' })
  const socket = await begin(port, 'GET /units HTTP/1.1\r\nHost: x\r\n')
  socket.on('error', () => undefined)
  await sleep(100)
  child.kill('SIGTERM')
  assert.equal(await exitCode(child), 1)
})

test('a second signal ends it at once', async () => {
  const { child } = await started({ DRAIN_SECONDS: '60' })
  child.kill('SIGTERM')
  await sleep(100)
  child.kill('SIGINT')
  assert.equal(await exitCode(child), 1)
})
