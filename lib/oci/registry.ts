import type { IncomingMessage } from 'node:http'
import { download } from './download.ts'
import { assertSafe, collect, type HttpAnswer, type HttpRequest, openHttp } from './http.ts'
import type { StoredManifest } from './layout.ts'
import { type Descriptor, MANIFEST_TYPES } from './manifest.ts'
import { type ManifestAnswer, manifestAnswer, nextPage } from './read.ts'
import { refused, unanswered } from './refused.ts'
import { DamagedBlob, verified } from './verify.ts'

export type RegistryOptions = {
  /** `proxyEndpoint` of `GetAuthorizationToken`: https, or http on this machine itself. */
  address: string
  /** `authorizationToken` of the same call. It is sent to this address and to no other host. */
  token: string
  repository: string
  connections: number
  /** Milliseconds without a byte after which a request is given up. */
  idle: number
  /** Milliseconds since the epoch. */
  now(): number
  /** Told of every request before it is sent, `HEAD blob`. */
  onRequest(name: string): void
  signal?: AbortSignal | undefined
}

/** A stream, or what can be read like one. */
export type BlobContent = AsyncIterable<Buffer> & { destroy(): unknown; on?(event: 'error', listener: () => void): unknown }

/** One repository of a registry, by the OCI distribution API. Nothing here is tried twice: every call is safe to repeat. */
export type Registry = {
  /** `https://HOST`: two repositories of one address can share blobs. */
  readonly address: string
  readonly repository: string
  hasBlob(blob: Descriptor): Promise<boolean>
  /** Follows the redirect to where the blob is kept. Does not check what is read. Each chunk is valid until the next is asked for. */
  getBlob(blob: Descriptor): Promise<BlobContent>
  /**
   * One POST and one PUT: in ECR a second chunk is lost (aws/containers-roadmap#2831). The hash is taken of the bytes as
   * they leave. With `mountFrom`, another repository of this registry that has the blob, nothing is sent where the registry
   * takes it from there.
   */
  putBlob(blob: Descriptor, open: () => BlobContent | Promise<BlobContent>, mountFrom?: string): Promise<'sent' | 'mounted'>
  /** What is stored under a digest or a tag; undefined where nothing is. Does not check that the bytes are of that digest. */
  getManifest(reference: string): Promise<ManifestAnswer | undefined>
  /** Stores the exact bytes under their digest, without a tag, or under `tag`. */
  putManifest(manifest: StoredManifest, tag?: string): Promise<void>
  /** Pages of the list of manifests whose subject is `digest`, each an index; undefined where the registry keeps no such list. */
  getReferrers(digest: string): Promise<string[] | undefined>
  close(): void
}

const REDIRECTS = [301, 302, 303, 307, 308]
/** From here on a blob is worth a connection of its own. */
const LARGE = 1_048_576
const MOST_REDIRECTS = 5
const MOST_PAGES = 100

const ofLength = <C extends BlobContent>({ digest, size }: Descriptor, length: number, content: C): C => {
  if (length === size) return content
  content.destroy()
  throw new DamagedBlob(`${digest} has ${length} bytes in the registry, but ${size} in its manifest`)
}

