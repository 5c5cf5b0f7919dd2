import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { type HostWorld, startHostWorld, type WorldHost } from './world.ts'

useEngine()

let world: HostWorld
let host: WorldHost

beforeAll(async () => {
  world = await startHostWorld()
  host = await world.host({ BAKE_SECONDS: '1' })
})

afterAll(() => world?.close())

test('a service that needs most of a second for its health check is up, and stays so', async () => {
  const { verdict, stdout } = await host.deploy('drowsy', 'r1')
  expect(verdict, stdout).toMatchObject({ exit: 0, active: 'r1', running: true })
  for (const end = Date.now() + 6_000; Date.now() < end; await sleep(200)) expect(await host.get('/')).toBe('drowsy')
})

/** Sends a request on a connection that stays, and waits for what comes back. */
const ask = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString()))
    socket.once('close', () => reject(new Error('the proxy closed the connection')))
    socket.write('GET / HTTP/1.1\r\nhost: shop.test\r\n\r\n')
  })

test('a connection that a load balancer keeps without a request stays open', async () => {
  const { hostname, port } = new URL(host.address)
  const socket = connect(Number(port), hostname)
  expect(await ask(socket)).toMatch(/^HTTP\/1\.1 200 /)
  await sleep(13_000)
  expect(await ask(socket)).toMatch(/^HTTP\/1\.1 200 /)
  socket.removeAllListeners('close').destroy()
})
