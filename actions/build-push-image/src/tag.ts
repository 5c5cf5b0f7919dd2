import { isNamed, isPassing } from '../../../lib/aws/errors.ts'
import { waitBefore } from '../../../lib/oci/retry.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'

const ATTEMPTS = 6

/**
 * Puts a tag on an image that the repository has, and answers with the image that bears it afterwards: this one, or, where
 * tags are immutable, the one that another run gave it first. Safe after any lost answer: before it sends again it looks.
 */
export const setTag = async (
  repository: Pick<ImageRepository, 'find' | 'putTag'>,
  image: RegistryImage,
  tag: string,
  { clock, random, log }: Pick<Ports, 'clock' | 'random' | 'log'>,
): Promise<RegistryImage> => {
  for (let attempt = 0; ; attempt++) {
    try {
      await repository.putTag(image, tag)
      return image
    } catch (error) {
      if (isNamed(error, 'ImageAlreadyExistsException')) return image
      const taken = isNamed(error, 'ImageTagAlreadyExistsException')
      if (!taken && !isPassing(error)) throw error
      const bearer = (await repository.find({ tags: [tag] })).get(tag)
      if (bearer !== undefined && (taken || bearer.digest === image.digest)) return bearer
      if (attempt + 1 >= ATTEMPTS) throw error
      const wait = waitBefore(attempt, random())
      log.info(`${error instanceof Error ? error.message : error}; again in ${Math.round(wait / 100) / 10} s`)
      await clock.sleep(wait)
    }
  }
}
