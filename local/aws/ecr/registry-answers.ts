import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { AwsError } from '../service.ts'
import { findImage, type ImageId, putImage } from './images.ts'
import { listReferrers } from './referrers.ts'
import { RegistryError } from './registry-errors.ts'
import type { Repository } from './repositories.ts'
import type { OciStore, Upload } from './store.ts'

export type RegistryContent = {
  now(): Date
  store: OciStore
  /** The uploads under way, each known to its own repository only. */
  uploads: Map<string, { path: string; upload: Upload; size: number }>
  downloadUrl(repository: Repository, digest: string): Promise<string>
}

/** `reference`: tag, digest or id of an upload. */
type RegistryRequest = { repository: Repository; reference: string; incoming: IncomingMessage }

type Answer = (content: RegistryContent, request: RegistryRequest) => Promise<Response>

const reply = (status: number, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> | null = null): Response =>
  new Response(body, { status, headers: { 'docker-distribution-api-version': 'registry/2.0', ...headers } })

const absolute = (incoming: IncomingMessage, path: string): string => `http://${incoming.headers.host}${path}`

const idOf = (reference: string): ImageId =>
  reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference }

const blobSizeOf = async ({ store }: RegistryContent, { repository, reference }: RegistryRequest): Promise<number> => {
  const size = await store.statBlob(repository.path, reference)
  if (size === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  return size
}

const statBlob: Answer = async (content, request) =>
  reply(200, {
    'content-length': String(await blobSizeOf(content, request)),
    'docker-content-digest': request.reference,
    'content-type': 'application/octet-stream',
  })

const readBlob: Answer = async (content, request) => {
  await blobSizeOf(content, request)
  return reply(307, { location: await content.downloadUrl(request.repository, request.reference) })
}

const uploadReply = (status: number, { repository: { name }, incoming }: RegistryRequest, id: string, size: number): Response =>
  reply(status, {
    location: absolute(incoming, `/v2/${name}/blobs/uploads/${id}`),
    range: `0-${Math.max(0, size - 1)}`,
    'docker-upload-uuid': id,
  })

const openUpload = ({ uploads }: RegistryContent, { repository, reference }: RegistryRequest) => {
  const open = uploads.get(reference)
  if (open?.path === repository.path) return open
  throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', `no upload ${reference}`)
}

/** A `mount` is not done, as on ECR unless the account asks for it: the answer is the start of an ordinary upload. */
const startUpload: Answer = async ({ uploads, store }, request) => {
  const id = randomUUID()
  const { path } = request.repository
  uploads.set(id, { path, upload: await store.startUpload(path), size: 0 })
  return uploadReply(202, request, id, 0)
}

const uploadStatus: Answer = async (content, request) =>
  uploadReply(204, request, request.reference, openUpload(content, request).size)

const uploadPart: Answer = async (content, request) => {
  const open = openUpload(content, request)
  const [, from] = /^(\d+)-/.exec(request.incoming.headers['content-range'] ?? '') ?? []
  if (from !== undefined && Number(from) !== open.size) {
    throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', `the next byte is ${open.size}, not ${from}`)
  }
  open.size = await open.upload.append(request.incoming)
  return uploadReply(202, request, request.reference, open.size)
}

const cancelUpload: Answer = async (content, request) => {
  openUpload(content, request)
  content.uploads.delete(request.reference)
  return reply(204, {})
}

const completeUpload: Answer = async (content, request) => {
  const { incoming, repository, reference } = request
  const digest = new URL(absolute(incoming, incoming.url ?? '')).searchParams.get('digest') ?? ''
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new RegistryError(400, 'DIGEST_INVALID', `'${digest}' is no sha256 digest`)
  const { upload } = openUpload(content, request)
  content.uploads.delete(reference)
  await upload.complete(digest, incoming.headers['content-length'] === '0' ? undefined : incoming)
  const location = absolute(incoming, `/v2/${repository.name}/blobs/${digest}`)
  return reply(201, { location, 'docker-content-digest': digest })
}

const readManifest: Answer = async ({ store }, { repository, reference, incoming }) => {
  const image = findImage(repository, idOf(reference))
  const stored = image && (await store.readManifest(repository.path, image.digest))
  if (image === undefined || stored === undefined) throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
  const headers = {
    'content-type': image.mediaType,
    'content-length': String(stored.bytes.length),
    'docker-content-digest': image.digest,
  }
  return reply(200, headers, incoming.method === 'HEAD' ? null : new Uint8Array(stored.bytes))
}

const pushManifest: Answer = async ({ now, store }, { repository, reference, incoming }) => {
  const id = idOf(reference)
  const push = { manifest: await buffer(incoming), mediaType: incoming.headers['content-type'], ...id }
  const pushed = await putImage(store, repository, push, now()).catch((error: unknown) => {
    // Over HTTP a push of what is there already is a success.
    if (error instanceof AwsError && error.name === 'ImageAlreadyExistsException') return findImage(repository, id)
    throw error
  })
  const digest = pushed?.digest ?? ''
  const location = absolute(incoming, `/v2/${repository.name}/manifests/${digest}`)
  // Says that whoever pushed it need not keep a list of referrers himself.
  const subject: Record<string, string> = pushed?.refers ? { 'oci-subject': pushed.refers.subject } : {}
  return reply(201, { location, 'docker-content-digest': digest, ...subject })
}

const readReferrers: Answer = async (_, { repository, reference, incoming }) => {
  const { headers, body } = listReferrers(repository, reference, new URL(absolute(incoming, incoming.url ?? '')))
  return reply(200, headers, body)
}

const listTags: Answer = async (_, { repository }) =>
  reply(200, { 'content-type': 'application/json' }, JSON.stringify({ name: repository.name, tags: [...repository.tags.keys()] }))

/** By kind of path and method: the operation as which ECR logs a request, the answer to it, and the IAM action where that is another. */
export const registryAnswers: Record<string, Record<string, [action: string, answer: Answer, permission?: string]>> = {
  uploads: {
    POST: ['InitiateLayerUpload', startUpload],
    GET: ['UploadLayerPart', uploadStatus],
    PATCH: ['UploadLayerPart', uploadPart],
    PUT: ['CompleteLayerUpload', completeUpload],
    DELETE: ['UploadLayerPart', cancelUpload],
  },
  blobs: { HEAD: ['BatchCheckLayerAvailability', statBlob], GET: ['GetDownloadUrlForLayer', readBlob] },
  manifests: {
    HEAD: ['BatchGetImage', readManifest],
    GET: ['BatchGetImage', readManifest],
    PUT: ['PutImage', pushManifest],
  },
  // There is no IAM action of that name: who may read an image may list what refers to it (API reference, ListImageReferrers).
  referrers: { GET: ['ListImageReferrers', readReferrers, 'BatchGetImage'] },
  tags: { GET: ['ListImages', listTags] },
}