export const openRegistry = (options: RegistryOptions): Registry => {
  const address = new URL(options.address)
  assertSafe(address)
  const http = openHttp(options.connections, options.idle)
  const at = (path: string): URL => new URL(`/v2/${options.repository}/${path}`, address)
  const authorized = (request: HttpRequest): HttpRequest => {
    const own = request.url.origin === address.origin
    const authorization: Record<string, string> = own ? { authorization: `Basic ${options.token}` } : {}
    return { ...request, headers: { ...request.headers, ...authorization }, signal: options.signal }
  }
  const refuse = (name: string, answer: HttpAnswer): never => {
    throw refused(name, options.repository, answer, options.now())
  }

  const send = async (name: string, expected: number[], request: HttpRequest): Promise<HttpAnswer> => {
    options.onRequest(name)
    const answer = await http.send(authorized(request)).catch(unanswered(name, options.repository))
    return expected.includes(answer.status) ? answer : refuse(name, answer)
  }

  const get = async (name: string, expected: number[], url: URL, headers = {}): Promise<IncomingMessage> => {
    let next = url
    for (let hops = 0; ; hops++) {
      options.onRequest(hops === 0 ? name : `${name}, redirected`)
      const request = authorized({ method: 'GET', url: next, headers })
      const response = await http.open(request).catch(unanswered(name, options.repository))
      const status = response.statusCode ?? 0
      if (expected.includes(status)) return response
      const { location } = response.headers
      if (!REDIRECTS.includes(status) || location === undefined || hops === MOST_REDIRECTS) {
        return refuse(name, await collect(response))
      }
      response.resume()
      next = new URL(location, next)
    }
  }

  /** Undefined where the answer is one that `get` understands better. */
  const getLarge = async (blob: Descriptor): Promise<BlobContent | undefined> => {
    let url = at(`blobs/${blob.digest}`)
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      options.onRequest(hops === 0 ? 'GET blob' : 'GET blob, redirected')
      const { headers = {} } = authorized({ method: 'GET', url })
      const answer = await download({ url, headers, idle: options.idle, signal: options.signal })
      if (answer.body !== undefined) return ofLength(blob, answer.length, answer.body)
      if (!REDIRECTS.includes(answer.status) || answer.location === undefined) return undefined
      url = new URL(answer.location, url)
    }
    return undefined
  }

  return {
    address: address.origin,
    repository: options.repository,
    hasBlob: async ({ digest }) => {
      // A redirect to where the blob is kept says that it is there.
      const request: HttpRequest = { method: 'HEAD', url: at(`blobs/${digest}`) }
      return (await send('HEAD blob', [200, 302, 307, 404], request)).status !== 404
    },
    getBlob: async (blob) => {
      const large = blob.size >= LARGE ? await getLarge(blob) : undefined
      if (large !== undefined) return large
      const response = await get('GET blob', [200], at(`blobs/${blob.digest}`))
      return ofLength(blob, Number(response.headers['content-length'] ?? blob.size), response)
    },
    putBlob: async (blob, open, mountFrom) => {
      const start = at('blobs/uploads/')
      if (mountFrom !== undefined) start.search = `mount=${encodeURIComponent(blob.digest)}&from=${encodeURIComponent(mountFrom)}`
      const started = await send('POST upload', mountFrom === undefined ? [202] : [201, 202], { method: 'POST', url: start })
      if (started.status === 201) return 'mounted'
      const url = new URL(started.headers.location ?? '', address)
      // Appended as text: the registry's own state in the query must come back as it was sent.
      url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`
      const headers = { 'content-length': String(blob.size), 'content-type': 'application/octet-stream' }
      const content = await open()
      // One that comes after its end has nobody left to tell.
      content.on?.('error', () => undefined)
      try {
        await send('PUT blob', [201], { method: 'PUT', url, headers, body: verified(content, blob) })
      } finally {
        content.destroy()
      }
      return 'sent'
    },
    getManifest: async (reference) => {
      const accept = { accept: MANIFEST_TYPES.join(', ') }
      return manifestAnswer(reference, await get('GET manifest', [200, 404], at(`manifests/${reference}`), accept))
    },
    putManifest: async ({ descriptor, bytes }, tag) => {
      const url = at(`manifests/${tag ?? descriptor.digest}`)
      const headers = { 'content-type': descriptor.mediaType }
      await send('PUT manifest', [201], { method: 'PUT', url, headers, body: bytes })
    },
    getReferrers: async (digest) => {
      const pages: string[] = []
      for (let url: URL | undefined = at(`referrers/${digest}`); url !== undefined; ) {
        const response = await get('GET referrers', [200, 404, 405], url)
        const { link } = response.headers
        const page = await manifestAnswer(`referrers of ${digest}`, response)
        if (page === undefined) return undefined
        if (pages.push(page.bytes) === MOST_PAGES) throw new Error(`${digest} has more than ${MOST_PAGES} pages of referrers`)
        url = nextPage(link, url)
      }
      return pages
    },
    close: http.close,
  }
}
