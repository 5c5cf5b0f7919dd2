import { manifestOf, putImage, repository, seen, uploadContent } from '../images.ts'
import { type Answer, ask, codeOf, digestOf, login, pushManifest, upload } from '../registry.ts'
import type { Rule } from '../rule.ts'
import { unique } from '../subject.ts'

const auth = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html'
const mutability = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html'
const oci = 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md'
const needs: Rule['needs'] = ['registry']

const basic = (password: string): string => `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`
const refused = (answer: Answer) => [answer.status, codeOf(answer)]

export const registryRules: Rule[] = [
  {
    id: 'registry.auth.none',
    source: auth,
    text: 'Without credentials the registry answers 401 and asks for Basic authentication',
    needs,
    async run(subject) {
      const { status, headers } = await ask(subject, '/v2/')
      return [status, String(headers['www-authenticate'] ?? '').split(' ')[0]]
    },
    expected: [401, 'Basic'],
  },
  {
    id: 'registry.auth.wrong',
    source: auth,
    text: 'A password that is no token is 401',
    needs,
    run: async (subject) => (await ask(subject, '/v2/', { authorization: basic('wrong') })).status,
    expected: 401,
  },
  {
    id: 'registry.auth.right',
    source: auth,
    text: 'The token of GetAuthorizationToken as it is, user AWS, is let in',
    needs,
    run: async (subject) => (await ask(subject, '/v2/', { authorization: await login(subject) })).status,
    expected: 200,
  },
  {
    id: 'registry.auth.content',
    source: auth,
    text: 'A manifest is not served to a password that is no token',
    needs,
    async run(subject) {
      const name = await repository(subject)
      await putImage(subject, name, 'one', 'a')
      return (await ask(subject, `/v2/${name}/manifests/a`, { authorization: basic('wrong') })).status
    },
    expected: 401,
  },
  {
    id: 'registry.missing.repository',
    source: oci,
    text: 'A missing repository is 404 NAME_UNKNOWN',
    needs,
    run: async (subject) =>
      refused(await ask(subject, `/v2/${unique('none')}/manifests/a`, { authorization: await login(subject) })),
    expected: [404, 'NAME_UNKNOWN'],
  },
  {
    id: 'registry.missing.manifest',
    source: oci,
    text: 'A missing manifest is 404 MANIFEST_UNKNOWN',
    needs,
    async run(subject) {
      const name = await repository(subject)
      return refused(await ask(subject, `/v2/${name}/manifests/none`, { authorization: await login(subject) }))
    },
    expected: [404, 'MANIFEST_UNKNOWN'],
  },
  {
    id: 'registry.missing.blob',
    source: oci,
    text: 'A missing blob is 404',
    needs,
    async run(subject) {
      const path = `/v2/${await repository(subject)}/blobs/${digestOf('absent')}`
      return (await ask(subject, path, { method: 'HEAD', authorization: await login(subject) })).status
    },
    expected: 404,
  },
  {
    id: 'registry.push.api',
    source: auth,
    text: 'What was pushed over HTTP is what the API answers with, byte for byte',
    needs,
    async run(subject) {
      const repositoryName = await repository(subject)
      await uploadContent(subject, repositoryName, 'one')
      const { status } = await pushManifest(subject, repositoryName, 'a', manifestOf('one'))
      const { images } = await subject.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: 'a' }] })
      return [status, images?.[0]?.imageManifest === manifestOf('one')]
    },
    expected: [201, true],
  },
  {
    id: 'registry.push.digest',
    source: oci,
    text: 'A manifest pushed by its digest needs no tag, comes back byte for byte, and its digest is in the header',
    needs,
    async run(subject) {
      const name = await repository(subject)
      await uploadContent(subject, name, 'one')
      const digest = digestOf(manifestOf('one'))
      const pushed = await pushManifest(subject, name, digest, manifestOf('one'))
      const path = `/v2/${name}/manifests/${digest}`
      const { body, headers } = await ask(subject, path, { authorization: await login(subject) })
      const tags = (await subject.ecr.describeImages({ repositoryName: name })).imageDetails?.map(
        ({ imageTags = [] }) => imageTags,
      )
      return [pushed.status, body.toString() === manifestOf('one'), headers['docker-content-digest'] === digest, tags]
    },
    expected: [201, true, true, [[]]],
  },
  {
    id: 'registry.push.other-digest',
    source: oci,
    text: 'A manifest under the digest of another one is refused and not kept',
    needs,
    async run(subject) {
      const name = await repository(subject)
      await uploadContent(subject, name, 'one')
      const { status } = await pushManifest(subject, name, digestOf('another'), manifestOf('one'))
      const asked = { repositoryName: name, imageIds: [{ imageDigest: digestOf('another') }] }
      return [status >= 400 && status < 500, seen(await subject.ecr.batchGetImage(asked))]
    },
    expected: [true, [[], ['ImageNotFound']]],
  },
  {
    id: 'registry.push.missing-blobs',
    source: oci,
    text: 'A manifest that names blobs which are not there is refused and not kept',
    needs,
    async run(subject) {
      const name = await repository(subject)
      const { status } = await pushManifest(subject, name, 'a', manifestOf('one'))
      const asked = { repositoryName: name, imageIds: [{ imageTag: 'a' }] }
      return [status >= 400 && status < 500, seen(await subject.ecr.batchGetImage(asked))]
    },
    expected: [true, [[], ['ImageNotFound']]],
  },
  {
    id: 'registry.push.other-blob',
    source: oci,
    text: 'A blob under the digest of another one is refused and not kept',
    needs,
    async run(subject) {
      const name = await repository(subject)
      const { status } = await upload(subject, name, 'one', digestOf('another'))
      const path = `/v2/${name}/blobs/${digestOf('another')}`
      const kept = await ask(subject, path, { method: 'HEAD', authorization: await login(subject) })
      return [status >= 400 && status < 500, kept.status]
    },
    expected: [true, 404],
  },
  {
    id: 'registry.push.immutable',
    source: mutability,
    text: 'A push of other content to a taken tag of an immutable repository is 400 TAG_INVALID, and the tag stays',
    needs,
    async run(subject) {
      const repositoryName = await repository(subject, 'IMMUTABLE')
      const first = await putImage(subject, repositoryName, 'one', 'a')
      await uploadContent(subject, repositoryName, 'two')
      const answer = await pushManifest(subject, repositoryName, 'a', manifestOf('two'))
      const { images } = await subject.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: 'a' }] })
      return [...refused(answer), images?.[0]?.imageId?.imageDigest === first]
    },
    expected: [400, 'TAG_INVALID', true],
  },
  {
    id: 'registry.tags',
    source: oci,
    text: 'The tags of a repository can be listed',
    needs,
    async run(subject) {
      const name = await repository(subject)
      for (const tag of ['a', 'b']) await putImage(subject, name, 'one', tag)
      const { body } = await ask(subject, `/v2/${name}/tags/list`, { authorization: await login(subject) })
      return (JSON.parse(body.toString()) as { tags?: string[] }).tags?.sort()
    },
    expected: ['a', 'b'],
  },
]
