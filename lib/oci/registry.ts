import type { Readable } from 'node:stream'
import { assertSafe, type HttpAnswer, type HttpRequest, openHttp } from './http.ts'
import type { StoredManifest } from './layout.ts'
import type { Descriptor } from './manifest.ts'
import { parseRetryAfter, RegistryError } from './retry.ts'
import { verifying } from './verify.ts'

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

/** One repository of a registry, by the OCI distribution API. Nothing here is tried twice: every call is safe to repeat. */
export type Registry = {
  hasBlob(blob: Descriptor): Promise<boolean>
  /**
   * One POST and one PUT: in ECR a second chunk is lost (aws/containers-roadmap#2831). The hash is taken of the bytes as
   * they leave.
   */
  putBlob(blob: Descriptor, open: () => Readable): Promise<void>
  /** Stores the exact bytes under their digest, without a tag. */
  putManifest(manifest: StoredManifest): Promise<void>
  close(): void
}

export const openRegistry = (options: RegistryOptions): Registry => {
  const address = new URL(options.address)
  assertSafe(address)
  const http = openHttp(options.connections, options.idle)
  const base = `/v2/${options.repository}`

  const send = async (name: string, expected: number[], request: HttpRequest): Promise<HttpAnswer> => {
    const own = request.url.origin === address.origin
    const authorization: Record<string, string> = own ? { authorization: `Basic ${options.token}` } : {}
    options.onRequest(name)
    const answer = await http.send({ ...request, headers: { ...request.headers, ...authorization }, signal: options.signal })
    if (expected.includes(answer.status)) return answer
    throw refused(`${name} ${options.repository}`, answer, options.now())
  }

  return {
    hasBlob: async ({ digest }) => {
      const url = new URL(`${base}/blobs/${digest}`, address)
      // A redirect to where the blob is kept says that it is there.
      return (await send('HEAD blob', [200, 302, 307, 404], { method: 'HEAD', url })).status !== 404
    },
    putBlob: async (blob, open) => {
      const started = await send('POST upload', [202], { method: 'POST', url: new URL(`${base}/blobs/uploads/`, address) })
      const url = new URL(started.headers.location ?? '', address)
      // Appended as text: the registry's own state in the query must come back as it was sent.
      url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`
      const headers = { 'content-length': String(blob.size), 'content-type': 'application/octet-stream' }
      const content = open()
      const checked = verifying(blob)
      content.on('error', (error) => checked.destroy(error))
      // Errors reach us through the request; one that comes after its end has nobody left to tell.
      checked.on('error', () => undefined)
      try {
        await send('PUT blob', [201], { method: 'PUT', url, headers, body: content.pipe(checked) })
      } finally {
        content.destroy()
      }
    },
    putManifest: async ({ descriptor, bytes }) => {
      const url = new URL(`${base}/manifests/${descriptor.digest}`, address)
      const headers = { 'content-type': descriptor.mediaType }
      await send('PUT manifest', [201], { method: 'PUT', url, headers, body: bytes })
    },
    close: http.close,
  }
}

/** Registries answer `{ errors: [{ code, message }] }`; proxies before them answer anything. */
const refused = (request: string, { status, headers, body }: HttpAnswer, now: number): RegistryError => {
  const said = registryMessage(body) || 'no explanation'
  const hint =
    status === 401 || status === 403
      ? '; allow ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on the repository to the role of this job'
      : ''
  const message = `the registry answered ${status} to ${request}: ${said}${hint}`
  return new RegistryError(message, status, parseRetryAfter(headers['retry-after'], now))
}

const registryMessage = (body: string): string => {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: string; message?: string }[] }
    return (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ')
  } catch {
    return body.replaceAll(/\s+/g, ' ').slice(0, 200)
  }
}
