import { afterEach, describe, expect, it } from 'vitest'
import { type CopyRegistry, copyRegistry } from './copy.case.ts'
import { type Copied, type CopyOptions, copyImage } from './copy.ts'
import type { Descriptor } from './manifest.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const start = async (behaviour?: Parameters<typeof copyRegistry>[0]): Promise<CopyRegistry> => {
  const registry = await copyRegistry(behaviour)
  closing.push(registry.close)
  return registry
}
const waits: number[] = []
const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds)
const retry = { attempts: 4, sleep, random: () => 0.5 }

type Ends = { from: CopyRegistry; to: CopyRegistry; names?: [string, string] }
const copy = async ({ from, to, names = ['shop/app', 'shop/app'] }: Ends, digest: string, options: Partial<CopyOptions> = {}) => {
  waits.length = 0
  const ends = [from.open(names[0], { idle: 300 }), to.open(names[1], { idle: 300 })] as const
  try {
    return await copyImage(...ends, digest, { referrers: false, retry, ...options })
  } finally {
    for (const end of ends) end.close()
  }
}
const pair = async (): Promise<{ from: CopyRegistry; to: CopyRegistry }> => ({ from: await start(), to: await start() })
const contents = (registry: CopyRegistry, name = 'shop/app') => registry.repository(name)
const layersOf = (registry: CopyRegistry, { digest }: Descriptor): Descriptor[] =>
  JSON.parse(contents(registry).manifests.get(digest)?.bytes ?? '').layers

