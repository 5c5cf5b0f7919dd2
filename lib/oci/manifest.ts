import { createHash } from 'node:crypto'
import { isDigest } from '../image.ts'

/** How one blob or manifest refers to another (OCI image specification, descriptor.md). */
export type Descriptor = {
  mediaType: string
  digest: string
  /** Bytes. */
  size: number
  platform?: Platform
}

export type Platform = { os: string; architecture: string; variant?: string }

/** A manifest of one image, or an index of several. */
export type Manifest = { kind: 'image'; config: Descriptor; layers: Descriptor[] } | { kind: 'index'; manifests: Descriptor[] }

/** Every type that ECR stores. All are named on each read: ECR may convert what it serves by tag when its type is not. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

export const digestOf = (bytes: string | Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Throws where the bytes are no manifest of schema 2. */
export const parseManifest = (bytes: string): Manifest => {
  const value = record(JSON.parse(bytes), 'manifest')
  if (Array.isArray(value['manifests'])) return { kind: 'index', manifests: value['manifests'].map(descriptor) }
  if (Array.isArray(value['layers'])) {
    return { kind: 'image', config: descriptor(value['config']), layers: value['layers'].map(descriptor) }
  }
  throw new Error('this is neither an image manifest nor an index of schema version 2')
}

export const platformName = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter(Boolean).join('/')

/** Digest of each image of an index by platform; attestations, whose platform is `unknown`, are no images. */
export const platformDigests = (manifests: Descriptor[]): Record<string, string> =>
  Object.fromEntries(
    manifests.flatMap(({ platform, digest }) =>
      platform === undefined || platform.os === 'unknown' ? [] : [[platformName(platform), digest]],
    ),
  )

const descriptor = (value: unknown): Descriptor => {
  const { mediaType, digest, size, platform } = record(value, 'descriptor')
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number' || !isDigest(digest)) {
    throw new Error(`a descriptor needs media type, SHA-256 digest and size, got ${JSON.stringify(value)}`)
  }
  return { mediaType, digest, size, ...(platform !== undefined && { platform: parsePlatform(platform) }) }
}

/** Reads `os`, `architecture` and `variant`, as in a descriptor's platform and in an image's config. */
export const parsePlatform = (value: unknown): Platform => {
  const { os, architecture, variant } = record(value, 'platform')
  if (typeof os !== 'string' || typeof architecture !== 'string') {
    throw new Error(`a platform needs os and architecture, got ${JSON.stringify(value)}`)
  }
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' && { variant }) }
}

const record = (value: unknown, what: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`this is no ${what}`)
  return value as Record<string, unknown>
}
