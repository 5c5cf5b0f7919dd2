import { isDigest } from '../image.ts'
import type { StoredManifest } from './layout.ts'
import { type Descriptor, digestOf, parseManifest } from './manifest.ts'
import { eachAtMost } from './push.ts'
import type { ManifestAnswer } from './read.ts'
import type { Registry } from './registry.ts'
import { type Retry, withRetry } from './retry.ts'

const CONCURRENT_READS = 4

type Named = Pick<Descriptor, 'digest'> & { mediaType?: string }

/**
 * Reads a manifest and, where it is an index, all that it names: each once, with the exact bytes that hash to its digest, what an
 * index names before the index, the root last. Undefined where the root is not there; rejects where something below it is not.
 */
export const readTree = async (from: Registry, digest: string, retry: Retry): Promise<StoredManifest[] | undefined> => {
  if (!isDigest(digest)) throw new Error(`an image is copied by its digest, sha256:…, got '${digest}'`)
  const found = new Map<string, StoredManifest>()
  for (let wanted: Named[] = [{ digest }]; wanted.length > 0; ) {
    await eachAtMost(CONCURRENT_READS, wanted, async (named) => {
      const answer = await withRetry(retry, () => from.getManifest(named.digest))
      if (answer !== undefined) found.set(named.digest, stored(named, answer, from))
      else if (named.digest !== digest) {
        throw new Error(
          `${from.repository} lacks ${named.digest}, which the index ${digest} names: it cannot be copied as a whole`,
        )
      }
    })
    wanted = missing(
      wanted.flatMap((named) => children(found.get(named.digest))),
      found,
    )
  }
  return found.size === 0 ? undefined : [...inOrder(digest, found)]
}

const children = (stored: StoredManifest | undefined): Descriptor[] =>
  stored?.manifest.kind === 'index' ? stored.manifest.manifests : []

const missing = (named: Descriptor[], found: ReadonlyMap<string, StoredManifest>): Descriptor[] => [
  ...new Map(named.filter(({ digest }) => !found.has(digest)).map((each) => [each.digest, each])).values(),
]

/** An index may name what another index in it names too: that comes before both. */
const inOrder = (
  digest: string,
  found: ReadonlyMap<string, StoredManifest>,
  done = new Set<StoredManifest>(),
): Set<StoredManifest> => {
  const stored = found.get(digest)
  if (stored === undefined || done.has(stored)) return done
  for (const child of children(stored)) inOrder(child.digest, found, done)
  return done.add(stored)
}

/** A manifest's own word on its type comes before that of the index, and that before the registry's. */
const stored = (named: Named, { bytes, mediaType }: ManifestAnswer, from: Registry): StoredManifest => {
  const actual = digestOf(bytes)
  if (actual !== named.digest) throw new Error(`what ${from.repository} serves as ${named.digest} hashes to ${actual}`)
  const own: unknown = JSON.parse(bytes).mediaType
  const type = typeof own === 'string' ? own : (named.mediaType ?? mediaType)
  return {
    descriptor: { mediaType: type, digest: named.digest, size: Buffer.byteLength(bytes) },
    bytes,
    manifest: parseManifest(bytes),
  }
}
