import type { StoredManifest } from './layout.ts'
import { digestOf, parseManifest } from './manifest.ts'
import type { Registry } from './registry.ts'
import { RegistryError, type Retry, withRetry } from './retry.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'

/** Where registries without a list of referrers keep one (OCI distribution 1.1, referrers tag schema). */
export const referrersTag = (digest: string): string => digest.replace(':', '-')

/** Digests of the manifests whose subject is `digest`: by the registry's list, or by the tag that stands in for it. */
export const listReferrers = async (registry: Registry, digest: string, retry: Retry): Promise<string[]> => {
  const pages = await withRetry(retry, () => registry.getReferrers(digest))
  if (pages !== undefined) return [...new Set(pages.flatMap(digestsIn))]
  const fallback = await withRetry(retry, () => registry.getManifest(referrersTag(digest)))
  return fallback?.mediaType === INDEX ? digestsIn(fallback.bytes) : []
}

const digestsIn = (bytes: string): string[] => {
  const manifest = parseManifest(bytes)
  return manifest.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : []
}

/**
 * Makes referrers that the registry has findable from their subject. Where the registry lists them by itself there is nothing to
 * do; elsewhere the tag's index gets those that it lacks. Two writers at once can lose one's entry: a later copy adds it again.
 */
export const recordReferrers = async (
  registry: Registry,
  subject: string,
  referrers: StoredManifest[],
  retry: Retry,
): Promise<void> => {
  if (await withRetry(retry, () => keepsList(registry, subject))) return
  const tag = referrersTag(subject)
  const before = await withRetry(retry, () => registry.getManifest(tag))
  const bytes = withReferrers(before?.bytes, referrers)
  if (bytes === before?.bytes) return
  const descriptor = { mediaType: INDEX, digest: digestOf(bytes), size: Buffer.byteLength(bytes) }
  await withRetry(retry, () => registry.putManifest({ descriptor, bytes, manifest: parseManifest(bytes) }, tag))
}

/** Who may not read the list has it all the same. */
const keepsList = async (registry: Registry, subject: string): Promise<boolean> => {
  try {
    return (await registry.getReferrers(subject)) !== undefined
  } catch (error) {
    if (isDenied(error)) return true
    throw error
  }
}

export const isDenied = (error: unknown): error is RegistryError =>
  error instanceof RegistryError && (error.status === 401 || error.status === 403)

/** The index with these among its manifests; the same text where they are already. Entries of others stay as they are. */
const withReferrers = (before: string | undefined, referrers: StoredManifest[]): string => {
  const index = before === undefined ? { schemaVersion: 2, mediaType: INDEX, manifests: [] } : JSON.parse(before)
  const known = new Set(index.manifests.map(({ digest }: { digest: string }) => digest))
  const missing = referrers.filter(({ descriptor }) => !known.has(descriptor.digest))
  if (before !== undefined && missing.length === 0) return before
  return JSON.stringify({ ...index, manifests: [...index.manifests, ...missing.map(entry)] })
}

/** What a list of referrers says of each: the type of an artifact without its own is that of its configuration. */
const entry = ({ descriptor, bytes, manifest }: StoredManifest): object => {
  const { artifactType, annotations } = JSON.parse(bytes)
  const type = artifactType ?? (manifest.kind === 'image' ? manifest.config.mediaType : undefined)
  return { ...descriptor, ...(type && { artifactType: type }), ...(annotations && { annotations }) }
}
