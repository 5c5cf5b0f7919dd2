import { randomBytes } from 'node:crypto'
import { digestOf } from './manifest.ts'

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

/** A small image for tests: one layer of random bytes, its config and its manifest. */
export const newImage = () => {
  const config = Buffer.from('{"architecture":"amd64","os":"linux"}')
  const layer = randomBytes(1_000)
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(layer), size: layer.length }],
    }),
  )
  return { blobs: [config, layer], layer, manifest, digest: digestOf(manifest) }
}

export const indexOf = (...manifests: Buffer[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: manifests.map((bytes) => ({ mediaType: manifestType, digest: digestOf(bytes), size: bytes.length })),
    }),
  )

/** Talks to a registry as a client does, with nothing but fetch. */
export const registryClient = (url: string, token: string | undefined) => {
  const authorization = token === undefined ? {} : { authorization: `Basic ${token}` }
  const send = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { ...authorization, ...(init.headers as Record<string, string>) } })
  const pushBlob = async (repository: string, bytes: Buffer) => {
    const opened = await send(`/v2/${repository}/blobs/uploads/`, { method: 'POST' })
    const location = `${opened.headers.get('location')}?digest=${digestOf(bytes)}`
    return send(location, { method: 'PUT', body: new Uint8Array(bytes) })
  }
  const pushManifest = (repository: string, reference: string, bytes: Buffer, type = manifestType) =>
    send(`/v2/${repository}/manifests/${reference}`, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: { 'content-type': type },
    })
  return { send, pushBlob, pushManifest }
}
