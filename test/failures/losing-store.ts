import { memoryStore } from '../../local/aws/ecr/memory-store.ts'
import type { OciStore } from '../../local/aws/ecr/store.ts'

/** A store that loses manifests, as a registry does whose lifecycle policy or owner deletes an image at a bad moment. */
export const losingStore = (): OciStore & { loseAfter(digest: string, reads: number): void } => {
  const store = memoryStore()
  /** How often a manifest may still be read. */
  const lost = new Map<string, number>()
  return {
    ...store,
    readManifest: async (path, digest) => {
      const left = lost.get(digest)
      if (left === undefined) return store.readManifest(path, digest)
      lost.set(digest, left - 1)
      return left > 0 ? store.readManifest(path, digest) : undefined
    },
    loseAfter: (digest, reads) => void lost.set(digest, reads),
  }
}
