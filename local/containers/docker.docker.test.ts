import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { useEngine } from '../engine/engine.case.ts'
import { scaledTime } from '../time.ts'
import { dockerRuntime } from './docker.ts'
import { importNodeImage } from './node-image.case.ts'
import { type Act, runtimeSuite } from './runtime.case.ts'

useEngine()
let tag = ''

const node = (program: string): string[] => ['/bin/node', '-e', program]

const commands: Record<Act, string[]> = {
  'says and exits': node("console.log('out'); console.error('err'); process.exitCode = 3"),
  waits: node("process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready')"),
  'ignores SIGTERM': node('setInterval(() => {}, 1000)'),
  serves: node("require('http').createServer((_, answer) => answer.end('hello')).listen(8080)"),
  'is never healthy': node('setInterval(() => {}, 1000)'),
  'exceeds its memory': node("const all = []; for (;;) all.push(Buffer.alloc(8e6, 'x'))"),
  'cannot be pulled': [],
}

const image = () => ({ reference: tag, digest: '' })
const absent = { reference: `127.0.0.1:9/none@sha256:${'0'.repeat(64)}`, digest: '' }

runtimeSuite('Docker', async () => {
  tag = await importNodeImage()
  const runtime = dockerRuntime(scaledTime(10))
  const check = (act: Act): string =>
    act === 'serves' ? "fetch('http://127.0.0.1:8080').then(() => process.exit(0), () => process.exit(1))" : 'process.exit(1)'
  return {
    runtime,
    spec: (act) => ({
      image: act === 'cannot be pulled' ? absent : image(),
      command: commands[act],
      ports: [8080],
      memory: 64,
      healthCheck: { command: ['CMD', ...node(check(act))], interval: 5_000, timeout: 30_000, retries: 2, startPeriod: 0 },
    }),
    close: () => runtime.removeAll(),
  }
})

test('a container reaches a server of this process by the gateway, and gets its variables unspoilt', async () => {
  const runtime = dockerRuntime(scaledTime(10))
  const { listen, reach } = await runtime.gateway()
  const asked = Promise.withResolvers<string>()
  const server = createServer((request, response) => {
    asked.resolve(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, listen, resolve))
  try {
    const environment = {
      URI: `http://${reach}:${(server.address() as AddressInfo).port}`,
      PATH: '/bin',
      TEXT: 'a "quoted"\nline',
      DOCKER_HOST: 'nowhere',
    }
    const spec = { name: `case-${crypto.randomUUID()}`, image: image(), environment, ports: [], stopTimeout: 1_000, labels: {} }
    const program = 'fetch(process.env.URI + "/" + encodeURIComponent(process.env.TEXT + process.env.DOCKER_HOST))'
    const container = await runtime.start(
      { ...spec, entryPoint: ['node', '-e'], command: [program] },
      { log: console.log, health: () => {} },
    )
    expect(await container.exited).toEqual({ code: 0, oomKilled: false })
    expect(decodeURIComponent(await asked.promise)).toBe('/a "quoted"\nlinenowhere')
  } finally {
    server.close()
    await runtime.removeAll()
  }
})
