import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfiguration } from './configuration.ts'
import { imageDigest } from './task-metadata.ts'

test('an empty environment is a local instance on port 8080', () => {
  const { port, environment, version, taskMetadata } = readConfiguration({})
  assert.deepEqual(
    { port, environment, version, taskMetadata },
    { port: 8080, environment: 'local', version: 'unversioned', taskMetadata: undefined },
  )
})

for (const [name, value] of [
  ['PORT', '80a'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['LOG_LEVEL', 'loud'],
  ['STOP_SECONDS', '0'],
  ['DRAIN_SECONDS', '1.5'],
  ['ECS_CONTAINER_METADATA_URI_V4', 'nowhere'],
] as const) {
  test(`refuses ${name}=${value} by name and value`, () => {
    assert.throws(() => readConfiguration({ [name]: value }), { message: new RegExp(`^${name} is "${value}"; it must be `) })
  })
}

const digest = `sha256:${'a'.repeat(64)}`
for (const [image, expected] of [
  [`registry.test/shop/app@${digest}`, digest],
  ['registry.test/shop/app:src-1', undefined],
] as const) {
  test(`the digest of ${image.slice(0, 30)} is ${expected ? 'known' : 'unknown'}`, async () => {
    const fetcher = async () => Response.json({ Image: image, ImageID: `sha256:${'b'.repeat(64)}` })
    assert.equal(await imageDigest('http://metadata.test', fetcher), expected)
  })
}
