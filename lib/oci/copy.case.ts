import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Descriptor } from './manifest.ts'
import { openRegistry, type Registry } from './registry.ts'

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const hash = (bytes: string | Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

type Behaviour = {
  /** Lists referrers by itself, two on a page. */
  lists: boolean
  /** Takes blobs from its other repositories. */
  mounts: boolean
  /** Serves blobs from another host name. */
  redirects: boolean
  /** Believes every digest. */
  credulous: boolean
  /** Returns false where it leaves the request to the registry. */
  fault(request: IncomingMessage, response: ServerResponse): unknown
}

type Repository = { blobs: Map<string, Buffer>; manifests: Map<string, { type: string; bytes: string }> }

export type CopyRegistry = Awaited<ReturnType<typeof copyRegistry>>

/** A registry that keeps content, for tests of what is read from one and brought to another. */
export const copyRegistry = async (given: Partial<Behaviour> = {}) => {
  const behaviour: Behaviour = { lists: false, mounts: false, redirects: false, credulous: false, fault: () => false, ...given }
  const repositories = new Map<string, Repository>()
  const repository = (name: string): Repository => {
    const found = repositories.get(name) ?? { blobs: new Map(), manifests: new Map() }
    repositories.set(name, found)
    return found
  }
  /** `METHOD kind`, and what came as authorization. */
  const requests: string[] = []
  const authorizations: string[] = []
  const uploads = { open: 0, most: 0 }
  const end = (response: ServerResponse, status: number, headers = {}, body: string | Buffer = ''): void =>
    void response.writeHead(status, headers).end(body)

  const referrers = ({ manifests }: Repository, subject: string): Descriptor[] =>
    [...manifests].flatMap(([digest, { type, bytes }]) =>
      digest.includes(':') && JSON.parse(bytes).subject?.digest === subject
        ? { mediaType: type, digest, size: bytes.length }
        : [],
    )

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://registry')
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers|storage)\/(.*)$/.exec(url.pathname) ?? []
    requests.push(`${request.method} ${kind}`)
    authorizations.push(`${kind} ${request.headers.authorization ?? 'none'}`)
    if (behaviour.fault(request, response) !== false) return
    const { blobs, manifests } = repository(name)
    const at = `${request.method} ${kind}`
    const blob = blobs.get(reference)
    const manifest = manifests.get(reference)
    if (at === 'HEAD blobs') return end(response, blob ? 200 : 404)
    if (at === 'GET blobs' && blob && behaviour.redirects) {
      return end(response, 307, { location: `http://localhost:${port()}/v2/${name}/storage/${reference}` })
    }
    if (request.method === 'GET' && blob) return end(response, 200, { 'content-length': blob.length }, blob)
    if (at === 'GET manifests' && manifest) return end(response, 200, { 'content-type': manifest.type }, manifest.bytes)
    if (at === 'GET referrers' && behaviour.lists) {
      const start = Number(url.searchParams.get('after') ?? 0)
      const all = referrers(repository(name), reference)
      const link = start + 2 < all.length ? { link: `<${url.pathname}?after=${start + 2}>; rel="next"` } : {}
      const page = { schemaVersion: 2, mediaType: INDEX, manifests: all.slice(start, start + 2) }
      return end(response, 200, { 'content-type': INDEX, ...link }, JSON.stringify(page))
    }
    if (at === 'POST blobs/uploads') {
      const wanted = url.searchParams.get('mount') ?? ''
      const mounted = behaviour.mounts ? repository(url.searchParams.get('from') ?? '').blobs.get(wanted) : undefined
      if (mounted) blobs.set(wanted, mounted)
      return end(response, mounted ? 201 : 202, { location: `/v2/${name}/blobs/uploads/1` })
    }
    if (request.method !== 'PUT') return end(response, 404)
    uploads.most = Math.max(uploads.most, ++uploads.open)
    const bytes = await buffer(request)
      .catch(() => undefined)
      .finally(() => uploads.open--)
    if (bytes === undefined) return
    const digest = url.searchParams.get('digest') ?? (reference.includes(':') ? reference : hash(bytes))
    if (!behaviour.credulous && hash(bytes) !== digest) {
      return end(response, 400, {}, '{"errors":[{"code":"DIGEST_INVALID","message":"wrong"}]}')
    }
    if (kind !== 'manifests') blobs.set(digest, bytes)
    else {
      const stored = { type: request.headers['content-type'] ?? '', bytes: bytes.toString() }
      for (const key of [digest, reference]) manifests.set(key, stored)
    }
    end(response, 201)
  }
  const server = createServer((request, response) => void answer(request, response))
  const port = (): number => (server.address() as AddressInfo).port
  await new Promise<void>((resolve) => server.listen(0, resolve))

  const blobIn = (name: string, mediaType: string, bytes: Buffer): Descriptor => {
    repository(name).blobs.set(hash(bytes), bytes)
    return { mediaType, digest: hash(bytes), size: bytes.length }
  }
  const manifestIn = (name: string, type: string, content: object): Descriptor => {
    // Spacing that no serialiser would produce: only exact bytes have the digest.
    const bytes = JSON.stringify({ schemaVersion: 2, mediaType: type, ...content }).replace('{', '{\n\t ')
    repository(name).manifests.set(hash(bytes), { type, bytes })
    return { mediaType: type, digest: hash(bytes), size: bytes.length }
  }
  return {
    behaviour,
    requests,
    authorizations,
    repository,
    mostUploads: () => uploads.most,
    open: (name = 'shop/app', more: { idle?: number; signal?: AbortSignal } = {}): Registry =>
      openRegistry({
        address: `http://127.0.0.1:${port()}`,
        token: 'QVdTOnNlY3JldA==',
        repository: name,
        connections: 4,
        idle: 2000,
        now: Date.now,
        onRequest: () => undefined,
        ...more,
      }),
    /** Puts an image with layers of these sizes; `more` goes into its manifest. */
    addImage: (layers: number[] = [1000, 2000], more: object = {}, name = 'shop/app'): Descriptor =>
      manifestIn(name, IMAGE, {
        config: blobIn(name, 'application/vnd.oci.image.config.v1+json', randomBytes(40)),
        layers: layers.map((size) => blobIn(name, 'application/vnd.oci.image.layer.v1.tar+gzip', randomBytes(size))),
        ...more,
      }),
    addIndex: (manifests: Descriptor[], name = 'shop/app'): Descriptor => manifestIn(name, INDEX, { manifests }),
    blobIn,
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
