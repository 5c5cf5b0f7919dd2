import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Descriptor } from './manifest.ts'

export type SampleLayout = { folder: string; root: Descriptor; layers: Descriptor[] }

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'

/** Writes an OCI image layout with random layers, an image a platform, for tests. */
export const sampleLayout = (
  options: { layers?: number; bytes?: number; platforms?: string[]; layerType?: string } = {},
): SampleLayout => {
  const {
    layers: count = 2,
    bytes = 1000,
    platforms = ['linux/amd64'],
    layerType = 'application/vnd.oci.image.layer.v1.tar+gzip',
  } = options
  const folder = mkdtempSync(join(tmpdir(), 'layout-'))
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  const store = (mediaType: string, content: Buffer | object): Descriptor => {
    const buffer = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
    const hex = createHash('sha256').update(buffer).digest('hex')
    writeFileSync(join(folder, 'blobs/sha256', hex), buffer)
    return { mediaType, digest: `sha256:${hex}`, size: buffer.length }
  }
  const layers = Array.from({ length: count }, () => store(layerType, randomBytes(bytes)))
  const images = platforms.map((name) => {
    const [os = '', architecture = '', variant] = name.split('/')
    const platform = { os, architecture, ...(variant !== undefined && { variant }) }
    const config = store('application/vnd.oci.image.config.v1+json', { ...platform, rootfs: {} })
    return { ...store(IMAGE, { schemaVersion: 2, mediaType: IMAGE, config, layers }), platform }
  })
  const [only] = images
  const root = images.length === 1 && only ? only : store(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: images })
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [root] }))
  return { folder, root, layers }
}
