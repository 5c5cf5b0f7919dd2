import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { DigestMismatch, type OciStore, type StoredManifest, type Upload } from './store.ts'

type Blob = { chunks: Buffer[]; size: number }

const key = (repository: string, digest: string): string => `${repository}@${digest}`

/** Keeps chunks as they came: a blob is never copied into one piece. */
export const memoryStore = (): OciStore => {
  const blobs = new Map<string, Blob>()
  const manifests = new Map<string, StoredManifest>()

  const startUpload = async (repository: string): Promise<Upload> => {
    const blob: Blob = { chunks: [], size: 0 }
    const hash = createHash('sha256')
    const append = async (body: Readable): Promise<number> => {
      const arrived: Buffer[] = []
      for await (const chunk of body) arrived.push(chunk)
      // Only now: a chunk whose connection broke leaves nothing behind.
      for (const chunk of arrived) {
        blob.chunks.push(chunk)
        blob.size += chunk.length
        hash.update(chunk)
      }
      return blob.size
    }
    return {
      append,
      complete: async (digest, body) => {
        if (body !== undefined) await append(body)
        const actual = `sha256:${hash.digest('hex')}`
        if (actual !== digest) throw new DigestMismatch(`the bytes are ${actual}, not ${digest}`)
        blobs.set(key(repository, digest), blob)
      },
    }
  }

  return {
    statBlob: async (repository, digest) => blobs.get(key(repository, digest))?.size,
    readBlob: async (repository, digest) => {
      const blob = blobs.get(key(repository, digest))
      return blob && Readable.from(blob.chunks, { objectMode: false })
    },
    startUpload,
    putManifest: async (repository, digest, manifest) => {
      manifests.set(key(repository, digest), manifest)
    },
    readManifest: async (repository, digest) => manifests.get(key(repository, digest)),
    close: async () => {
      blobs.clear()
      manifests.clear()
    },
  }
}
