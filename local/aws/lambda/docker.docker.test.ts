import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dockerRuntime } from '../../containers/docker.ts'
import { sessionLabel } from '../../containers/docker-arguments.ts'
import { importNodeImage } from '../../containers/node-image.case.ts'
import { useEngine } from '../../engine/engine.case.ts'
import { scaledTime } from '../../time.ts'
import { dockerFunctions } from './docker.ts'
import type { FunctionRuntime, Invocation } from './runtime.ts'

useEngine()

/** A runtime and a handler in one: counts its invocations, and does as its event says. */
const program = `
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/'
const post = (path, body) => fetch(api + path, { method: 'POST', body: JSON.stringify(body) })
if (process.env.BROKEN) { await post('init/error', { errorType: 'Runtime.Broken', errorMessage: 'at init' }); process.exit(1) }
for (let count = 1; ; count += 1) {
  const next = await fetch(api + 'invocation/next')
  const id = next.headers.get('lambda-runtime-aws-request-id')
  const event = await next.json()
  console.log('event of', process.env.AWS_LAMBDA_FUNCTION_NAME)
  if (event.exit !== undefined) process.exit(event.exit)
  if (event.sleep) await new Promise((resolve) => setTimeout(resolve, event.sleep))
  if (event.fail) await post('invocation/' + id + '/error', { errorType: 'Told', errorMessage: 'to fail' })
  else await post('invocation/' + id + '/response', { count, event })
}`

const session = 'lambda-case'
let reference = ''
let runtime: FunctionRuntime
beforeAll(async () => {
  reference = await importNodeImage()
  runtime = dockerFunctions(dockerRuntime(scaledTime(), { session }))
})

const containers = async (): Promise<string> =>
  (await promisify(execFile)('docker', ['ps', '--all', '--quiet', '--filter', `label=${sessionLabel}=${session}`])).stdout.trim()

afterAll(async () => {
  await runtime.close()
  expect(await containers()).toBe('')
})

const invoke = async (name: string, event: unknown, more: Partial<Invocation> = {}) => {
  const lines: string[] = []
  const result = await runtime.invoke({
    requestId: `id-${Math.random()}`,
    functionName: name,
    version: '1',
    environmentId: name,
    invokedArn: `arn:aws:lambda:eu-west-1:222222222222:function:${name}:live`,
    image: { reference, digest: '', credentials: { username: '', password: '' } },
    entryPoint: undefined,
    command: ['/bin/node', '--input-type=module', '-e', program],
    workingDirectory: undefined,
    environment: { AWS_LAMBDA_FUNCTION_NAME: name },
    memory: 128,
    timeout: 3_000,
    payload: JSON.stringify(event),
    log: (line) => lines.push(line),
    ...more,
  })
  return { ...result, payload: JSON.parse(result.payload), lines }
}

test('a container answers one invocation after another, with what it prints meanwhile', async () => {
  const events = [{ is: 1 }, { is: 2 }]
  expect(await Promise.all(events.map((event) => invoke('answers', event)))).toEqual(
    events.map((event, index) => ({ payload: { count: index + 1, event }, lines: ['event of answers'] })),
  )
})

test('what the handler reports is the answer, and the container lives on', async () => {
  expect(await invoke('fails', { fail: true })).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Told' } })
  expect(await invoke('fails', {})).toMatchObject({ payload: { count: 2 } })
})

test('a process that ends fails its invocation, and the next one gets a new container', async () => {
  expect(await invoke('exits', { exit: 3 })).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) },
  })
  expect(await invoke('exits', {})).toMatchObject({ payload: { count: 1 } })
})

test('an invocation that takes longer than its timeout is ended', async () => {
  expect(await invoke('sleeps', { sleep: 30_000 }, { timeout: 500 })).toMatchObject({
    payload: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/timed out after 0.50 seconds$/) },
  })
})

test('an error at init, and a command that is not there, are answers too', async () => {
  const broken = await invoke('broken', {}, { environment: { BROKEN: '1' } })
  expect(broken.payload).toEqual({ errorType: 'Runtime.Broken', errorMessage: 'at init' })
  expect((await invoke('absent', {}, { command: ['/bin/none'] })).payload).toMatchObject({
    errorType: 'Runtime.InvalidEntrypoint',
  })
})
