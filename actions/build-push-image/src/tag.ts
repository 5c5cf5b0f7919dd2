import { isNamed } from '../../../lib/aws/errors.ts'
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
      if (!taken && !mayHaveBeenLost(error)) throw error
      const bearer = (await repository.find({ tags: [tag] })).get(tag)
      if (bearer !== undefined && (taken || bearer.digest === image.digest)) return bearer
      if (attempt + 1 >= ATTEMPTS) throw error
      const wait = waitBefore(attempt, random())
      log.info(`${error instanceof Error ? error.message : error}; again in ${Math.round(wait / 100) / 10} s`)
      await clock.sleep(wait)
    }
  }
}

/** Throttled, broken off, or a fault on AWS's side. PutImage is the narrowest of ECR's quotas: 10 a second in a region. */
const mayHaveBeenLost = (error: unknown): boolean =>
  error instanceof Error &&
  (/Throttl|TooManyRequests|Timeout|ServerException|InternalFailure|InternalServer|ServiceUnavailable/.test(error.name) ||
    [error, error.cause].some(
      (each) =>
        each instanceof Error &&
        (('$fault' in each && each.$fault === 'server') || ('code' in each && /^E[A-Z_]+$/.test(String(each.code)))),
    ))
