import type { Readable } from 'node:stream'

export type StoredManifest = { mediaType: string; bytes: Buffer }

/** One blob on its way in. */
export type Upload = {
  /** Adds a chunk as it arrives; resolves to the number of bytes received so far. */
  append(body: Readable): Promise<number>
  /** Adds the rest, if any, and keeps the blob under that digest. Rejects with `DigestMismatch`, and then keeps nothing. */
  complete(digest: string, body?: Readable): Promise<void>
}

/**
 * Where the bytes of images are: blobs and manifests by digest, per repository. It knows no tags and no rules of ECR.
 * The name of a repository is `ACCOUNT/REGION/NAME`, so that registries never share content.
 */
export type OciStore = {
  /** Size in bytes; undefined when this repository does not have the blob. */
  statBlob(repository: string, digest: string): Promise<number | undefined>
  /** Undefined when this repository does not have the blob. */
  readBlob(repository: string, digest: string): Promise<Readable | undefined>
  startUpload(repository: string): Promise<Upload>
  /** Keeps the bytes as they are. What a manifest refers to must be there before it. */
  putManifest(repository: string, digest: string, manifest: StoredManifest): Promise<void>
  readManifest(repository: string, digest: string): Promise<StoredManifest | undefined>
  /** Removes everything, processes and files included. */
  close(): Promise<void>
}

export class DigestMismatch extends Error {}