describe('copying an image', () => {
  it('brings every blob and the exact bytes of the manifest', async () => {
    const { from, to } = await pair()
    const image = from.addImage()
    expect(await copy({ from, to }, image.digest)).toEqual<Copied>({
      sent: 3040 + image.size,
      skipped: 0,
      mounted: 0,
      referrers: 0,
    })
    expect(contents(to)).toEqual(contents(from))
  })

  it('brings the images of an index before the index, each with its type', async () => {
    const { from, to } = await pair()
    const [one, other] = [
      from.addImage(),
      from.addImage([10], { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' }),
    ]
    const inner = from.addIndex([other])
    // The first in the list names what the second is.
    const root = from.addIndex([inner, other, one])
    await copy({ from, to }, root.digest)
    expect([...contents(to).manifests.keys()]).toEqual([other.digest, inner.digest, one.digest, root.digest])
    expect(contents(to).manifests.get(other.digest)?.type).toBe('application/vnd.docker.distribution.manifest.v2+json')
  })

  it('sends nothing that is there', async () => {
    const { from, to } = await pair()
    const root = from.addIndex([from.addImage(), from.addImage()])
    const first = await copy({ from, to }, root.digest)
    to.requests.length = 0
    expect(await copy({ from, to }, root.digest)).toEqual({ sent: 0, skipped: first.sent, mounted: 0, referrers: 0 })
    expect(new Set(to.requests)).toEqual(new Set(['HEAD blobs', 'GET manifests']))
  })

  it('has at most four transfers at once', async () => {
    const { from, to } = await pair()
    await copy({ from, to }, from.addImage(Array.from({ length: 12 }, () => 400_000)).digest)
    expect(to.mostUploads()).toBeGreaterThan(1)
    expect(to.mostUploads()).toBeLessThanOrEqual(4)
  })

  it('shows its credentials to neither the storage of the source nor the other registry', async () => {
    const [from, to] = [await start({ redirects: true }), await start()]
    await copy({ from, to }, from.addImage([10, 2_000_000]).digest)
    const storage = from.authorizations.filter((line) => line.startsWith('storage'))
    expect(new Set(storage)).toEqual(new Set(['storage none']))
    expect(storage).toHaveLength(3)
  })

  it('mounts what the registry can take from its other repository, and sends the rest', async () => {
    const both = await start({ mounts: true })
    const image = both.addImage()
    const ends: Ends = { from: both, to: both, names: ['shop/app', 'prod/app'] }
    expect(await copy(ends, image.digest)).toEqual({ sent: image.size, skipped: 0, mounted: 3040, referrers: 0 })
    expect(both.requests).not.toContain('PUT blobs/uploads')
    both.behaviour.mounts = false
    expect(await copy({ ...ends, names: ['shop/app', 'test/app'] }, image.digest)).toMatchObject({
      sent: 3040 + image.size,
      mounted: 0,
    })
  })

  it('leaves a layer that its vendor serves where it is', async () => {
    const { from, to } = await pair()
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    const layer = { mediaType, digest: `sha256:${'0'.repeat(64)}`, size: 5 }
    const kept = from.blobIn('shop/app', mediaType, Buffer.from('kept'))
    await copy({ from, to }, from.addImage([], { layers: [layer, kept] }).digest)
    expect(contents(to).blobs.has(kept.digest)).toBe(true)
  })
})

describe('a copy that is disturbed', () => {
  const disturbed: [string, 'from' | 'to', string, Parameters<typeof copyRegistry>[0]][] = [
    ['503 for a blob', 'from', 'GET /v2/shop/app/blobs', { fault: (_, response) => response.writeHead(503).end() }],
    ['429 for a manifest', 'from', 'GET /v2/shop/app/manifests', { fault: (_, response) => response.writeHead(429).end() }],
    ['a connection that ends', 'from', 'GET /v2/shop/app/blobs', { fault: (request) => request.socket.destroy() }],
    [
      'a connection that ends within a blob',
      'from',
      'GET /v2/shop/app/blobs',
      {
        fault: (request, response) =>
          response.writeHead(200, { 'content-length': 3_000_000 }).write('x', () => request.socket.destroy()),
      },
    ],
    [
      'silence within a blob',
      'from',
      'GET /v2/shop/app/blobs',
      { fault: (_, response) => response.writeHead(200, { 'content-length': 3_000_000 }).write('x') },
    ],
    ['503 for an upload', 'to', 'PUT /v2/shop/app/blobs', { fault: (_, response) => response.writeHead(503).end() }],
    ['silence for an upload', 'to', 'PUT /v2/shop/app/blobs', { fault: () => true }],
    ['503 for a manifest', 'to', 'PUT /v2/shop/app/manifests', { fault: (_, response) => response.writeHead(503).end() }],
  ]
  it.each(disturbed)('starts again after %s', async (_, end, at, behaviour) => {
    const registries = await pair()
    const image = registries.from.addImage([3_000_000])
    const config = JSON.parse(contents(registries.from).manifests.get(image.digest)?.bytes ?? '').config.digest
    let faults = 2
    registries[end].behaviour.fault = (request, response) =>
      `${request.method} ${request.url}`.startsWith(at) &&
      !request.url?.endsWith(config) &&
      faults-- > 0 &&
      behaviour?.fault?.(request, response)
    await copy(registries, image.digest)
    expect(contents(registries.to)).toEqual(contents(registries.from))
    // A large blob whose answer is an error is asked for once more, for the registry's words.
    expect(waits.length).toBeGreaterThan(0)
    expect(faults).toBeLessThanOrEqual(0)
  })

  it('takes a large blob without a length', async () => {
    const { from, to } = await pair()
    const image = from.addImage([3_000_000])
    from.behaviour.fault = (request, response) => {
      const blob = contents(from).blobs.get(request.url?.split('/').at(-1) ?? '')
      return blob !== undefined && response.writeHead(200).end(blob)
    }
    await copy({ from, to }, image.digest)
    expect(contents(to)).toEqual(contents(from))
  })

  it('goes on where it was cut off', async () => {
    const { from, to } = await pair()
    const image = from.addImage([5000, 4000, 3000])
    const last = layersOf(from, image)[2]?.digest ?? ''
    from.behaviour.fault = (request, response) => request.url?.endsWith(last) === true && response.writeHead(403).end()
    await expect(copy({ from, to }, image.digest)).rejects.toThrow(
      /answered 403 to GET blob .*allow ecr:BatchGetImage and ecr:Get/,
    )
    expect(contents(to).manifests.size).toBe(0)
    from.behaviour.fault = () => false
    const there = [...contents(to).blobs.values()].reduce((sum, { length }) => sum + length, 0)
    expect(there).toBeGreaterThan(0)
    expect(await copy({ from, to }, image.digest)).toMatchObject({ sent: 12_040 - there + image.size, skipped: there })
  })
})

describe('what is wrong is not accepted', () => {
  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ['other bytes of the same length', (bytes) => Buffer.alloc(bytes.length)],
    ['too many bytes', (bytes) => Buffer.concat([bytes, bytes])],
    ['too few bytes', (bytes) => bytes.subarray(1)],
  ]
  const damaged = damages.flatMap(([what, damage]) => [200_000, 2_000_000].map((size) => [what, size, damage] as const))
  it.each(damaged)('a blob with %s, of %i, even where the registry would take it', async (_, size, damage) => {
    const [from, to] = [await start(), await start({ credulous: true })]
    const image = from.addImage([size])
    const [layer] = layersOf(from, image)
    contents(from).blobs.set(layer?.digest ?? '', damage(contents(from).blobs.get(layer?.digest ?? '') ?? Buffer.alloc(0)))
    await expect(copy({ from, to }, image.digest)).rejects.toThrow(new RegExp(`${layer?.digest}`))
    expect([contents(to).blobs.has(layer?.digest ?? ''), contents(to).manifests.size, waits]).toEqual([false, 0, []])
  })

  it('a manifest that is not what its digest names', async () => {
    const { from, to } = await pair()
    const [one, other] = [from.addImage(), from.addImage()]
    contents(from).manifests.set(one.digest, contents(from).manifests.get(other.digest) ?? { type: '', bytes: '' })
    await expect(copy({ from, to }, one.digest)).rejects.toThrow(
      `what shop/app serves as ${one.digest} hashes to ${other.digest}`,
    )
    expect(contents(to).blobs.size).toBe(0)
  })

  it('a manifest that the registry stores as another', async () => {
    const { from, to } = await pair()
    const image = from.addImage()
    to.behaviour.fault = (request, response) =>
      request.method === 'PUT' && request.url?.includes('manifests') && response.writeHead(201).end()
    await expect(copy({ from, to }, image.digest)).rejects.toThrow(
      /was sent to shop\/app, but the registry does not answer with it/,
    )
  })

  it('an index without one of its images', async () => {
    const { from, to } = await pair()
    const child = from.addImage()
    const root = from.addIndex([child, from.addImage()])
    contents(from).manifests.delete(child.digest)
    await expect(copy({ from, to }, root.digest)).rejects.toThrow(
      `shop/app lacks ${child.digest}, which the index ${root.digest} names`,
    )
    expect(to.requests).toEqual([])
  })

  it.each([
    ['latest', /an image is copied by its digest, sha256:…, got 'latest'/],
    [`sha256:${'0'.repeat(64)}`, /sha256:0+ is not in shop\/app of http/],
  ])('%s', async (digest, message) => {
    await expect(copy(await pair(), digest)).rejects.toThrow(message)
  })
})
