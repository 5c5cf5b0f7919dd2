import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type SampleLayout, sampleLayout } from './layout.case.ts'
import { readLayout } from './layout.ts'
import { type Pushed, pushImage } from './push.ts'
import { type Fault, type TestRegistry, testRegistry } from './registry.case.ts'
import { openRegistry, type RegistryOptions } from './registry.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const start = async (fault?: Fault, location?: (id: number) => string): Promise<TestRegistry> => {
  const server = await testRegistry(fault, location)
  closing.push(server.close)
  return server
}
const sample = (options?: Parameters<typeof sampleLayout>[0]): SampleLayout => {
  const layout = sampleLayout(options)
  closing.push(() => rmSync(layout.folder, { recursive: true }))
  return layout
}

const waits: number[] = []
const push = async (folder: string, address: string, options: Partial<RegistryOptions> = {}): Promise<Pushed> => {
  waits.length = 0
  const registry = openRegistry({
    address,
    token: 'QVdTOnNlY3JldA==',
    repository: 'shop/app',
    connections: 4,
    idle: 2000,
    now: Date.now,
    onRequest: () => undefined,
    ...options,
  })
  const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds)
  try {
    return await pushImage(await readLayout(folder), registry, { attempts: 4, sleep, random: () => 0.5 })
  } finally {
    registry.close()
  }
}
const blobFile = ({ folder }: SampleLayout, digest = ''): string => join(folder, 'blobs', ...digest.split(':'))

