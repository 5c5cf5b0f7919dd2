import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { parseImage, pinned } from '../../../lib/image.ts'
import type { Platform } from '../../../lib/oci/manifest.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Job } from './job.ts'
import type { Found, Registry } from './registry.ts'
import type { Wanted } from './target.ts'

/** Service to the images that it is to run, each by its digest. */
export type WantedByService = ReadonlyMap<string, readonly Wanted[]>

/** Image, as it was given, to what its registry says of it. */
export type FoundImages = ReadonlyMap<string, Found>

/** A tag is resolved now, once, and never looked at again. Images that have a digest are not asked for here. */
export const resolveImages = async (job: Job, registry: Registry): Promise<{ wanted: WantedByService; found: FoundImages }> => {
  const planned = Object.values(job.plan?.release.images ?? {}).filter(({ digest }) => digest === undefined)
  const given = job.services.flatMap(({ images }) => images.map(({ image }) => image))
  const tagged = [...given, ...planned.map(byTag)].filter((image) => parseImage(image)?.digest === undefined)
  const found = tagged.length === 0 ? new Map<string, Found>() : await registry.find([...new Set(tagged)])
  for (const image of tagged) if (!found.has(image)) throw missing(image)
  const wanted = job.services.map(({ name, images }): [string, Wanted[]] => [
    name,
    images.map(({ container, image }) => {
      const reference = parseImage(image)
      const digest = reference?.digest ?? found.get(image)?.digest
      if (reference === undefined || digest === undefined) throw missing(image)
      return { ...(container !== '' && { container }), image: pinned(`${reference.host}/${reference.name}`, digest), digest }
    }),
  ])
  return { wanted: new Map(wanted), found }
}

/** How an image of a plan is asked for while its digest is not known. */
export const byTag = ({ repository, tag }: { repository: string; tag: string }): string => `${repository}:${tag}`

/** The plan with the digest of every image. */
export const completePlan = (plan: DeploymentPlan, found: FoundImages): DeploymentPlan => {
  const images = Object.entries(plan.release.images).map(([name, image]) => {
    const digest = image.digest ?? found.get(byTag(image))?.digest
    return [name, { ...image, ...(digest !== undefined && { digest }) }]
  })
  return { ...plan, release: { ...plan.release, images: Object.fromEntries(images) } }
}

/** What the registry says of each wanted image. */
export type WantedImages = ReadonlyMap<string, Found & { platforms: Platform[] | undefined; configType: string | undefined }>

/** Every wanted image must be there; it is refused here, not by a copy that cannot pull it minutes later. */
export const requireImages = async (wanted: WantedByService, known: FoundImages, registry: Registry): Promise<WantedImages> => {
  const images = [...new Set([...wanted.values()].flat().map(({ image }) => image))]
  const resolved = new Map([...known].map(([image, found]) => [pinnedTo(image, found.digest), found]))
  const unknown = images.filter((image) => !resolved.has(image))
  const found = new Map([...resolved, ...(unknown.length === 0 ? [] : await registry.find(unknown))])
  return new Map(
    await Promise.all(
      images.map(async (image) => {
        const entry = found.get(image)
        if (entry === undefined) throw missing(image)
        const configType = entry.manifest?.kind === 'image' ? entry.manifest.config.mediaType : undefined
        return [image, { ...entry, configType, platforms: await registry.platforms(image, entry) }] as const
      }),
    ),
  )
}

const pinnedTo = (image: string, digest: string): string => {
  const { host = '', name = '' } = parseImage(image) ?? {}
  return pinned(`${host}/${name}`, digest)
}

/** An index and its children are one image: the control plane may name either. */
export const aliasesOf = (images: WantedImages): Map<string, readonly string[]> =>
  new Map(
    [...images.values()].map(({ digest, manifest }) => [
      digest,
      manifest?.kind === 'index' ? manifest.manifests.map((child) => child.digest) : [],
    ]),
  )

const missing = (image: string): Refusal =>
  new Refusal(
    `the image ${image} is not in its registry; nothing was changed. Check account, region, repository and digest, or build it first`,
  )
