import { expect, it } from 'vitest'
import type { Descriptor, Manifest } from '../../../../../lib/oci/manifest.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Registry } from '../../registry.ts'
import { childFor, deployable } from './image.ts'

const repository = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app'
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`
const child = (digit: string, os: string, architecture: string): Descriptor => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: digest(digit),
  size: 1,
  platform: { os, architecture },
})
const image = (layer: string): Manifest => {
  const one = { digest: digest('9'), size: 1 }
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', ...one }
  return { kind: 'image', config, layers: [{ mediaType: `application/vnd.oci.image.layer.v1.${layer}`, ...one }] }
}

/** A registry that knows these manifests; of any other image it may not be asked. */
const registryOf = (manifests: Record<string, Manifest>): Pick<Registry, 'find'> => ({
  find: async (images) =>
    new Map(
      images.map((text) => {
        const found = text.split('@')[1] ?? ''
        return [text, { digest: found, ...(manifests[found] && { manifest: manifests[found] }) }]
      }),
    ),
})

const wanted = { image: `${repository}@${digest('1')}`, digest: digest('1') }
const needed = { architecture: 'arm64', region: 'eu-west-1' }
const ask = (manifests: Record<string, Manifest>, needs = needed) => deployable(wanted, needs, registryOf(manifests) as Registry)

const attestation = child('8', 'unknown', 'unknown')
const arm = child('2', 'linux', 'arm64')
const intel = child('3', 'linux', 'amd64')

it('deploys an image as it is, also where its registry may not be asked', async () => {
  expect(await ask({ [digest('1')]: image('tar+gzip') })).toEqual(wanted)
  expect(await ask({})).toEqual(wanted)
})

it.each([
  ['one platform and its attestation', [arm, attestation]],
  ['several platforms, one of them the function’s', [intel, arm]],
])('deploys the one image for the functions of an index with %s', async (_, manifests) => {
  const index: Manifest = { kind: 'index', manifests }
  const found = { image: `${repository}@${digest('2')}`, digest: digest('2'), child: true }
  expect(await ask({ [digest('1')]: index, [digest('2')]: image('tar+gzip') })).toEqual(found)
})

it.each<[string, Record<string, Manifest>, typeof needed, RegExp]>([
  [
    'another platform',
    { [digest('1')]: { kind: 'index', manifests: [intel] } },
    needed,
    /--platform linux\/arm64 --provenance=false/,
  ],
  ['two for one platform', { [digest('1')]: { kind: 'index', manifests: [arm, arm] } }, needed, /without exactly one image/],
  ['zstd', { [digest('1')]: image('tar+zstd') }, needed, /compressed with gzip/],
  [
    'zstd in a child',
    { [digest('1')]: { kind: 'index', manifests: [arm] }, [digest('2')]: image('tar+zstd') },
    needed,
    /with gzip/,
  ],
  [
    'another region',
    {},
    { ...needed, region: 'us-east-1' },
    /functions are in us-east-1, and .* is in eu-west-1; .*build-push-image copy it/,
  ],
])('refuses %s', async (_, manifests, needs, reason) => {
  const refusal = await ask(manifests, needs).catch((error: Error) => error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect((refusal as Refusal).message).toMatch(reason)
})

it('takes attestations for no image', () => {
  expect(childFor([attestation], 'unknown')).toBeUndefined()
})
