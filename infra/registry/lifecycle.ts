import type { Configuration } from '../../lib/delivery/configuration.ts'
import { isProtected } from '../../lib/delivery/protect.ts'

/** Releases that a rollback can go back to: Parameter Store keeps 100 versions of a record. */
const KEPT_RELEASES = 100

/** Elsewhere what was replaced long ago is built again. */
const KEPT_BELOW = 50

/** Built and delivered nowhere: the push was overtaken, or failed. */
const UNDELIVERED_DAYS = 30

const UNTAGGED_DAYS = 7

/**
 * Lifecycle rules of a repository, by the tags that deployments leave (`keep-ENVIRONMENT-RELEASE`). ECR gives an image to the
 * first rule that selects it and to no other, so protected environments come first and the build's own tag last.
 */
export const lifecycle = (configuration: Configuration): object => {
  const names = Object.keys(configuration.environments)
  const kept = names.toSorted((one, other) => Number(isProtected(configuration, other)) - Number(isProtected(configuration, one)))
  const rules = [
    ...kept.map((name) => ({
      description: `what ${name} runs or may go back to`,
      // With the beginning of a release's id, or an environment "dev" would also count the images of "dev-2".
      selection: tagged(`keep-${name}-rel-`, isProtected(configuration, name) ? KEPT_RELEASES : KEPT_BELOW),
    })),
    { description: 'kept for environments that are gone, or are to come', selection: tagged('keep-', KEPT_RELEASES) },
    {
      description: 'built and delivered nowhere',
      selection: aged({ tagStatus: 'tagged', tagPrefixList: ['src-'] }, UNDELIVERED_DAYS),
    },
    { description: 'without a tag', selection: aged({ tagStatus: 'untagged' }, UNTAGGED_DAYS) },
  ]
  return { rules: rules.map((rule, index) => ({ rulePriority: index + 1, ...rule, action: { type: 'expire' } })) }
}

const tagged = (prefix: string, countNumber: number) => ({
  tagStatus: 'tagged',
  tagPrefixList: [prefix],
  countType: 'imageCountMoreThan',
  countNumber,
})

const aged = (selection: object, countNumber: number) => ({
  ...selection,
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber,
})
