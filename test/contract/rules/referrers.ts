import { manifestOf, putImage, repository } from '../images.ts'
import { ask, digestOf, indexType, login, manifestType, pushManifest } from '../registry.ts'
import type { Rule } from '../rule.ts'
import type { Subject } from '../subject.ts'

const listing = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html'
const oci = 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md'
const needs: Rule['needs'] = ['registry']

/** The manifest of an artifact that refers to that digest, of the same blobs as the image of the content. */
const referrerOf = (content: string, subject: string, more: object = {}): string =>
  JSON.stringify({ ...JSON.parse(manifestOf(content)), subject: { mediaType: manifestType, digest: subject, size: 2 }, ...more })

const push = (subject: Subject, name: string, manifest: string) => pushManifest(subject, name, digestOf(manifest), manifest)

type Listed = { digest: string; size: number; artifactType?: string; annotations?: object }

const list = async (subject: Subject, name: string, digest: string, query = '') => {
  const authorization = await login(subject)
  const { status, headers, body } = await ask(subject, `/v2/${name}/referrers/${digest}${query}`, { authorization })
  // Another protocol's answer on the same port: there is no such path.
  if (/amz-json/.test(String(headers['content-type']))) {
    throw Object.assign(new Error('no list of referrers'), { name: 'NotImplemented' })
  }
  const manifests = status === 200 ? (JSON.parse(body.toString()) as { manifests?: Listed[] }).manifests : undefined
  return { status, headers, manifests }
}

/** A repository with an image in it. */
const scene = async (subject: Subject) => {
  const name = await repository(subject)
  return { name, digest: await putImage(subject, name, 'one', 'a') }
}

export const referrersRules: Rule[] = [
  {
    id: 'referrers.list',
    source: listing,
    text: 'What names an image as its subject is listed for it as an OCI index, with its digest and size',
    needs,
    async run(subject) {
      const { name, digest } = await scene(subject)
      const signature = referrerOf('one', digest, { artifactType: 'application/x-signature' })
      await push(subject, name, signature)
      const { status, headers, manifests } = await list(subject, name, digest)
      const found = manifests?.map((each) => [each.digest === digestOf(signature), each.size === signature.length])
      return [status, headers['content-type'], found]
    },
    expected: [200, indexType, [[true, true]]],
  },
  {
    id: 'referrers.entry',
    source: oci,
    text: 'An entry of the list bears the type and the annotations of the artifact; without a type, that of its configuration',
    needs,
    async run(subject) {
      const { name, digest } = await scene(subject)
      await push(subject, name, referrerOf('one', digest, { artifactType: 'application/x-bill', annotations: { by: 'us' } }))
      await push(subject, name, referrerOf('one', digest))
      const { manifests } = await list(subject, name, digest)
      return manifests?.map(({ artifactType, annotations = {} }) => [artifactType, annotations]).toSorted()
    },
    expected: [
      ['application/vnd.oci.image.config.v1+json', {}],
      ['application/x-bill', { by: 'us' }],
    ],
  },
  {
    id: 'referrers.none',
    source: oci,
    text: 'Of an image that nothing refers to, and of a digest that is not there, the list is empty and no error',
    needs,
    async run(subject) {
      const { name, digest } = await scene(subject)
      const answers = [await list(subject, name, digest), await list(subject, name, digestOf('absent'))]
      return answers.map(({ status, manifests }) => [status, manifests])
    },
    expected: [
      [200, []],
      [200, []],
    ],
  },
  {
    id: 'referrers.before',
    source: oci,
    text: 'A manifest may refer to an image that is not there yet, and is listed all the same',
    needs,
    async run(subject) {
      const { name } = await scene(subject)
      const later = digestOf('later')
      const { status } = await push(subject, name, referrerOf('one', later))
      return [status, (await list(subject, name, later)).manifests?.length]
    },
    expected: [201, 1],
  },
  {
    id: 'referrers.subject-header',
    source: oci,
    text: 'The answer to the push of a referrer names its subject, so that the client keeps no list of its own',
    needs,
    async run(subject) {
      const { name, digest } = await scene(subject)
      const { status, headers } = await push(subject, name, referrerOf('one', digest))
      return [status, headers['oci-subject'] === digest]
    },
    expected: [201, true],
  },
  {
    id: 'referrers.filter',
    source: listing,
    text: 'The list can be asked for one type of artifact',
    needs,
    async run(subject) {
      const { name, digest } = await scene(subject)
      for (const kind of ['bill', 'signature']) {
        await push(subject, name, referrerOf('one', digest, { artifactType: `application/x-${kind}` }))
      }
      const { manifests } = await list(subject, name, digest, '?artifactType=application/x-bill')
      return manifests?.map(({ artifactType }) => artifactType)
    },
    expected: ['application/x-bill'],
  },
]
