import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SampleLayout, sampleLayout } from './layout.case.ts'
import { readLayout } from './layout.ts'

let layout: SampleLayout
beforeEach(() => {
  layout = sampleLayout({ platforms: ['linux/amd64', 'linux/arm64/v8'] })
})
afterEach(() => rmSync(layout.folder, { recursive: true }))

const file = (digest: string): string => join(layout.folder, 'blobs', ...digest.split(':'))
const index = (manifests: object[]): void => writeFileSync(join(layout.folder, 'index.json'), JSON.stringify({ manifests }))

describe('reading a layout', () => {
  it('lists shared layers once, and the index last', async () => {
    const { root, manifests, blobs, platformDigests } = await readLayout(layout.folder)
    expect(root.descriptor).toEqual(layout.root)
    expect(manifests.at(-1)).toBe(root)
    expect(Object.values(platformDigests)).toEqual(manifests.slice(0, 2).map(({ descriptor }) => descriptor.digest))
    expect(Object.keys(platformDigests)).toEqual(['linux/amd64', 'linux/arm64/v8'])
    expect(blobs.map(({ digest }) => digest)).toHaveLength(layout.layers.length + 2)
  })

  it('takes one image that is listed under two names', async () => {
    index([{ ...layout.root, annotations: { name: 'a' } }, layout.root])
    expect((await readLayout(layout.folder)).root.descriptor.digest).toBe(layout.root.digest)
  })

  it.each<[string, () => void, RegExp]>([
    ['two images', () => index([layout.root, ...layout.layers]), /holds 3 images, expected one/],
    ['none', () => index([]), /holds 0 images, expected one/],
    [
      'a manifest that was changed',
      () => appendFileSync(file(layout.root.digest), ' '),
      /the manifest sha256:\w+ in '.*' is damaged/,
    ],
    ['no index', () => rmSync(join(layout.folder, 'index.json')), /ENOENT/],
    [
      'a manifest in the place of the index',
      () => writeFileSync(join(layout.folder, 'index.json'), '{"layers":[],"config":null}'),
      /this is no descriptor/,
    ],
  ])('refuses %s', async (_, damage, message) => {
    damage()
    await expect(readLayout(layout.folder)).rejects.toThrow(message)
  })
})
