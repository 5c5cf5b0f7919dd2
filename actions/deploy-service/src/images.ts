import { parseImage, pinned } from '../../../lib/image.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Job } from './job.ts'
import type { Found, Registry } from './registry.ts'
import type { Wanted } from './target.ts'

/** Service to the images that it is to run, each by its digest. */
export type WantedByService = ReadonlyMap<string, readonly Wanted[]>

/** A tag is resolved now, once, and never looked at again. Images that have a digest are not asked for here. */
export const resolveImages = async (job: Job, registry: Registry): Promise<WantedByService> => {
  const tagged = job.services
    .flatMap(({ images }) => images.map(({ image }) => image))
    .filter((image) => parseImage(image)?.digest === undefined)
  const found = tagged.length === 0 ? new Map<string, Found>() : await registry.find(tagged)
  return new Map(
    job.services.map(({ name, images }) => [
      name,
      images.map(({ container, image }) => {
        const reference = parseImage(image)
        const digest = reference?.digest ?? found.get(image)?.digest
        if (reference === undefined || digest === undefined) throw missing(image)
        return { ...(container !== '' && { container }), image: pinned(`${reference.host}/${reference.name}`, digest), digest }
      }),
    ]),
  )
}

/** Every wanted image must be there; it is refused here, not by a task that cannot pull it minutes later. */
export const requireImages = async (wanted: WantedByService, registry: Registry): Promise<Map<string, Found>> => {
  const images = [...new Set([...wanted.values()].flat().map(({ image }) => image))]
  const found = await registry.find(images)
  const absent = images.find((image) => !found.has(image))
  if (absent !== undefined) throw missing(absent)
  return found
}

const missing = (image: string): Refusal =>
  new Refusal(
    `the image ${image} is not in its registry; nothing was changed. Check account, region, repository and digest, or build it first`,
  )
