import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** One event that the platform hands over, and what it says of it. */
export type Invocation = {
  event: unknown
  requestId: string
  functionArn: string
  /** Milliseconds since the epoch at which the platform ends the invocation. */
  deadline: number
}

export type Handler = (invocation: Invocation) => Promise<unknown>

const version = '2018-06-01'

/** As the Runtime API wants errors; the platform logs them and answers the caller with them. */
const failure = (error: unknown) => {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  return { errorType: name, errorMessage: message, stackTrace: stack.split('\n').slice(1) }
}

const runtimeApi = (host: string) => {
  /** Without a timeout, as AWS demands it: the environment is frozen between two events, for hours. `fetch` has one. */
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent = body === undefined ? '' : JSON.stringify(body)
    request(`http://${host}/${version}/runtime/${path}`, { method, headers }, resolve).on('error', reject).end(sent)
    const answer = await promise
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) }
  }
  const fail = (path: string, error: unknown) => {
    const body = failure(error)
    return ask('POST', path, body, { 'Lambda-Runtime-Function-Error-Type': `Runtime.${body.errorType}` })
  }
  return { ask, fail }
}

/** Tells the platform why the function cannot start. Whoever calls this then ends the process. */
export const reportInitError = async (host: string, error: unknown): Promise<void> => {
  await runtimeApi(host).fail('init/error', error)
}

/**
 * Takes events from Lambda's Runtime API at `host`, one after another, for as long as the platform lives: a failed one is
 * answered as such and the next is taken. Rejects when the Runtime API itself fails; the process is to end then, and Lambda
 * starts another.
 */
export const serveInvocations = async (host: string, handler: Handler): Promise<never> => {
  const { ask, fail } = runtimeApi(host)
  for (;;) {
    const next = await ask('GET', 'invocation/next')
    const header = (name: string) => String(next.headers[`lambda-runtime-${name}`] ?? '')
    const requestId = header('aws-request-id')
    if (next.status !== 200 || requestId === '')
      throw new Error(`the Runtime API answered ${next.status} to the request for an event`)
    try {
      const event: unknown = JSON.parse(next.text)
      const functionArn = header('invoked-function-arn')
      const answer = await handler({ event, requestId, functionArn, deadline: Number(header('deadline-ms')) })
      const { status, text: reason } = await ask('POST', `invocation/${requestId}/response`, answer ?? null)
      // An answer of more than 6 MB, for one.
      if (status !== 202) throw new Error(`the Runtime API refused the answer with ${status}: ${reason}`)
    } catch (error) {
      await fail(`invocation/${requestId}/error`, error)
    }
  }
}
