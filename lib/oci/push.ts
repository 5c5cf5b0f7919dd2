import type { ImageContent } from './layout.ts'
import type { Descriptor } from './manifest.ts'
import type { Registry } from './registry.ts'
import { type Retry, withRetry } from './retry.ts'

/** Bytes of blobs and manifests that were sent, and of blobs that the registry had already. */
export type Pushed = { sent: number; skipped: number }

export const CONCURRENT_BLOBS = 4

/**
 * Brings an image into a repository by digest: blobs first, four at once, then the manifests with their exact bytes. What
 * is there already is not sent again, so a push that was cut off continues where it stopped. Sets no tag.
 */
export const pushImage = async (image: ImageContent, registry: Registry, retry: Retry): Promise<Pushed> => {
  const pushed: Pushed = { sent: 0, skipped: 0 }
  await eachAtMost(CONCURRENT_BLOBS, image.blobs, async (blob) => {
    const sent = await withRetry(retry, () => pushBlob(image, registry, blob))
    pushed[sent ? 'sent' : 'skipped'] += blob.size
  })
  for (const manifest of image.manifests) {
    await withRetry(retry, () => registry.putManifest(manifest))
    pushed.sent += manifest.descriptor.size
  }
  return pushed
}

/** Asks first on every attempt: the registry may have kept a blob whose confirmation was lost. */
const pushBlob = async (image: ImageContent, registry: Registry, blob: Descriptor): Promise<boolean> => {
  if (await registry.hasBlob(blob)) return false
  await registry.putBlob(blob, () => image.open(blob))
  return true
}

/** Works on `limit` items at a time. The first error ends all workers, and is thrown once they have stopped. */
export const eachAtMost = async <T>(limit: number, items: T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = [...items]
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    worker().catch((error) => {
      queue.length = 0
      throw error
    }),
  )
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
