import type { Manifest } from './manifest.ts'

const GZIP = ['application/vnd.oci.image.layer.v1.tar+gzip', 'application/vnd.docker.image.rootfs.diff.tar.gzip']
/** Uncompressed, by Lambda's guide "Create a function using a container image"; compressed layers can only be smaller. */
const LARGEST = 10 * 1024 ** 3

/** Why Lambda would refuse this image, or undefined where nothing speaks against it. ECR and ECS accept all of these. */
export const lambdaRefusal = (manifest: Manifest): string | undefined => {
  if (manifest.kind === 'index') {
    return 'Lambda runs no index: build one platform, without attestations'
  }
  const layer = manifest.layers.find(({ mediaType }) => !GZIP.includes(mediaType))
  if (layer) {
    return `Lambda takes layers compressed with gzip, ${layer.digest} is ${layer.mediaType}: use a base image with gzip layers`
  }
  const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0)
  return bytes > LARGEST ? `Lambda takes images of at most 10 GB, this one has ${bytes} bytes before it is unpacked` : undefined
}
