import type { IncomingMessage } from 'node:http'

/** The bytes as text: manifests are JSON, and the digest of anything that is not UTF-8 would no longer be right. */
export type ManifestAnswer = { mediaType: string; bytes: string }

/** `PutImage` takes no more (ECR API reference, January 2026). */
export const LARGEST_MANIFEST = 4_194_304

/** Undefined where the registry has no such thing. */
export const manifestAnswer = async (reference: string, response: IncomingMessage): Promise<ManifestAnswer | undefined> => {
  if (response.statusCode !== 200) {
    response.resume()
    return undefined
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > LARGEST_MANIFEST) throw new Error(`the manifest ${reference} is larger than ECR's 4 MiB`)
    chunks.push(chunk)
  }
  const [mediaType = ''] = (response.headers['content-type'] ?? '').split(';')
  return { mediaType: mediaType.trim(), bytes: Buffer.concat(chunks).toString('utf8') }
}

/** Where a list goes on: `<url>; rel="next"` (RFC 8288), relative to the page that says so. */
export const nextPage = (link: string | string[] | undefined, page: URL): URL | undefined => {
  const [, next] = /<([^>]*)>\s*;\s*rel="?next"?/.exec([link].flat().join(', ')) ?? []
  return next === undefined ? undefined : new URL(next, page)
}
