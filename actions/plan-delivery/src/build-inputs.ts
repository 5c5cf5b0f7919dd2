import type { WantedImage } from '../../../lib/delivery/images.ts'
import { REGISTRY, roleArn, roleName } from '../../../lib/delivery/names.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { parseImage } from '../../../lib/image.ts'

/** The inputs of build-push-image for an image of the plan, as text: expressions of a workflow cannot join or take apart. */
export const buildInputs = (
  { project, services }: Pick<DeploymentPlan, 'project' | 'services'>,
  image: WantedImage,
): Record<string, string> => {
  const repository = parseImage(image.repository)
  if (repository === undefined) throw new Error(`image ${image.name}: '${image.repository}' is no repository in ECR`)
  const { account, region, name } = repository
  const isForLambda = services.some((service) => service.image === image.name && service.target === 'lambda')
  return {
    context: image.context,
    ...(image.dockerfile !== undefined && { dockerfile: image.dockerfile }),
    ...(image.target !== undefined && { target: image.target }),
    ...(image.platforms !== undefined && { platforms: image.platforms.join(',') }),
    ...(image.args !== undefined && { 'build-args': lines(Object.entries(image.args).map(([key, value]) => `${key}=${value}`)) }),
    ...(image.inputs !== undefined && { inputs: lines(image.inputs) }),
    for: isForLambda ? 'lambda' : 'container',
    repository: name,
    'aws-account-id': account,
    'aws-region': region,
    'role-to-assume': roleArn(repository, roleName(project, REGISTRY, 'build')),
  }
}

const lines = (values: string[]): string => values.join('\n')
