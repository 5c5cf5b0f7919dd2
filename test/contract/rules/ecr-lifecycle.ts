import { repository } from '../images.ts'
import { type Rule, refusal } from '../rule.ts'
import { unique } from '../subject.ts'

const get = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetLifecyclePolicy.html'

const text = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 90 },
      action: { type: 'expire' },
    },
  ],
})

export const ecrLifecycleRules: Rule[] = [
  {
    id: 'ecr.lifecycle.text',
    source: get,
    text: 'The lifecycle policy of a repository is answered as it was put',
    async run(subject) {
      const repositoryName = await repository(subject)
      await subject.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText: text })
      const { lifecyclePolicyText, registryId } = await subject.ecr.getLifecyclePolicy({ repositoryName })
      return [JSON.parse(lifecyclePolicyText ?? ''), registryId === subject.account]
    },
    expected: [JSON.parse(text), true],
  },
  {
    id: 'ecr.lifecycle.none',
    source: get,
    text: 'A repository without a lifecycle policy is LifecyclePolicyNotFoundException',
    run: async (subject) => refusal(subject.ecr.getLifecyclePolicy({ repositoryName: await repository(subject) })),
    expected: 'LifecyclePolicyNotFoundException',
  },
  {
    id: 'ecr.lifecycle.no-repository',
    source: get,
    text: 'The lifecycle policy of a missing repository is RepositoryNotFoundException',
    run: (subject) => refusal(subject.ecr.getLifecyclePolicy({ repositoryName: unique('none') })),
    expected: 'RepositoryNotFoundException',
  },
]
