import type { StoredManifest } from './layout.ts'
import type { Descriptor } from './manifest.ts'
import { CONCURRENT_BLOBS, eachAtMost, type Pushed } from './push.ts'
import { isDenied, listReferrers, recordReferrers } from './referrers.ts'
import type { Registry } from './registry.ts'
import { type RegistryError, type Retry, withRetry } from './retry.ts'
import { readTree } from './tree.ts'

export type CopyOptions = {
  /** Whether signatures, SBOMs and attestations that name the image as their subject are copied after it, and theirs in turn. */
  referrers: boolean
  /** Told where the source does not say what refers to the image; only the image is copied then. Without it that is an error. */
  onReferrersDenied?(error: RegistryError): void
  retry: Retry
}

/** Bytes, referrers included. Mounted are those that the registry took from another of its repositories. */
export type Copied = Pushed & { mounted: number /** How many, not bytes. */; referrers: number }

/**
 * Brings an image from one repository to another under the same digest, through memory: blobs are hashed on their way, four at
 * once, and then the manifests follow with their exact bytes, the images of an index before the index; each is read back and
 * compared. What is there already is not sent again, so a copy that was cut off continues where it stopped. Sets no tag.
 */
export const copyImage = async (from: Registry, to: Registry, digest: string, options: CopyOptions): Promise<Copied> => {
  const { retry } = options
  const image = await readTree(from, digest, retry)
  if (image === undefined) throw new Error(`${digest} is not in ${from.repository} of ${from.address}`)
  const copied: Copied = { sent: 0, skipped: 0, mounted: 0, referrers: 0 }
  const transfer = transferring(from, to, retry, copied)
  await transfer(image)
  if (!options.referrers) return copied
  const subjects = image.toReversed()
  const seen = new Set(subjects.map(({ descriptor }) => descriptor.digest))
  for (let subject = subjects.shift(); subject !== undefined; subject = subjects.shift()) {
    const found: StoredManifest[] = []
    for (const referrer of await referrersOf(from, subject.descriptor.digest, options)) {
      // A list that stands behind a tag may name what was deleted.
      const tree = await readTree(from, referrer, retry)
      if (tree === undefined) continue
      await transfer(tree)
      found.push(...tree.slice(-1))
    }
    if (found.length > 0) await recordReferrers(to, subject.descriptor.digest, found, retry)
    const fresh = found.filter(({ descriptor }) => !seen.has(descriptor.digest))
    for (const { descriptor } of fresh) seen.add(descriptor.digest)
    copied.referrers += fresh.length
    subjects.push(...fresh)
  }
  return copied
}

const referrersOf = async (from: Registry, digest: string, options: CopyOptions): Promise<string[]> => {
  try {
    return await listReferrers(from, digest, options.retry)
  } catch (error) {
    if (!isDenied(error) || options.onReferrersDenied === undefined) throw error
    options.onReferrersDenied(error)
    return []
  }
}

/** Copies the manifests of one tree with their blobs, and adds up in `copied`. A blob of several trees is asked for once. */
const transferring = (from: Registry, to: Registry, retry: Retry, copied: Copied) => {
  const mountFrom = from.address === to.address && from.repository !== to.repository ? from.repository : undefined
  const done = new Set<string>()

  /** Asks first on every attempt: the registry may have kept a blob whose confirmation was lost. */
  const copyBlob = async (blob: Descriptor): Promise<'skipped' | 'sent' | 'mounted'> => {
    if (await to.hasBlob(blob)) return 'skipped'
    if (isElsewhere(blob) && !(await from.hasBlob(blob))) return 'skipped'
    return to.putBlob(blob, () => from.getBlob(blob), mountFrom)
  }

  return async (manifests: StoredManifest[]): Promise<void> => {
    const blobs = new Map(
      manifests
        .flatMap(({ manifest }) => (manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : []))
        .filter(({ digest }) => !done.has(digest))
        .map((blob) => [blob.digest, blob]),
    )
    // The largest first, so that none of them is left alone at the end.
    const queue = [...blobs.values()].toSorted((one, other) => other.size - one.size)
    await eachAtMost(CONCURRENT_BLOBS, queue, async (blob) => {
      copied[await withRetry(retry, () => copyBlob(blob))] += blob.size
      done.add(blob.digest)
    })
    for (const manifest of manifests) {
      copied[await withRetry(retry, () => copyManifest(to, manifest))] += manifest.descriptor.size
    }
  }
}

/** Layers that are fetched from their vendor: a registry takes a manifest without them (OCI image specification, layer.md). */
const isElsewhere = ({ mediaType }: Descriptor): boolean => /\.(foreign|nondistributable)\./.test(mediaType)

const copyManifest = async (to: Registry, manifest: StoredManifest): Promise<'skipped' | 'sent'> => {
  if (await isThere(to, manifest)) return 'skipped'
  await to.putManifest(manifest)
  if (await isThere(to, manifest)) return 'sent'
  throw new Error(
    `${manifest.descriptor.digest} was sent to ${to.repository}, but the registry does not answer with it: run it again`,
  )
}

const isThere = async (to: Registry, { descriptor, bytes }: StoredManifest): Promise<boolean> => {
  const there = await to.getManifest(descriptor.digest)
  return there?.bytes === bytes && there.mediaType === descriptor.mediaType
}
