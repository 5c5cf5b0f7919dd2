import { expect, it } from 'vitest'
import { lambdaRefusal } from './lambda.ts'
import type { Manifest } from './manifest.ts'

const image = (mediaType: string, size = 1): Manifest => {
  const digest = `sha256:${'1'.repeat(64)}`
  return { kind: 'image', config: { mediaType: 'config', digest, size: 1 }, layers: [{ mediaType, digest, size }] }
}

it.each<[string, Manifest, RegExp | undefined]>([
  ['OCI layers with gzip', image('application/vnd.oci.image.layer.v1.tar+gzip'), undefined],
  ['Docker layers with gzip', image('application/vnd.docker.image.rootfs.diff.tar.gzip'), undefined],
  ['zstd', image('application/vnd.oci.image.layer.v1.tar+zstd'), /compressed with gzip.*tar\+zstd/],
  ['no compression', image('application/vnd.oci.image.layer.v1.tar'), /compressed with gzip/],
  ['an index', { kind: 'index', manifests: [] }, /runs no index/],
  ['more than 10 GB', image('application/vnd.oci.image.layer.v1.tar+gzip', 11 * 1024 ** 3), /at most 10 GB/],
])('Lambda and %s', (_, manifest, expected) => {
  const refusal = lambdaRefusal(manifest)
  if (expected === undefined) expect(refusal).toBeUndefined()
  else expect(refusal).toMatch(expected)
})
