import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { testRegistry } from './registry.case.ts'
import { openRegistry } from './registry.ts'

it('ignores content that fails after its upload was refused', async () => {
  const blob = { mediaType: 'layer', digest: `sha256:${'0'.repeat(64)}`, size: 5 }
  const server = await testRegistry(undefined, () => 'http://storage.example.org/upload')
  const registry = openRegistry({
    address: server.address,
    token: 'x',
    repository: 'shop/app',
    connections: 4,
    idle: 2000,
    now: Date.now,
    onRequest: () => undefined,
  })
  let content: Readable | undefined
  const open = (): Readable => {
    content = new Readable({ read: () => undefined, destroy: (_, done) => done(new Error('too late')) })
    return content
  }
  await expect(registry.putBlob(blob, open)).rejects.toThrow(/is not https/)
  await new Promise((resolve) => setImmediate(resolve))
  expect(content?.destroyed).toBe(true)
  registry.close()
  await server.close()
})
