import { createHash } from 'node:crypto'
import { AwsError } from '../service.ts'

export type Manifest = {
  bytes: Buffer
  digest: string
  mediaType: string
  /** Digests of the config and the layers that the repository must have. */
  blobs: string[]
  /** Digests of the images of an index. */
  children: string[]
  /** Bytes of all layers, as `imageSizeInBytes` counts them. */
  size: number
  refers: Referrer | undefined
}

/** What a manifest with a `subject` is to that subject: an entry of the list that the registry keeps of its referrers. */
export type Referrer = { subject: string; artifactType: string | undefined; annotations: Record<string, string> | undefined }

type Descriptor = { mediaType?: string; digest: string; size: number; urls?: string[] }

type ManifestJson = {
  mediaType?: string
  artifactType?: string
  config?: Descriptor
  layers?: Descriptor[]
  manifests?: Descriptor[]
  subject?: Descriptor
  annotations?: Record<string, string>
}

/** Without a type of its own an artifact has that of its configuration (OCI distribution specification, listing referrers). */
const referrerOf = ({ subject, artifactType, config, annotations }: ManifestJson): Referrer | undefined =>
  subject && { subject: subject.digest, artifactType: artifactType || config?.mediaType, annotations }

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export const invalidParameter = (member: string, rule: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter at '${member}' failed to satisfy constraint: '${rule}'`)

const maximum = 4_194_304

/** Reads what was pushed. Its bytes stay as they are: only they have the digest. */
export const parseManifest = (bytes: Buffer, declaredMediaType: string | undefined): Manifest => {
  if (bytes.length === 0 || bytes.length > maximum) {
    throw invalidParameter('imageManifest', `must have length between 1 and ${maximum}`)
  }
  let json: ManifestJson
  try {
    json = JSON.parse(bytes.toString())
  } catch {
    throw invalidParameter('ImageManifest', 'Invalid JSON syntax')
  }
  const mediaType = json.mediaType ?? declaredMediaType
  if (mediaType === undefined) {
    throw invalidParameter('imageManifestMediaType', 'must be provided when the manifest has no mediaType')
  }
  // Layers with addresses of their own (Windows base images) are never pushed.
  const own = (json.layers ?? []).filter(({ urls = [] }) => urls.length === 0)
  return {
    bytes,
    digest: digestOf(bytes),
    mediaType,
    blobs: [...(json.config === undefined ? [] : [json.config]), ...own].map(({ digest }) => digest),
    children: (json.manifests ?? []).map(({ digest }) => digest),
    size: (json.layers ?? []).reduce((sum, { size }) => sum + size, 0),
    refers: referrerOf(json),
  }
}
