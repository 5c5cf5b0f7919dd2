import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Refusal } from '../refusal.ts'

export type HttpRequest = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  url: URL
  headers?: Record<string, string>
  /**
   * Chunks need their `content-length` among the headers: chunked bodies are not sent. Each is taken when the one before has left,
   * so that a source may use its buffer again.
   */
  body?: string | AsyncIterable<Buffer> | undefined
  signal?: AbortSignal | undefined
}

export type HttpAnswer = { status: number; headers: IncomingMessage['headers']; body: string }

export type Http = {
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Resolves with the head of the answer. Its body must be read or destroyed; redirects are not followed. */
  open(request: HttpRequest): Promise<IncomingMessage>
  close(): void
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Everything is sent by https; only this machine itself may be spoken to in the clear. */
export const assertSafe = (url: URL): void => {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return
  throw new Refusal(`the registry address '${url.origin}' is not https, and credentials are not sent to it in the clear`)
}

/** `idle` milliseconds without a byte in either direction end a request with an error named `TimeoutError`. */
export const openHttp = (connections: number, idle: number): Http => {
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: connections }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: connections }),
  }
  const open = async ({ method, url, headers = {}, body, signal }: HttpRequest): Promise<IncomingMessage> => {
    assertSafe(url)
    const length =
      typeof body === 'string' || method === 'POST'
        ? { 'content-length': Buffer.byteLength(typeof body === 'string' ? body : '') }
        : {}
    const options = { method, headers: { ...length, ...headers }, ...(signal && { signal }) }
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: agents.https })
        : httpRequest(url, { ...options, agent: agents.http })
    let received: IncomingMessage | undefined
    request.once('response', (response) => {
      received = response
    })
    request.setTimeout(idle, () => {
      const error = timeout(url, idle)
      // Its reader would otherwise only hear that it broke off.
      received?.destroy(error)
      request.destroy(error)
    })
    return exchange(request, body)
  }
  return {
    open,
    send: async (request) => collect(await open(request)),
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** A registry may answer and hang up before it has read the whole body; then the answer counts, not the broken pipe. */
const exchange = (request: ClientRequest, body: HttpRequest['body']): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined
    request.once('response', (response) => {
      answer = response
      resolve(response)
    })
    request.on('error', reject)
    if (body === undefined || typeof body === 'string') return void request.end(body)
    sendChunks(body, request).catch((error) => {
      reject(error)
      if (answer === undefined || answer.closed) request.destroy()
      else answer.once('close', () => request.destroy())
    })
  })

const sendChunks = async (body: AsyncIterable<Buffer>, request: ClientRequest): Promise<void> => {
  for await (const chunk of body) {
    await new Promise<void>((resolve, reject) => {
      request.write(chunk, (error) => (error ? reject(error) : resolve()))
    })
  }
  request.end()
}

/** Of answers that are not content; what is longer is cut. */
export const collect = async (response: IncomingMessage): Promise<HttpAnswer> => {
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (body.length < 10_000) body += chunk
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

export const timeout = (url: URL, idle: number): Error =>
  Object.assign(new Error(`${url.host} sent nothing for ${idle / 1000} s`), { name: 'TimeoutError' })
