import { afterEach, describe, expect, it, vi } from 'vitest'
import { type CopyRegistry, copyRegistry } from './copy.case.ts'
import { type CopyOptions, copyImage } from './copy.ts'
import type { Descriptor } from './manifest.ts'
import { listReferrers, referrersTag } from './referrers.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const retry = { attempts: 1, sleep: async () => undefined, random: () => 0 }
const start = async (lists: boolean): Promise<CopyRegistry> => {
  const registry = await copyRegistry({ lists })
  closing.push(registry.close)
  return registry
}
const copy = async (from: CopyRegistry, to: CopyRegistry, digest: string, options: Partial<CopyOptions> = {}) => {
  const ends = [from.open(), to.open()] as const
  closing.push(...ends.map((end) => end.close))
  return copyImage(...ends, digest, { referrers: true, retry, ...options })
}
const listed = async (registry: CopyRegistry, digest: string): Promise<string[]> => {
  const end = registry.open()
  closing.push(end.close)
  return (await listReferrers(end, digest, retry)).toSorted()
}
const sorted = (...descriptors: Descriptor[]): string[] => descriptors.map(({ digest }) => digest).toSorted()

/** An image with three artifacts, and one on the first of them. A registry without a list gets the tags by hand. */
const scene = async (lists: boolean) => {
  const from = await start(lists)
  const image = from.addImage()
  const on = (subject: Descriptor, type: string): Descriptor => from.addImage([50], { subject, artifactType: type })
  const [sbom, signature, attestation] = [on(image, 'a/sbom'), on(image, 'a/signature'), on(image, 'a/attestation')]
  const nested = on(sbom, 'a/signature')
  const tag = (subject: Descriptor, ...manifests: Descriptor[]): void => {
    const { manifests: stored } = from.repository('shop/app')
    const index = stored.get(from.addIndex(manifests).digest)
    if (index) stored.set(referrersTag(subject.digest), index)
  }
  if (!lists) {
    tag(image, sbom, signature, attestation)
    tag(sbom, nested)
  }
  return { from, image, sbom, signature, attestation, nested, tag }
}

describe('referrers', () => {
  it.each([
    ['a registry that lists them', 'one that lists them', true, true],
    ['a registry that lists them', 'one that does not', true, false],
    ['a registry that does not list them', 'one that does', false, true],
    ['a registry that does not list them', 'one that does not', false, false],
  ])('come from %s to %s, after the image, and theirs too', async (_, __, source, target) => {
    const { from, image, sbom, signature, attestation, nested } = await scene(source)
    const to = await start(target)
    expect(await copy(from, to, image.digest)).toMatchObject({ referrers: 4 })
    expect([...to.repository('shop/app').manifests.keys()][0]).toBe(image.digest)
    expect(await listed(to, image.digest)).toEqual(sorted(sbom, signature, attestation))
    expect(await listed(to, sbom.digest)).toEqual(sorted(nested))
    expect(await copy(from, to, image.digest)).toMatchObject({ sent: 0, referrers: 4 })
  })

  it('of the images of an index come with it', async () => {
    const { from, image, sbom } = await scene(true)
    const root = from.addIndex([image])
    const to = await start(true)
    expect(await copy(from, to, root.digest)).toMatchObject({ referrers: 4 })
    expect(await listed(to, image.digest)).toContain(sbom.digest)
  })

  it('stay where they are unless they are wanted', async () => {
    const { from, image } = await scene(true)
    const to = await start(true)
    expect(await copy(from, to, image.digest, { referrers: false })).toMatchObject({ referrers: 0 })
    expect(from.requests).not.toContain('GET referrers')
  })

  it('are added to those that the target has, whose entries stay as they are', async () => {
    const { from, image, sbom, signature, attestation } = await scene(true)
    const to = await start(false)
    const theirs = { ...to.addImage([1], { subject: image }), annotations: { by: 'them' } }
    const index = to.repository('shop/app').manifests.get(to.addIndex([theirs]).digest)
    if (index) to.repository('shop/app').manifests.set(referrersTag(image.digest), index)
    await copy(from, to, image.digest)
    const { manifests } = JSON.parse(to.repository('shop/app').manifests.get(referrersTag(image.digest))?.bytes ?? '')
    expect(manifests[0]).toEqual(theirs)
    expect(manifests[1]).toEqual({ ...sbom, artifactType: 'a/sbom' })
    expect(await listed(to, image.digest)).toEqual(sorted(theirs, sbom, signature, attestation))
  })

  it('that were deleted although the tag still names them are passed over', async () => {
    const { from, image, signature } = await scene(false)
    from.repository('shop/app').manifests.delete(signature.digest)
    const to = await start(false)
    expect(await copy(from, to, image.digest)).toMatchObject({ referrers: 3 })
    expect(await listed(to, image.digest)).not.toContain(signature.digest)
  })

  it('that the source does not let be listed are reported, and the image is copied', async () => {
    const { from, image } = await scene(true)
    const to = await start(true)
    from.behaviour.fault = (request, response) => request.url?.includes('/referrers/') && response.writeHead(403).end()
    const onReferrersDenied = vi.fn()
    expect(await copy(from, to, image.digest, { onReferrersDenied })).toMatchObject({ referrers: 0 })
    expect(onReferrersDenied.mock.calls[0]?.[0]).toMatchObject({ message: /allow ecr:BatchGetImage on the repository/ })
    await expect(copy(from, to, image.digest)).rejects.toThrow(/allow ecr:BatchGetImage/)
  })
})