describe('pushing an image', () => {
  it('sends each blob by one POST and one PUT, then the manifest by digest with its exact bytes', async () => {
    const layout = sample({ layers: 1 })
    const server = await start()
    const pushed = await push(layout.folder, server.address)
    expect(server.requests.toSorted()).toEqual([
      ...['HEAD /v2/shop/app/blobs/DIGEST', 'HEAD /v2/shop/app/blobs/DIGEST'],
      ...['POST /v2/shop/app/blobs/uploads/', 'POST /v2/shop/app/blobs/uploads/'],
      'PUT /upload/3',
      'PUT /upload/4',
      'PUT /v2/shop/app/manifests/DIGEST',
    ])
    expect(server.requests.at(-1)).toBe('PUT /v2/shop/app/manifests/DIGEST')
    expect([...server.manifests.keys()]).toEqual([layout.root.digest])
    expect([...server.authorizations]).toEqual(['Basic QVdTOnNlY3JldA=='])
    expect(pushed.skipped).toBe(0)
  })

  it('sends the images of an index before the index', async () => {
    const layout = sample({ platforms: ['linux/amd64', 'linux/arm64'] })
    const server = await start()
    await push(layout.folder, server.address)
    const { platformDigests } = await readLayout(layout.folder)
    expect([...server.manifests.keys()]).toEqual([
      platformDigests['linux/amd64'],
      platformDigests['linux/arm64'],
      layout.root.digest,
    ])
  })

  it('sends nothing but the manifest when all blobs are there', async () => {
    const layout = sample()
    const server = await start()
    const first = await push(layout.folder, server.address)
    const second = await push(layout.folder, server.address)
    expect(second).toEqual({ sent: layout.root.size, skipped: first.sent - layout.root.size })
    expect(server.requests.slice(-4).filter((request) => request.startsWith('PUT'))).toEqual([
      'PUT /v2/shop/app/manifests/DIGEST',
    ])
  })

  it('has at most four blobs in flight', async () => {
    const server = await start()
    await push(sample({ layers: 12, bytes: 500_000 }).folder, server.address)
    expect(server.busiest()).toBeGreaterThan(1)
    expect(server.busiest()).toBeLessThanOrEqual(4)
  })

  it.each<[string, Fault]>([
    ['503', (_, response) => response.writeHead(503).end()],
    ['429', (_, response) => response.writeHead(429).end()],
    ['a connection reset', (request) => request.socket.destroy()],
    [
      '503 in the middle of a body',
      (request, response) => request.once('data', () => response.writeHead(503, { connection: 'close' }).end()),
    ],
    ['an answer that never comes', () => true],
  ])('starts the whole blob again after %s', async (_, fault) => {
    let faults = 2
    const layout = sample({ layers: 2, bytes: 3_000_000 })
    const server = await start((request, ...rest) => request.method === 'PUT' && faults-- > 0 && fault(request, ...rest))
    await push(layout.folder, server.address, { idle: 1_000 })
    expect(server.blobs.get(layout.layers[0]?.digest ?? '')).toBe(3_000_000)
    expect(waits.length).toBe(2)
  })

  it('does not send a blob again that was kept although its confirmation was lost', async () => {
    const layout = sample({ layers: 0 })
    const server = await start((request, response) => {
      if (request.method !== 'PUT' || request.url?.includes('manifests')) return false
      server.blobs.set(decodeURIComponent(/digest=(.*)/.exec(request.url ?? '')?.[1] ?? ''), 1)
      response.writeHead(500).end()
      return true
    })
    expect((await push(layout.folder, server.address)).skipped).toBeGreaterThan(0)
    expect(server.requests.filter((request) => request.startsWith('PUT /upload'))).toHaveLength(1)
  })

  it('waits as long as the registry asks, and gives up after the last attempt', async () => {
    const server = await start((_, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('{"errors":[{"code":"TOOMANYREQUESTS"}]}'),
    )
    await expect(push(sample({ layers: 0 }).folder, server.address)).rejects.toThrow(
      /^the registry answered 429 to HEAD blob shop\/app: no explanation$/,
    )
    expect(waits).toEqual([7250, 7500, 8000])
  })

  it('drops its credentials where an upload continues on another host', async () => {
    const elsewhere = await start()
    const server = await start(undefined, (id) => `${elsewhere.address}/bucket/${id}`)
    await push(sample({ layers: 0 }).folder, server.address)
    expect([...elsewhere.authorizations]).toEqual(['none'])
    expect(elsewhere.blobs.size).toBe(1)
  })

  it('returns the state of an upload exactly as the registry sent it', async () => {
    const urls: (string | undefined)[] = []
    const server = await start((request) => {
      urls.push(request.url)
      return false
    })
    await push(sample({ layers: 0 }).folder, server.address)
    expect(urls.find((url) => url?.startsWith('/upload'))).toMatch(
      /^\/upload\/2\?_state=a%2Bb%3D%3D&digest=sha256%3A[0-9a-f]{64}$/,
    )
  })

  it.each([401, 403])('explains %i with the permissions that a push needs, and tries once', async (status) => {
    const server = await start((_, response) => response.writeHead(status).end())
    await expect(push(sample({ layers: 0 }).folder, server.address)).rejects.toThrow(/ecr:InitiateLayerUpload/)
    expect(server.requests).toHaveLength(1)
  })

  it.each(['http://registry.example.org', 'http://10.0.0.1:5000', 'ftp://127.0.0.1'])(
    'refuses to send credentials to %s',
    async (address) => {
      await expect(push(sample().folder, address)).rejects.toThrow(
        /is not https, and credentials are not sent to it in the clear/,
      )
    },
  )

  it('refuses an upload that continues in the clear on another machine', async () => {
    const server = await start(undefined, () => 'http://storage.example.org/upload')
    await expect(push(sample().folder, server.address)).rejects.toThrow(/'http:\/\/storage.example.org' is not https/)
  })
})

describe('a damaged layout', () => {
  it('is noticed while a blob of the right size is sent', async () => {
    const layout = sample({ layers: 1, bytes: 100 })
    writeFileSync(blobFile(layout, layout.layers[0]?.digest), Buffer.alloc(100))
    const server = await start()
    await expect(push(layout.folder, server.address)).rejects.toThrow(/hashes to|DIGEST_INVALID/)
    expect(server.manifests.size).toBe(0)
    expect(waits).toEqual([])
  })

  it.each<[string, (file: string) => void]>([
    ['too long', (file) => appendFileSync(file, 'x')],
    ['too short', (file) => truncateSync(file, 50)],
    ['gone', (file) => rmSync(file)],
  ])('is noticed when a blob is %s', async (_, damage) => {
    const layout = sample({ layers: 1, bytes: 100 })
    damage(blobFile(layout, layout.layers[0]?.digest))
    const server = await start()
    await expect(push(layout.folder, server.address)).rejects.toThrow()
    expect(server.manifests.size).toBe(0)
  })
})
