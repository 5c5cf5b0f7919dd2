import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openRegistry, type Registry } from '../lib/oci/registry.ts'
import { startDistribution } from '../local/aws/ecr/distribution-process.ts'
import { ensureRegistryProgram } from '../local/engine/packages.ts'

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

export type Content = { mediaType: string; digest: string; size: number }

const describe = (mediaType: string, bytes: Buffer): Content => ({
  mediaType,
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  size: bytes.length,
})

/**
 * The CNCF Distribution on loopback, filled with nothing but fetch; the machine's own program, or Debian's, unpacked. It keeps its
 * content in a folder of its own in `storage`.
 */
export const startRegistry = async (storage?: string) => {
  const home = join(import.meta.dirname, '..', '.slipway')
  const program = await ensureRegistryProgram({ home, say: (line) => console.error(line) })
  const { url, close } = await startDistribution(program, storage)
  const expect201 = async (answer: Response): Promise<void> => {
    if (answer.status !== 201) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`)
  }
  const putBlob = async (name: string, mediaType: string, bytes: Buffer): Promise<Content> => {
    const content = describe(mediaType, bytes)
    const started = await fetch(`${url}/v2/${name}/blobs/uploads/`, { method: 'POST' })
    const at = new URL(started.headers.get('location') ?? '', url)
    at.searchParams.set('digest', content.digest)
    const headers = { 'content-type': 'application/octet-stream' }
    await expect201(await fetch(at, { method: 'PUT', body: new Uint8Array(bytes), headers }))
    return content
  }
  const putManifest = async (name: string, mediaType: string, content: object, tag?: string): Promise<Content> => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }, null, 3))
    const found = describe(mediaType, bytes)
    const at = `${url}/v2/${name}/manifests/${tag ?? found.digest}`
    await expect201(await fetch(at, { method: 'PUT', body: new Uint8Array(bytes), headers: { 'content-type': mediaType } }))
    return found
  }
  return {
    url,
    host: new URL(url).host,
    close,
    putImage: async (name: string, layers: Buffer[], more: object = {}, architecture = 'amd64'): Promise<Content> => {
      const config = {
        os: 'linux',
        architecture,
        rootfs: { type: 'layers', diff_ids: layers.map((each) => describe('', each).digest) },
      }
      const described: Content[] = []
      for (const layer of layers) described.push(await putBlob(name, LAYER, layer))
      const stored = await putBlob(name, 'application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(config)))
      return putManifest(name, IMAGE, { config: stored, layers: described, ...more })
    },
    putIndex: (name: string, manifests: object[], tag?: string): Promise<Content> => putManifest(name, INDEX, { manifests }, tag),
    /** As the product opens it. Without accounts any token will do. */
    open: (repository: string): Registry =>
      openRegistry({
        address: url,
        token: 'bm9ib2R5',
        repository,
        connections: 4,
        idle: 30_000,
        now: Date.now,
        onRequest: () => undefined,
      }),
  }
}

export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>
