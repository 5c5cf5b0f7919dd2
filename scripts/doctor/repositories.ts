import type { Configuration } from '../../lib/delivery/configuration.ts'
import { repositoryName } from '../../lib/delivery/names.ts'
import type { Account } from './account.ts'
import { type Finding, type Report, SET_UP_ACCOUNT, whenSeen } from './finding.ts'

/** Whether each image has a repository, and its tags stay on what they were put on. */
export const checkRepositories = async (
  account: Account,
  { project, registry, images }: Configuration,
  report: Report,
): Promise<Finding[]> => {
  const found = await Promise.all(
    Object.keys(images).map(async (image) => {
      const name = repositoryName(project, image)
      const at = `--repository-name ${name} --region ${registry.region} --image-tag-mutability IMMUTABLE`
      return whenSeen(await account.tagMutability(registry.region, name), `the repository ${name}`, report, (mutability) => {
        if (mutability === undefined) return [report('wrong', `the repository ${name} is missing`, SET_UP_ACCOUNT)]
        if (mutability === 'IMMUTABLE') return [report('ok', `the repository ${name} is there, and its tags stay`)]
        return [report('wrong', `tags of the repository ${name} can be moved`, `aws ecr put-image-tag-mutability ${at}`)]
      })
    }),
  )
  return found.flat()
}
