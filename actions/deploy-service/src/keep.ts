import { isNamed } from '../../../lib/aws/errors.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { pinned } from '../../../lib/image.ts'
import type { WantedImages } from './images.ts'
import type { Registry } from './registry.ts'
import type { TargetTools } from './target.ts'

/**
 * Tags the images of a release before it is recorded. ECR's lifecycle rules see tags and ages, not SSM: a rule that
 * spares `keep-` tags spares what an environment runs or may go back to. The name holds environment and release, so
 * that it is the same for a run that is repeated.
 */
export const keepImages = async (
  plan: DeploymentPlan,
  release: string,
  images: WantedImages,
  registry: Registry,
  { log }: TargetTools,
): Promise<string[]> => {
  const tag = `keep-${plan.environment}-${release}`
  const wanted = Object.values(plan.release.images).map(({ repository, digest = '' }) => pinned(repository, digest))
  const notes = await Promise.all(
    wanted.map(async (image) => {
      const found = images.get(image)
      if (found === undefined) return undefined
      try {
        await registry.tag(image, found, tag)
        return undefined
      } catch (error) {
        if (!isNamed(error, 'AccessDeniedException')) throw error
        const problem = `${(error as Error).message}; without the tag ${tag} a lifecycle rule may expire what runs here`
        log.warning(problem)
        return problem
      }
    }),
  )
  return notes.filter((note) => note !== undefined)
}
