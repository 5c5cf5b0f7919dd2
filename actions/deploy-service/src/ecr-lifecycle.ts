import {
  DescribeImagesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  type ImageDetail,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { ImageReference } from '../../../lib/image.ts'
import { type AgeingImage, type LifecycleRule, needsAll, parseLifecycle } from './lifecycle.ts'

/** A thousand images each. What is older than these is not what runs. */
const MOST_PAGES = 10

/**
 * The lifecycle rules of a repository, and its images as far as the rules need them; undefined where it has no policy. Rejects
 * where they may not be read: in the registry of another account that takes its repository policy as well.
 */
export const readLifecycle = async (
  session: Session,
  { account, region, name }: Pick<ImageReference, 'account' | 'region' | 'name'>,
  digests: readonly string[],
  abortSignal: AbortSignal,
): Promise<{ rules: LifecycleRule[]; images: AgeingImage[] } | undefined> => {
  const ecr = session.client(ECRClient, region)
  const repository = { registryId: account, repositoryName: name }
  const read = () => ecr.send(new GetLifecyclePolicyCommand(repository), { abortSignal })
  const policy = await call('ecr:GetLifecyclePolicy', read).catch((error: Error) => {
    if (isNamed(error, 'LifecyclePolicyNotFoundException', 'RepositoryNotFoundException')) return undefined
    throw error
  })
  const rules = parseLifecycle(policy?.lifecyclePolicyText ?? '{}')
  if (rules.length === 0) return undefined

  const some = async (imageDigest: string): Promise<ImageDetail[]> => {
    const command = new DescribeImagesCommand({ ...repository, imageIds: [{ imageDigest }] })
    try {
      return (await call('ecr:DescribeImages', () => ecr.send(command, { abortSignal }))).imageDetails ?? []
    } catch (error) {
      if (isNamed(error, 'ImageNotFoundException')) return []
      throw error
    }
  }
  const all = async (): Promise<ImageDetail[]> => {
    const found: ImageDetail[] = []
    let pages = 0
    for await (const page of paginateDescribeImages({ client: ecr, pageSize: 1_000 }, repository)) {
      found.push(...(page.imageDetails ?? []))
      pages += 1
      if (pages === MOST_PAGES) break
    }
    return found
  }
  const details = needsAll(rules) ? await call('ecr:DescribeImages', all) : (await Promise.all(digests.map(some))).flat()
  return { rules, images: details.map(ageing) }
}

const ageing = ({ imageDigest = '', imageTags = [], imagePushedAt }: ImageDetail): AgeingImage => ({
  digest: imageDigest,
  tags: imageTags,
  pushedAt: imagePushedAt?.getTime() ?? 0,
})
