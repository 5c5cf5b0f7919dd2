import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { type Source, wantedImages } from '../../../lib/delivery/images.ts'
import type { Candidate } from '../../../lib/delivery/standing.ts'

/**
 * What a tree makes each service of, by this configuration: two trees are compared by one measure. Rejects with a `Refusal`
 * where it lacks an image's folder.
 */
export const candidateOf = async (configuration: Configuration, source: Source): Promise<Candidate> => {
  const tags = new Map((await wantedImages(configuration, source)).map(({ name, tag }) => [name, tag]))
  return Object.fromEntries(
    Object.entries(configuration.services).map(([service, { image }]) => [service, { image, tag: tags.get(image) ?? '' }]),
  )
}
