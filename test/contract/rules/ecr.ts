import { putImage, repository } from '../images.ts'
import { digestOf } from '../registry.ts'
import { type Rule, refusal } from '../rule.ts'
import { unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_${name}.html`
const absent = digestOf('absent')

export const ecrRules: Rule[] = [
  {
    id: 'ecr.repository.exists',
    source: api('CreateRepository'),
    text: 'A name is taken once: RepositoryAlreadyExistsException',
    run: async (subject) => refusal(subject.ecr.createRepository({ repositoryName: await repository(subject) })),
    expected: 'RepositoryAlreadyExistsException',
  },
  {
    id: 'ecr.repository.name',
    source: api('CreateRepository'),
    text: 'A name with capital letters is InvalidParameterException',
    run: ({ ecr }) => refusal(ecr.createRepository({ repositoryName: 'Shop/App' })),
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecr.repository.missing',
    source: api('DescribeRepositories'),
    text: 'A missing repository is RepositoryNotFoundException',
    run: ({ ecr }) => refusal(ecr.describeRepositories({ repositoryNames: [unique('none')] })),
    expected: 'RepositoryNotFoundException',
  },
  {
    id: 'ecr.repository.described',
    source: api('Repository'),
    text: 'A repository has the URI ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME; its tags are mutable unless asked otherwise',
    async run(subject) {
      const name = await repository(subject)
      const [found] = (await subject.ecr.describeRepositories({ repositoryNames: [name] })).repositories ?? []
      const uri = `${subject.account}.dkr.ecr.${subject.region}.amazonaws.com/${name}`
      return [found?.repositoryUri === uri, found?.imageTagMutability, found?.registryId === subject.account]
    },
    expected: [true, 'MUTABLE', true],
  },
  {
    id: 'ecr.policy.text',
    source: api('SetRepositoryPolicy'),
    text: 'A policy that is no JSON is InvalidParameterException',
    async run(subject) {
      const repositoryName = await repository(subject)
      return refusal(subject.ecr.setRepositoryPolicy({ repositoryName, policyText: '{' }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecr.token.form',
    source: api('AuthorizationData'),
    text: 'A token is base64 of AWS:PASSWORD and valid for 12 hours',
    async run({ ecr }) {
      const [data] = (await ecr.getAuthorizationToken({})).authorizationData ?? []
      const hours = ((data?.expiresAt?.getTime() ?? 0) - Date.now()) / 3_600_000
      return [
        Buffer.from(data?.authorizationToken ?? '', 'base64')
          .toString()
          .slice(0, 4),
        Math.round(hours),
      ]
    },
    expected: ['AWS:', 12],
  },
  {
    id: 'ecr.describe.missing-tag',
    source: api('DescribeImages'),
    text: 'A missing tag is ImageNotFoundException',
    async run(subject) {
      const repositoryName = await repository(subject)
      return refusal(subject.ecr.describeImages({ repositoryName, imageIds: [{ imageTag: 'none' }] }))
    },
    expected: 'ImageNotFoundException',
  },
  {
    id: 'ecr.describe.missing-digest',
    source: api('DescribeImages'),
    text: 'A missing digest is ImageNotFoundException',
    async run(subject) {
      const repositoryName = await repository(subject)
      return refusal(subject.ecr.describeImages({ repositoryName, imageIds: [{ imageDigest: absent }] }))
    },
    expected: 'ImageNotFoundException',
  },
  {
    id: 'ecr.describe.two-tags',
    source: api('ImageDetail'),
    text: 'Two tags on one image are one detail with both tags',
    async run(subject) {
      const repositoryName = await repository(subject)
      for (const tag of ['a', 'b']) await putImage(subject, repositoryName, 'one', tag)
      const { imageDetails } = await subject.ecr.describeImages({ repositoryName })
      return imageDetails?.map(({ imageTags }) => imageTags?.sort())
    },
    expected: [['a', 'b']],
  },
  {
    id: 'ecr.describe.pages',
    source: api('DescribeImages'),
    text: 'maxResults divides the images into pages, and the last has no nextToken',
    async run(subject) {
      const { ecr } = subject
      const repositoryName = await repository(subject)
      for (const content of ['one', 'two', 'three']) await putImage(subject, repositoryName, content, content)
      const first = await ecr.describeImages({ repositoryName, maxResults: 2 })
      const second = await ecr.describeImages({ repositoryName, maxResults: 2, nextToken: first.nextToken })
      return [first.imageDetails?.length, second.imageDetails?.length, second.nextToken]
    },
    expected: [2, 1, null],
  },
  {
    id: 'ecr.list.tags',
    source: api('ListImages'),
    text: 'ListImages gives an entry for every tag, and can be asked for untagged images alone',
    async run(subject) {
      const repositoryName = await repository(subject)
      for (const tag of ['a', 'b']) await putImage(subject, repositoryName, 'one', tag)
      const untagged = await putImage(subject, repositoryName, 'two')
      const all = await subject.ecr.listImages({ repositoryName })
      const rest = await subject.ecr.listImages({ repositoryName, filter: { tagStatus: 'UNTAGGED' } })
      const tags = all.imageIds?.map(({ imageTag }) => imageTag ?? 'none').sort()
      return [tags, rest.imageIds?.map(({ imageDigest }) => imageDigest === untagged)]
    },
    expected: [['a', 'b', 'none'], [true]],
  },
]
