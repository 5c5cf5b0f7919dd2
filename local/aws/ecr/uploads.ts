import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { RegistryError } from './registry-errors.ts'
import type { Repository } from './repositories.ts'
import type { OciStore, Upload } from './store.ts'

type Open = { path: string; upload: Upload; size: number }

export type Uploads = {
  start(repository: Repository): Promise<string>
  /** Bytes received so far. */
  size(repository: Repository, id: string): number
  append(repository: Repository, id: string, from: number | undefined, body: Readable): Promise<number>
  complete(repository: Repository, id: string, digest: string, body: Readable | undefined): Promise<void>
  cancel(repository: Repository, id: string): void
}

/** The uploads under way in the registries, each known to its own repository only. */
export const createUploads = (store: OciStore): Uploads => {
  const uploads = new Map<string, Open>()

  const find = ({ path }: Repository, id: string): Open => {
    const open = uploads.get(id)
    if (open === undefined || open.path !== path) throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', `no upload ${id}`)
    return open
  }

  return {
    start: async ({ path }) => {
      const id = randomUUID()
      uploads.set(id, { path, upload: await store.startUpload(path), size: 0 })
      return id
    },
    size: (repository, id) => find(repository, id).size,
    append: async (repository, id, from, body) => {
      const open = find(repository, id)
      if (from !== undefined && from !== open.size) {
        throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', `the next byte is ${open.size}, not ${from}`)
      }
      open.size = await open.upload.append(body)
      return open.size
    },
    complete: async (repository, id, digest, body) => {
      const { upload } = find(repository, id)
      uploads.delete(id)
      await upload.complete(digest, body)
    },
    cancel: (repository, id) => {
      find(repository, id)
      uploads.delete(id)
    },
  }
}
