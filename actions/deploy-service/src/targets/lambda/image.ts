import { parseImage, pinned } from '../../../../../lib/image.ts'
import { lambdaRefusal } from '../../../../../lib/oci/lambda.ts'
import type { Descriptor, Manifest } from '../../../../../lib/oci/manifest.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Registry } from '../../registry.ts'
import type { Wanted } from '../../target.ts'

/** What Lambda is given: the image that was asked for, or the one image of its index. */
export type Deployable = { image: string; digest: string; child?: true }

/** As an image names it. */
export const ociArchitecture = (architecture: string): string => (architecture === 'arm64' ? 'arm64' : 'amd64')

/**
 * Checks an image as far as its registry tells, before anything is written. Lambda runs no index: where there is exactly one
 * image for the functions in it, that one is deployed.
 */
export const deployable = async (
  { image, digest }: Wanted,
  { architecture, region }: { architecture: string; region: string },
  registry: Registry,
): Promise<Deployable> => {
  requireRegion(image, region)
  const { manifest } = (await registry.find([image])).get(image) ?? {}
  if (manifest?.kind !== 'index') return checked({ image, digest }, manifest)
  const child = childFor(manifest.manifests, architecture)
  if (child === undefined) {
    throw new Refusal(
      `the image ${image} is an index without exactly one image for linux/${architecture}, and Lambda runs no index; nothing was changed. ` +
        `Build it with 'docker buildx build --platform linux/${architecture} --provenance=false'`,
    )
  }
  const { host = '', name = '' } = parseImage(image) ?? {}
  const only = { image: pinned(`${host}/${name}`, child.digest), digest: child.digest, child: true as const }
  return checked(only, (await registry.find([only.image])).get(only.image)?.manifest)
}

/** Attestations have the platform `unknown/unknown`. */
export const childFor = (manifests: readonly Descriptor[], architecture: string): Descriptor | undefined => {
  const fitting = manifests.filter(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture)
  return fitting.length === 1 ? fitting[0] : undefined
}

const checked = (found: Deployable, manifest: Manifest | undefined): Deployable => {
  const reason = manifest && lambdaRefusal(manifest)
  if (reason === undefined) return found
  throw new Refusal(`the image ${found.image} cannot run as a function: ${reason}; nothing was changed`)
}

const requireRegion = (image: string, region: string): void => {
  const home = parseImage(image)?.region
  if (home === undefined || home === region) return
  throw new Refusal(
    `Lambda takes images only from a registry in its own region: the functions are in ${region}, and ${image} is in ${home}; nothing was changed. ` +
      "Have build-push-image copy it by its digest: 'source' names the repository that has it",
  )
}
