import { indexOf, manifestOf, putImage, repository, seen, uploadContent } from '../images.ts'
import { digestOf } from '../registry.ts'
import { type Rule, refusal } from '../rule.ts'
import { type Subject, unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECR/latest/userguide/${page}.html`

const put = (subject: Subject, repositoryName: string, imageManifest: string, imageTag?: string, imageDigest?: string) =>
  refusal(subject.ecr.putImage({ repositoryName, imageManifest, imageTag, imageDigest }))

const digestAt = async ({ ecr }: Subject, repositoryName: string, imageTag: string): Promise<string | undefined> =>
  (await ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag }] })).images?.[0]?.imageId?.imageDigest

const open = async (subject: Subject, actions: string[]): Promise<string> => {
  const repositoryName = await repository(subject)
  const Principal = { AWS: `arn:aws:iam::${subject.other?.account}:root` }
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'reading', Effect: 'Allow', Principal, Action: actions }],
  })
  if (actions.length > 0) await subject.ecr.setRepositoryPolicy({ repositoryName, policyText })
  await putImage(subject, repositoryName, 'one', 'a')
  return repositoryName
}

export const ecrPutRules: Rule[] = [
  {
    id: 'ecr.put.identical',
    source: api('PutImage'),
    text: 'The same manifest under the same tag is ImageAlreadyExistsException',
    async run(subject) {
      const name = await repository(subject)
      await putImage(subject, name, 'one', 'a')
      return put(subject, name, manifestOf('one'), 'a')
    },
    expected: 'ImageAlreadyExistsException',
  },
  {
    id: 'ecr.put.second-tag',
    source: guide('image-retag'),
    text: 'The same manifest under another tag adds that tag, also where tags are immutable',
    async run(subject) {
      const name = await repository(subject, 'IMMUTABLE')
      await putImage(subject, name, 'one', 'a')
      const answer = await put(subject, name, manifestOf('one'), 'b')
      return [answer, (await digestAt(subject, name, 'a')) === (await digestAt(subject, name, 'b'))]
    },
    expected: ['accepted', true],
  },
  {
    id: 'ecr.put.moves-tag',
    source: guide('image-tag-mutability'),
    text: 'In a mutable repository another manifest takes the tag, and the old one stays without it',
    async run(subject) {
      const repositoryName = await repository(subject)
      const imageDigest = await putImage(subject, repositoryName, 'one', 'a')
      const second = await putImage(subject, repositoryName, 'two', 'a')
      const { imageDetails } = await subject.ecr.describeImages({ repositoryName, imageIds: [{ imageDigest }] })
      return [(await digestAt(subject, repositoryName, 'a')) === second, imageDetails?.[0]?.imageTags ?? []]
    },
    expected: [true, []],
  },
  {
    id: 'ecr.put.immutable',
    source: guide('image-tag-mutability'),
    text: 'In an immutable repository another manifest under a taken tag is ImageTagAlreadyExistsException',
    async run(subject) {
      const name = await repository(subject, 'IMMUTABLE')
      const first = await putImage(subject, name, 'one', 'a')
      await uploadContent(subject, name, 'two')
      return [await put(subject, name, manifestOf('two'), 'a'), (await digestAt(subject, name, 'a')) === first]
    },
    expected: ['ImageTagAlreadyExistsException', true],
  },
  {
    id: 'ecr.put.other-digest',
    source: api('PutImage'),
    text: 'A digest that is not that of the manifest is ImageDigestDoesNotMatchException',
    async run(subject) {
      const name = await repository(subject)
      await uploadContent(subject, name, 'one')
      return put(subject, name, manifestOf('one'), 'a', digestOf('another'))
    },
    expected: 'ImageDigestDoesNotMatchException',
  },
  {
    id: 'ecr.put.missing-layers',
    source: api('PutImage'),
    text: 'A manifest whose layers are not in the repository is LayersNotFoundException',
    run: async (subject) => put(subject, await repository(subject), manifestOf('one'), 'a'),
    expected: 'LayersNotFoundException',
  },
  {
    id: 'ecr.put.missing-images',
    source: api('PutImage'),
    text: 'An index whose images are not in the repository is ReferencedImagesNotFoundException',
    run: async (subject) => put(subject, await repository(subject), indexOf(manifestOf('one')), 'a'),
    expected: 'ReferencedImagesNotFoundException',
  },
  {
    id: 'ecr.put.index',
    source: guide('image-manifest-formats'),
    text: 'An index whose images are there is kept, and both have digests of their own',
    async run(subject) {
      const name = await repository(subject)
      const child = await putImage(subject, name, 'one')
      const answer = await put(subject, name, indexOf(manifestOf('one')), 'a')
      const ids = [{ imageTag: 'a' }, { imageDigest: child }]
      const found = seen(await subject.ecr.batchGetImage({ repositoryName: name, imageIds: ids }))
      const own = (await digestAt(subject, name, 'a')) === digestOf(indexOf(manifestOf('one')))
      return [answer, found[0]?.length, own]
    },
    expected: ['accepted', 2, true],
  },
  {
    id: 'ecr.put.missing-repository',
    source: api('PutImage'),
    text: 'A missing repository is RepositoryNotFoundException',
    run: (subject) => put(subject, unique('none'), manifestOf('one'), 'a'),
    expected: 'RepositoryNotFoundException',
  },
  {
    id: 'ecr.layers.availability',
    source: api('BatchCheckLayerAvailability'),
    text: 'A layer is AVAILABLE with its size, or UNAVAILABLE',
    needs: ['registry'],
    async run(subject) {
      const repositoryName = await repository(subject)
      await putImage(subject, repositoryName, 'one', 'a')
      const layerDigests = [digestOf('one'), digestOf('absent')]
      const { layers } = await subject.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests })
      return layers?.map(({ layerAvailability, layerSize }) => [layerAvailability, layerSize ?? 0])
    },
    expected: [
      ['AVAILABLE', 3],
      ['UNAVAILABLE', 0],
    ],
  },
  {
    id: 'ecr.layers.missing',
    source: api('GetDownloadUrlForLayer'),
    text: 'A layer that is not in the repository has no URL: LayersNotFoundException',
    needs: ['registry'],
    async run(subject) {
      const repositoryName = await repository(subject)
      return refusal(subject.ecr.getDownloadUrlForLayer({ repositoryName, layerDigest: digestOf('absent') }))
    },
    expected: 'LayersNotFoundException',
  },
  {
    id: 'ecr.account.closed',
    source: guide('repository-policies'),
    text: 'Another account is refused where no policy lets it in: AccessDeniedException',
    needs: ['accounts'],
    async run(subject) {
      const asked = { registryId: subject.account, repositoryName: await open(subject, []), imageIds: [{ imageTag: 'a' }] }
      return refusal(subject.other?.ecr.batchGetImage(asked) ?? Promise.reject(new Error('no other account')))
    },
    expected: 'AccessDeniedException',
  },
  {
    id: 'ecr.account.open',
    source: guide('repository-policies'),
    text: 'Another account reads by registryId what a policy lets it read',
    needs: ['accounts'],
    async run(subject) {
      const repositoryName = await open(subject, ['ecr:BatchGetImage'])
      const asked = { registryId: subject.account, repositoryName, imageIds: [{ imageTag: 'a' }] }
      const answer = await subject.other?.ecr.batchGetImage(asked)
      return answer?.images?.map(({ registryId, imageId }) => [registryId === subject.account, imageId?.imageTag])
    },
    expected: [[true, 'a']],
  },
  {
    id: 'ecr.account.reading-only',
    source: guide('repository-policies'),
    text: 'A policy for reading lets another account put nothing: AccessDeniedException',
    needs: ['accounts'],
    async run(subject) {
      const repositoryName = await open(subject, ['ecr:BatchGetImage'])
      const asked = { registryId: subject.account, repositoryName, imageManifest: manifestOf('one'), imageTag: 'b' }
      return refusal(subject.other?.ecr.putImage(asked) ?? Promise.reject(new Error('no other account')))
    },
    expected: 'AccessDeniedException',
  },
]
