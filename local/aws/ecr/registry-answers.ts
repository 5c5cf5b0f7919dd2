import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { AwsError } from '../service.ts'
import { findImage, putImage } from './images.ts'
import { RegistryError } from './registry-errors.ts'
import type { RegistryRequest } from './registry-requests.ts'
import type { Repository } from './repositories.ts'
import type { OciStore } from './store.ts'
import type { Uploads } from './uploads.ts'

export type RegistryContent = {
  now(): Date
  store: OciStore
  uploads: Uploads
  downloadUrl(repository: Repository, digest: string): Promise<string>
}

type Answer = (
  content: RegistryContent,
  repository: Repository,
  request: RegistryRequest,
  incoming: IncomingMessage,
) => Promise<Response>

const reply = (status: number, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> | null = null): Response =>
  new Response(body, { status, headers: { 'docker-distribution-api-version': 'registry/2.0', ...headers } })

const absolute = (incoming: IncomingMessage, path: string): string => `http://${incoming.headers.host}${path}`

const uploadHeaders = (incoming: IncomingMessage, { name }: Repository, id: string, size: number) => ({
  location: absolute(incoming, `/v2/${name}/blobs/uploads/${id}`),
  range: `0-${Math.max(0, size - 1)}`,
  'docker-upload-uuid': id,
})

const isDigest = (reference: string): boolean => reference.startsWith('sha256:')

const blobSize: Answer = async ({ store }, repository, { reference }) => {
  const size = await store.statBlob(repository.path, reference)
  if (size === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  const headers = { 'content-length': String(size), 'docker-content-digest': reference }
  return reply(200, { ...headers, 'content-type': 'application/octet-stream' })
}

const blob: Answer = async ({ store, downloadUrl }, repository, { reference }) => {
  const size = await store.statBlob(repository.path, reference)
  if (size === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  return reply(307, { location: await downloadUrl(repository, reference) })
}

/** A `mount` is not done, as on ECR unless the account asks for it: the answer is the start of an ordinary upload. */
const startUpload: Answer = async ({ uploads }, repository, _, incoming) =>
  reply(202, uploadHeaders(incoming, repository, await uploads.start(repository), 0))

const uploadPart: Answer = async ({ uploads }, repository, { method, reference }, incoming) => {
  if (method === 'GET') return reply(204, uploadHeaders(incoming, repository, reference, uploads.size(repository, reference)))
  if (method === 'DELETE') {
    uploads.cancel(repository, reference)
    return reply(204, {})
  }
  const [, from] = /^(\d+)-/.exec(incoming.headers['content-range'] ?? '') ?? []
  const size = await uploads.append(repository, reference, from === undefined ? undefined : Number(from), incoming)
  return reply(202, uploadHeaders(incoming, repository, reference, size))
}

const completeUpload: Answer = async ({ uploads }, repository, { reference }, incoming) => {
  const digest = new URL(absolute(incoming, incoming.url ?? '')).searchParams.get('digest') ?? ''
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new RegistryError(400, 'DIGEST_INVALID', `'${digest}' is no sha256 digest`)
  const empty = incoming.headers['content-length'] === '0'
  await uploads.complete(repository, reference, digest, empty ? undefined : incoming)
  const location = absolute(incoming, `/v2/${repository.name}/blobs/${digest}`)
  return reply(201, { location, 'docker-content-digest': digest })
}

const manifest: Answer = async ({ store }, repository, { method, reference }) => {
  const image = findImage(repository, isDigest(reference) ? { imageDigest: reference } : { imageTag: reference })
  const stored = image && (await store.readManifest(repository.path, image.digest))
  if (image === undefined || stored === undefined) throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
  const headers = {
    'content-type': image.mediaType,
    'content-length': String(stored.bytes.length),
    'docker-content-digest': image.digest,
  }
  return reply(200, headers, method === 'HEAD' ? null : new Uint8Array(stored.bytes))
}

const pushManifest: Answer = async ({ now, store }, repository, { reference }, incoming) => {
  const named = isDigest(reference) ? { digest: reference } : { tag: reference }
  const push = { manifest: await buffer(incoming), mediaType: incoming.headers['content-type'], ...named }
  const digest = await putImage(store, repository, push, now()).then(
    (image) => image.digest,
    (error) => {
      // Over HTTP a push of what is there already is a success.
      if (error instanceof AwsError && error.name === 'ImageAlreadyExistsException') return undefined
      throw error
    },
  )
  const known =
    digest ?? findImage(repository, 'tag' in named ? { imageTag: named.tag } : { imageDigest: named.digest })?.digest ?? ''
  const location = absolute(incoming, `/v2/${repository.name}/manifests/${known}`)
  return reply(201, { location, 'docker-content-digest': known })
}

const tags: Answer = async (_, repository) =>
  reply(200, { 'content-type': 'application/json' }, JSON.stringify({ name: repository.name, tags: [...repository.tags.keys()] }))

/** One answer for each IAM action. */
export const registryAnswers: Record<RegistryRequest['action'], Answer> = {
  BatchCheckLayerAvailability: blobSize,
  GetDownloadUrlForLayer: blob,
  InitiateLayerUpload: startUpload,
  UploadLayerPart: uploadPart,
  CompleteLayerUpload: completeUpload,
  BatchGetImage: manifest,
  PutImage: pushManifest,
  ListImages: tags,
}
