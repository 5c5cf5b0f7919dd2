import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type TestRegistry = {
  address: string
  /** Every request as `METHOD path`, without the digest's value. */
  requests: string[]
  authorizations: Set<string>
  blobs: Map<string, number>
  manifests: Map<string, { type: string; bytes: string }>
  /** The most uploads that were open at the same time. */
  busiest(): number
  close(): Promise<void>
}

/** Returns false where it leaves the request to the registry. */
export type Fault = (request: IncomingMessage, response: ServerResponse, count: number) => unknown

/** A registry of a few lines for tests of the pusher. `location` makes the answer to POST. */
export const testRegistry = async (
  fault: Fault = () => false,
  location = (id: number) => `/upload/${id}?_state=a%2Bb%3D%3D`,
): Promise<TestRegistry> => {
  const requests: string[] = []
  const authorizations = new Set<string>()
  const blobs = new Map<string, number>()
  const manifests = new Map<string, { type: string; bytes: string }>()
  let open = 0
  let busiest = 0
  const end = (response: ServerResponse, status: number, headers = {}, body = ''): void =>
    void response.writeHead(status, headers).end(body)
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://registry')
    requests.push(`${request.method} ${url.pathname.replace(/sha256:.*/, 'DIGEST')}`)
    authorizations.add(request.headers.authorization ?? 'none')
    if (fault(request, response, requests.length) !== false) return
    const digest = /sha256:[0-9a-f]{64}/.exec(decodeURIComponent(request.url ?? ''))?.[0] ?? ''
    if (request.method === 'HEAD') return end(response, blobs.has(digest) ? 200 : 404)
    if (request.method === 'POST') return end(response, 202, { location: location(requests.length) })
    busiest = Math.max(busiest, ++open)
    const hash = createHash('sha256')
    let size = 0
    let text = ''
    try {
      for await (const chunk of request) {
        hash.update(chunk)
        size += chunk.length
        if (url.pathname.includes('/manifests/')) text += chunk
      }
    } catch {
      // The client gave the request up.
      return
    } finally {
      open--
    }
    if (`sha256:${hash.digest('hex')}` !== digest || size !== Number(request.headers['content-length'])) {
      return end(response, 400, {}, '{"errors":[{"code":"DIGEST_INVALID","message":"wrong"}]}')
    }
    if (text === '') blobs.set(digest, size)
    else manifests.set(digest, { type: request.headers['content-type'] ?? '', bytes: text })
    return end(response, 201)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    blobs,
    manifests,
    busiest: () => busiest,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
