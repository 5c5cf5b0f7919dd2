import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { assertSafe, timeout } from './http.ts'

/** Chunks of a body. Each is overwritten when the next one is asked for. */
export type Chunks = AsyncIterable<Buffer> & { destroy(): void }

export type Download =
  | { status: 200; length: number; body: Chunks }
  /** Nothing of the body was kept. */
  | { status: number; location: string | undefined; body?: undefined }

type Request = { url: URL; headers: Record<string, string>; idle: number; signal: AbortSignal | undefined }

const BUFFER = 524_288
const LONGEST_HEAD = 65_536

/**
 * A GET of one large body over a connection of its own, read into the same buffers again and again. node:http makes and copies a new
 * buffer for every 64 KiB: as much work as all the rest of a copy, and memory that grows until it is collected. Understands an
 * answer with a length, and no other; for those ask again by node:http.
 */
export const download = async ({ url, headers, idle, signal }: Request): Promise<Download> => {
  assertSafe(url)
  signal?.throwIfAborted()
  const reader = socketReader(url, idle)
  const abort = (): void => void reader.socket.destroy(new Error('aborted', { cause: signal?.reason }))
  signal?.addEventListener('abort', abort, { once: true })
  reader.socket.once('close', () => signal?.removeEventListener('abort', abort))
  try {
    const lines = Object.entries({ host: url.host, connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    reader.socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`)
    const { status, fields, rest } = await readHead(reader.next)
    const length = fields.has('transfer-encoding') ? Number.NaN : Number(fields.get('content-length') ?? Number.NaN)
    if (status === 200 && Number.isSafeInteger(length)) return { status, length, body: chunks(reader, rest, length) }
    reader.socket.destroy()
    return { status: status === 200 ? 0 : status, location: fields.get('location') }
  } catch (error) {
    reader.socket.destroy()
    throw error
  }
}

type Reader = { socket: Socket; next(): Promise<Buffer> }
type Chunk = { bytes: Buffer; buffer: Uint8Array }

/**
 * Reads little more than what it is asked for: the rest waits in the kernel, and the sender with it. TLS hands over what it has
 * decrypted although it was told to stop, so there are as many buffers as were ever needed at once.
 */
const socketReader = (url: URL, idle: number): Reader => {
  const free: Uint8Array[] = []
  const queue: Chunk[] = []
  let held: Chunk | undefined
  let waiting: { resolve(bytes: Buffer): void; reject(error: Error): void } | undefined
  let broken: Error | undefined
  const hand = (chunk: Chunk): Buffer => {
    held = chunk
    return chunk.bytes
  }
  const onread: OnReadOpts = {
    buffer: () => free.pop() ?? Buffer.allocUnsafeSlow(BUFFER),
    callback: (count, buffer) => {
      const chunk = { buffer, bytes: Buffer.from(buffer.buffer, buffer.byteOffset, count) }
      if (waiting === undefined) queue.push(chunk)
      else waiting.resolve(hand(chunk))
      waiting = undefined
      return false
    },
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'https:'
  const to = { host, port: Number(url.port || (secure ? 443 : 80)), onread }
  const socket = secure ? connectTls({ ...to, ...(isIP(host) === 0 && { servername: host }) }) : connect(to)
  const fail = (error: Error): void => {
    broken ??= error
    waiting?.reject(broken)
    waiting = undefined
  }
  socket.setTimeout(idle, () => waiting !== undefined && socket.destroy(timeout(url, idle)))
  socket.on('error', fail)
  const reset = (): Error => Object.assign(new Error(`${url.host} ended the connection`), { code: 'ECONNRESET' })
  socket.on('end', () => fail(reset()))
  socket.on('close', () => fail(reset()))
  return {
    socket,
    next: () =>
      new Promise((resolve, reject) => {
        if (held !== undefined) free.push(held.buffer)
        held = undefined
        const chunk = queue.shift()
        if (chunk !== undefined) resolve(hand(chunk))
        else if (broken !== undefined) reject(broken)
        else waiting = { resolve, reject }
        if (queue.length === 0) socket.resume()
      }),
  }
}

const readHead = async (next: Reader['next']): Promise<{ status: number; fields: Map<string, string>; rest: Buffer }> => {
  let text = Buffer.alloc(0)
  for (let end = -1; ; ) {
    text = Buffer.concat([text, await next()])
    end = text.indexOf('\r\n\r\n')
    if (end < 0 && text.length > LONGEST_HEAD) throw new Error('the head of an answer is longer than 64 KiB')
    if (end < 0) continue
    const [first = '', ...lines] = text.toString('latin1', 0, end).split('\r\n')
    const fields = lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
    return {
      status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
      fields: new Map(fields),
      rest: text.subarray(end + 4),
    }
  }
}

const chunks = ({ socket, next }: Reader, first: Buffer, length: number): Chunks => ({
  destroy: () => void socket.destroy(),
  async *[Symbol.asyncIterator]() {
    let left = length
    try {
      for (let chunk = first; ; chunk = await next()) {
        left -= chunk.length
        if (chunk.length > 0) yield chunk
        if (left <= 0) return
      }
    } finally {
      socket.destroy()
    }
  },
})
