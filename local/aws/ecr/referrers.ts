import { RegistryError } from './registry-errors.ts'
import type { Repository } from './repositories.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
/** Results on a page (API reference, ListImageReferrers). */
const MOST = 50

/**
 * The manifests whose subject is `digest`, as an index, page by page (OCI distribution specification 1.1, listing referrers). Of a
 * digest that is not there, or that nothing refers to, the list is empty.
 */
export const listReferrers = (
  repository: Repository,
  digest: string,
  { pathname, searchParams }: URL,
): { headers: Record<string, string>; body: string } => {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new RegistryError(400, 'DIGEST_INVALID', `'${digest}' is no sha256 digest`)
  const wanted = searchParams.get('artifactType') ?? undefined
  const all = [...repository.images.values()].flatMap(({ refers, mediaType, digest: own, manifestSize: size }) => {
    const { subject, artifactType, annotations } = refers ?? {}
    if (subject !== digest || (wanted !== undefined && artifactType !== wanted)) return []
    return { mediaType, digest: own, size, artifactType, annotations }
  })
  const from = Number(searchParams.get('nextToken') ?? 0)
  const next = new URLSearchParams({ ...(wanted !== undefined && { artifactType: wanted }), nextToken: String(from + MOST) })
  const headers: Record<string, string> = {
    'content-type': INDEX,
    ...(wanted !== undefined && { 'oci-filters-applied': 'artifactType' }),
    ...(from + MOST < all.length && { link: `<${pathname}?${next}>; rel="next"` }),
  }
  return { headers, body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: all.slice(from, from + MOST) }) }
}
