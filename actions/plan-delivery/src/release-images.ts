import type { Configuration } from '../../../lib/delivery/configuration.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import { repositoryUri } from '../../../lib/delivery/names.ts'
import type { PlannedService } from '../../../lib/delivery/plan.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'

/** The images of a recorded release that these services run. */
export const imagesOf = (
  { project, registry, images }: Configuration,
  { release, images: recorded }: Release,
  services: readonly PlannedService[],
): WantedImage[] =>
  [...new Set(services.map(({ image }) => image))].toSorted().map((name) => {
    const { tag, digest } = Object.hasOwn(recorded, name) ? (recorded[name] ?? {}) : {}
    if (tag === undefined || digest === undefined) {
      throw new Refusal(
        `release ${release} has no image ${name}, which a service of delivery.json runs; merge the branch instead`,
      )
    }
    return { context: '', ...images[name], name, repository: repositoryUri(registry, project, name), tag, digest }
  })
