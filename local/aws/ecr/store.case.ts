import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DigestMismatch, type OciStore } from './store.ts'

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const stream = (...chunks: Buffer[]): Readable => Readable.from(chunks, { objectMode: false })

/** What every store of images does. Called once in the test file of each implementation. */
export const storeBehaviour = (open: () => OciStore | Promise<OciStore>): void => {
  const repository = '111111111111/eu-west-1/team/app'
  let store: OciStore
  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store.close())

  const push = async (bytes: Buffer, to = repository): Promise<string> => {
    const upload = await store.startUpload(to)
    await upload.complete(digestOf(bytes), stream(bytes))
    return digestOf(bytes)
  }

  const read = async (digest: string, from = repository) => {
    const found = await store.readBlob(from, digest)
    return found && buffer(found)
  }

  test('gives back a blob that came in one piece', async () => {
    const bytes = randomBytes(100_000)
    const digest = await push(bytes)
    expect(await store.statBlob(repository, digest)).toBe(100_000)
    expect((await read(digest))?.equals(bytes)).toBe(true)
  })

  test('puts chunks together in order and counts them', async () => {
    const [first, second, last] = [randomBytes(70_000), randomBytes(10), randomBytes(3)]
    const upload = await store.startUpload(repository)
    expect(await upload.append(stream(first))).toBe(70_000)
    expect(await upload.append(stream(second))).toBe(70_010)
    const whole = Buffer.concat([first, second, last])
    await upload.complete(digestOf(whole), stream(last))
    expect((await read(digestOf(whole)))?.equals(whole)).toBe(true)
  })

  test('completes without a body after chunks', async () => {
    const bytes = randomBytes(5_000)
    const upload = await store.startUpload(repository)
    await upload.append(stream(bytes))
    await upload.complete(digestOf(bytes))
    expect(await store.statBlob(repository, digestOf(bytes))).toBe(5_000)
  })

  test('refuses bytes that are not those of the digest, and keeps nothing', async () => {
    const promised = digestOf(randomBytes(8))
    const upload = await store.startUpload(repository)
    await expect(upload.complete(promised, stream(randomBytes(8)))).rejects.toBeInstanceOf(DigestMismatch)
    expect(await store.statBlob(repository, promised)).toBeUndefined()
  })

  test('does not know blobs and manifests of another repository', async () => {
    const bytes = randomBytes(9)
    const digest = await push(bytes, '222222222222/eu-west-1/team/app')
    expect(await store.statBlob(repository, digest)).toBeUndefined()
    expect(await read(digest)).toBeUndefined()
    expect(await store.readManifest(repository, digest)).toBeUndefined()
  })

  test('takes the same blob twice', async () => {
    const bytes = randomBytes(11)
    expect(await push(bytes)).toBe(await push(bytes))
  })

  test('keeps the bytes and the media type of a manifest and of an index', async () => {
    const config = Buffer.from('{"architecture":"amd64","os":"linux"}')
    const layer = randomBytes(1_000)
    const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) })
    await Promise.all([push(config), push(layer)])
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = Buffer.from(
      // Spacing that no serialiser would produce.
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: descriptor('application/vnd.oci.image.config.v1+json', config),
        layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
      }).replace('{', '{ \n\t '),
    )
    await store.putManifest(repository, digestOf(manifest), { mediaType, bytes: manifest })
    expect(await store.readManifest(repository, digestOf(manifest))).toEqual({ mediaType, bytes: manifest })

    const indexType = 'application/vnd.oci.image.index.v1+json'
    const child = { ...descriptor(mediaType, manifest), platform: { architecture: 'amd64', os: 'linux' } }
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [child] }, null, 3))
    await store.putManifest(repository, digestOf(index), { mediaType: indexType, bytes: index })
    expect(await store.readManifest(repository, digestOf(index))).toEqual({ mediaType: indexType, bytes: index })
  })

  test('receives uploads side by side', async () => {
    const blobs = Array.from({ length: 8 }, () => randomBytes(200_000))
    const digests = await Promise.all(blobs.map((bytes) => push(bytes)))
    const back = await Promise.all(digests.map((digest) => read(digest)))
    expect(back.map((bytes) => bytes && digestOf(bytes))).toEqual(digests)
  })
}
