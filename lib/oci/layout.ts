import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import {
  type Descriptor,
  digestOf,
  type Manifest,
  parseManifest,
  parsePlatform,
  platformDigests,
  platformName,
} from './manifest.ts'
import { LARGEST_MANIFEST } from './read.ts'

/** One manifest with its exact bytes: what the registry stores, and what the digest is of. */
export type StoredManifest = { descriptor: Descriptor; bytes: string; manifest: Manifest }

/** An image that can be sent to a registry. */
export type ImageContent = {
  root: StoredManifest
  /** In the order in which a registry accepts them: what an index names comes before the index. The root is the last. */
  manifests: StoredManifest[]
  /** Configurations and layers, each once. */
  blobs: Descriptor[]
  /** Digest of the image of each platform, `linux/amd64`. */
  platformDigests: Record<string, string>
  /** Opens a blob from its first byte. Does not check what it reads. */
  open(blob: Descriptor): Readable
}

/** Reads an OCI image layout, the folder that `docker buildx build --output type=oci,tar=false` writes. It holds one image. */
export const readLayout = async (folder: string): Promise<ImageContent> => {
  const index = parseManifest(await readFile(join(folder, 'index.json'), 'utf8'))
  if (index.kind !== 'index') throw new Error(`'${folder}' is no OCI image layout: its index.json is no index`)
  const roots = new Map(index.manifests.map((root) => [root.digest, root]))
  const [first] = roots.values()
  if (first === undefined || roots.size !== 1) throw new Error(`'${folder}' holds ${roots.size} images, expected one`)
  const root = await readManifest(folder, first)
  const children = root.manifest.kind === 'index' ? root.manifest.manifests : []
  const manifests = [...(await Promise.all(children.map((child) => readManifest(folder, child)))), root]
  const blobs = new Map(manifests.flatMap(({ manifest }) => blobsOf(manifest)).map((blob) => [blob.digest, blob]))
  return {
    root,
    manifests,
    blobs: [...blobs.values()],
    platformDigests: await platforms(folder, root),
    open: (blob) => createReadStream(blobPath(folder, blob)),
  }
}

const readManifest = async (folder: string, descriptor: Descriptor): Promise<StoredManifest> => {
  const path = blobPath(folder, descriptor)
  if ((await stat(path)).size > LARGEST_MANIFEST) throw new Error(`the manifest ${descriptor.digest} is larger than ECR's 4 MiB`)
  const bytes = await readFile(path, 'utf8')
  if (digestOf(bytes) !== descriptor.digest) throw new Error(`the manifest ${descriptor.digest} in '${folder}' is damaged`)
  return { descriptor, bytes, manifest: parseManifest(bytes) }
}

const blobsOf = (manifest: Manifest): Descriptor[] => (manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : [])

/** A manifest of one image does not say its platform; its configuration does. */
const platforms = async (folder: string, { manifest, descriptor }: StoredManifest): Promise<Record<string, string>> => {
  if (manifest.kind === 'index') return platformDigests(manifest.manifests)
  const platform = parsePlatform(JSON.parse(await readFile(blobPath(folder, manifest.config), 'utf8')))
  return { [platformName(platform)]: descriptor.digest }
}

const blobPath = (folder: string, { digest }: Descriptor): string => join(folder, 'blobs', ...digest.split(':'))
