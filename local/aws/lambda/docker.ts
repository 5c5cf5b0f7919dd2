import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type Container, type ContainerRuntime, PullError } from '../../containers/runtime.ts'
import { listen } from '../../listen.ts'
import { type FunctionRuntime, type Invocation, type InvocationResult, sandboxError, timedOut } from './runtime.ts'

/** Real milliseconds: what starts in a container knows no time factor. */
const startsWithin = 30_000
/** Until what a function wrote before it answered has come out of the engine. */
const logsFollow = 150

/** An invocation on its way through a container. */
type Turn = { invocation: Invocation; handedOut: () => void; end: (result: InvocationResult) => void }

type Environment = { id: string; invoke(invocation: Invocation): Promise<InvocationResult>; close(): Promise<void> }

/** The Runtime API of one container, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
const runtimeApi = (next: () => Promise<Turn>, current: () => Turn | undefined) => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const invocations = '/2018-06-01/runtime/invocation'
  app.get(`${invocations}/next`, async (context) => {
    const { invocation, handedOut } = await next()
    handedOut()
    return context.body(invocation.payload === '' ? '{}' : invocation.payload, 200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeout),
      'lambda-runtime-invoked-function-arn': invocation.invokedArn,
    })
  })
  app.post(`${invocations}/:id/:kind`, async ({ req, json }) => {
    const turn = current()
    if (turn?.invocation.requestId !== req.param('id')) return json({ errorType: 'InvalidRequestID' }, 400)
    const payload = await req.text()
    turn.end(req.param('kind') === 'error' ? { functionError: 'Unhandled', payload } : { payload })
    return json({ status: 'OK' }, 202)
  })
  app.post('/2018-06-01/runtime/init/error', async ({ req, json }) => {
    current()?.end({ functionError: 'Unhandled', payload: await req.text() })
    return json({ status: 'OK' }, 202)
  })
  return app
}

/** One container, which answers one invocation after another until it ends. `gone` is called when it has. */
const startEnvironment = (containers: ContainerRuntime, first: Invocation, gone: () => void): Environment => {
  let turn: Turn | undefined
  let given: Turn | undefined
  let ask: ((turn: Turn) => void) | undefined
  let busy: Promise<unknown> = Promise.resolve()
  let failure: ((requestId: string) => InvocationResult) | undefined
  const meet = (): void => {
    if (turn === undefined || turn === given || ask === undefined) return
    given = turn
    ask(turn)
    ask = undefined
  }
  const next = (): Promise<Turn> =>
    new Promise((resolve) => {
      ask = resolve
      meet()
    })
  const fail = (result: (requestId: string) => InvocationResult): void => {
    failure ??= result
    gone()
    turn?.end(failure(turn.invocation.requestId))
  }
  const start = async () => {
    const { listen: host, reach } = await containers.gateway()
    // A server for each: its address is all that a container is told.
    const server = await listen(
      runtimeApi(next, () => turn),
      0,
      host,
    )
    const { image, entryPoint, command, workingDirectory, memory } = first
    const name = `${first.functionName}-${first.version.replace('$', '')}-${randomBytes(4).toString('hex')}`
    const environment = { ...first.environment, AWS_LAMBDA_RUNTIME_API: `${reach}:${server.port}` }
    const log = (line: string) => turn?.invocation.log(line)
    const sizes = { memory, ports: [], stopTimeout: 1_000, labels: {} }
    let container: Container | undefined
    try {
      const spec = { name, image, entryPoint, command, workingDirectory, environment, ...sizes }
      container = await containers.start(spec, { log, health() {} })
      void container.exited.then(({ code }) =>
        fail((id) => sandboxError(id, 'Runtime.ExitError', `Runtime exited with error: exit status ${code}`)),
      )
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      fail((id) => sandboxError(id, error instanceof PullError ? 'ImagePullError' : 'Runtime.InvalidEntrypoint', text))
    }
    return async () => {
      await server.close()
      await container?.stop()
    }
  }
  const stop = start()

  const take = async (invocation: Invocation): Promise<InvocationResult> => {
    if (failure) return failure(invocation.requestId)
    const ended = Promise.withResolvers<InvocationResult>()
    let timer = setTimeout(() => fail((id) => timedOut({ ...invocation, requestId: id, timeout: startsWithin })), startsWithin)
    const handedOut = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(() => timedOut(invocation)), invocation.timeout)
    }
    turn = { invocation, handedOut, end: ended.resolve }
    meet()
    const result = await ended.promise
    clearTimeout(timer)
    await new Promise((resolve) => setTimeout(resolve, logsFollow))
    turn = undefined
    return result
  }
  return {
    id: first.environmentId,
    invoke(invocation) {
      const mine = busy.then(() => take(invocation))
      busy = mine
      return mine
    },
    close: async () => (await stop)(),
  }
}

/**
 * Functions in real containers, one warm container for each version, on the runtime that the container engine of tasks uses too.
 * Timeouts are real time.
 */
export const dockerFunctions = (containers: ContainerRuntime): FunctionRuntime => {
  const warm = new Map<string, Environment>()
  const closing = new Set<Promise<void>>()
  const end = (environment: Environment): void => {
    const closed = environment.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }
  const environmentFor = (invocation: Invocation): Environment => {
    const key = invocation.invokedArn.replace(/(:function:[^:]+).*$/, `$1:${invocation.version}`)
    const found = warm.get(key)
    if (found?.id === invocation.environmentId) return found
    if (found) end(found)
    const made = startEnvironment(containers, invocation, () => {
      if (warm.get(key) === made) warm.delete(key)
      end(made)
    })
    warm.set(key, made)
    return made
  }
  return {
    invoke: (invocation) => environmentFor(invocation).invoke(invocation),
    async close() {
      for (const environment of warm.values()) end(environment)
      warm.clear()
      await Promise.allSettled(closing)
    },
  }
}
