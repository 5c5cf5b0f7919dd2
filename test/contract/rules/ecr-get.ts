import { manifestOf, putImage, repository, seen } from '../images.ts'
import { digestOf } from '../registry.ts'
import { type Rule, refusal } from '../rule.ts'
import { unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_${name}.html`
const absent = digestOf('absent')

export const ecrGetRules: Rule[] = [
  {
    id: 'ecr.get.failures',
    source: api('BatchGetImage'),
    text: 'What is missing is a failure ImageNotFound beside what is found; the call itself succeeds',
    async run(subject) {
      const repositoryName = await repository(subject)
      await putImage(subject, repositoryName, 'one', 'a')
      const imageIds = [{ imageTag: 'a' }, { imageTag: 'none' }, { imageDigest: absent }]
      return seen(await subject.ecr.batchGetImage({ repositoryName, imageIds }))
    },
    expected: [['a'], ['ImageNotFound', 'ImageNotFound']],
  },
  {
    id: 'ecr.get.bad-digest',
    source: api('ImageFailure'),
    text: 'A digest of another form is a failure InvalidImageDigest',
    async run(subject) {
      const repositoryName = await repository(subject)
      return seen(await subject.ecr.batchGetImage({ repositoryName, imageIds: [{ imageDigest: 'none' }] }))
    },
    expected: [[], ['InvalidImageDigest']],
  },
  {
    id: 'ecr.get.neither',
    source: api('ImageFailure'),
    text: 'An id without tag and digest is a failure MissingDigestAndTag',
    async run(subject) {
      const repositoryName = await repository(subject)
      return seen(await subject.ecr.batchGetImage({ repositoryName, imageIds: [{}] }))
    },
    expected: [[], ['MissingDigestAndTag']],
  },
  {
    id: 'ecr.get.other-digest',
    source: api('ImageFailure'),
    text: 'A tag with a digest that it does not have is a failure ImageTagDoesNotMatchDigest',
    async run(subject) {
      const repositoryName = await repository(subject)
      await putImage(subject, repositoryName, 'one', 'a')
      const imageDigest = await putImage(subject, repositoryName, 'two', 'b')
      return seen(await subject.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: 'a', imageDigest }] }))
    },
    expected: [[], ['ImageTagDoesNotMatchDigest']],
  },
  {
    id: 'ecr.get.missing-repository',
    source: api('BatchGetImage'),
    text: 'A missing repository is RepositoryNotFoundException',
    run: ({ ecr }) => refusal(ecr.batchGetImage({ repositoryName: unique('none'), imageIds: [{ imageTag: 'a' }] })),
    expected: 'RepositoryNotFoundException',
  },
  {
    id: 'ecr.get.limit',
    source: api('BatchGetImage'),
    text: 'More than 100 ids are InvalidParameterException',
    async run(subject) {
      const repositoryName = await repository(subject)
      const imageIds = Array.from({ length: 101 }, (_, index) => ({ imageTag: `t${index}` }))
      return refusal(subject.ecr.batchGetImage({ repositoryName, imageIds }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecr.get.bytes',
    source: api('Image'),
    text: 'The manifest comes back byte for byte, by tag and by digest, under the SHA-256 of its bytes',
    async run(subject) {
      const repositoryName = await repository(subject)
      const imageDigest = await putImage(subject, repositoryName, 'one', 'a')
      const { images } = await subject.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: 'a' }, { imageDigest }] })
      const bytes = images?.map(({ imageManifest }) => imageManifest === manifestOf('one'))
      return [imageDigest === digestOf(manifestOf('one')), bytes]
    },
    expected: [true, [true, true]],
  },
]
