import type { BatchGetImageCommandOutput } from '@aws-sdk/client-ecr'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../../lib/aws/session.ts'
import { digestOf, MANIFEST_TYPES } from '../../../lib/oci/manifest.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { ecrRepository } from './ecr.ts'
import { createLedger } from './ledger.ts'

type Sent = { name: string; input: Record<string, unknown> }

/** A repository whose client answers with these, one after another; an `Error` is thrown. */
const repositoryWith = (...answers: (object | Error)[]) => {
  const sent: Sent[] = []
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      sent.push({ name: command.constructor.name, input: command.input })
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  const session = { account: '111111111111', region: 'eu-west-1', client: () => client, clientWithoutRetry: () => client }
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined }
  const log = { info: () => undefined } as unknown as Log
  const options = { repository: 'shop/app', requestTimeout: 1000, clock, random: () => 0, log, ledger: createLedger(clock) }
  return { repository: ecrRepository(session as unknown as Session, options), sent, calls: options.ledger.calls }
}

const MANIFEST = '{"schemaVersion":2}'
const DIGEST = digestOf(MANIFEST)
const image = (imageManifest: string, imageTag?: string) => ({
  imageId: { imageDigest: DIGEST, ...(imageTag && { imageTag }) },
  imageManifest,
  imageManifestMediaType: MANIFEST_TYPES[0],
})
const answer = (images: object[], failures: object[] = []): Partial<BatchGetImageCommandOutput> => ({ images, failures })
const named = (name: string): Error => Object.assign(new Error('no'), { name })

describe('finding images', () => {
  it('asks once for all tags and digests, with every media type and the account', async () => {
    const missing = { imageId: { imageTag: 'dev' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }
    const { repository, sent } = repositoryWith(answer([image(MANIFEST, 'src-1')], [missing]))
    const found = await repository.find({ tags: ['src-1', 'dev'], digests: [DIGEST] })
    expect([...found.keys()]).toEqual(['src-1', DIGEST])
    expect(sent).toEqual([
      {
        name: 'BatchGetImageCommand',
        input: {
          registryId: '111111111111',
          repositoryName: 'shop/app',
          imageIds: [{ imageTag: 'src-1' }, { imageTag: 'dev' }, { imageDigest: DIGEST }],
          acceptedMediaTypes: MANIFEST_TYPES,
        },
      },
    ])
    expect(MANIFEST_TYPES).toHaveLength(6)
  })

  it('reads by digest what was converted when it was served by tag', async () => {
    const { repository, sent } = repositoryWith(answer([image('{"converted":true}', 'src-1')]), answer([image(MANIFEST)]))
    expect((await repository.find({ tags: ['src-1'] })).get('src-1')?.manifest).toBe(MANIFEST)
    expect(sent[1]?.input).toMatchObject({ imageIds: [{ imageDigest: DIGEST }] })
  })

  it('does not believe bytes that are not what the digest names', async () => {
    const { repository } = repositoryWith(answer([image('{"x":1}', 'src-1')]), answer([image('{"x":1}')]))
    await expect(repository.find({ tags: ['src-1'] })).rejects.toThrow(/what ECR serves as sha256:\w+ hashes to sha256:/)
  })

  it('does not take an image that cannot be read for a missing one', async () => {
    const broken = { imageId: { imageTag: 'src-1' }, failureCode: 'KmsError', failureReason: 'key disabled' }
    const { repository } = repositoryWith(answer([], [broken]))
    await expect(repository.find({ tags: ['src-1'] })).rejects.toThrow(
      'ECR cannot read src-1 of shop/app: KmsError: key disabled',
    )
  })

  it('refuses a repository that is not there', async () => {
    const { repository } = repositoryWith(named('RepositoryNotFoundException'))
    await expect(repository.find({ tags: ['a'] })).rejects.toMatchObject({
      name: 'Refusal',
      message: /'shop\/app' does not exist in account 111111111111/,
    })
  })
})

describe('the rule for a tag', () => {
  it.each([
    ['IMMUTABLE', [], 'fixed'],
    ['IMMUTABLE_WITH_EXCLUSION', [{ filterType: 'WILDCARD', filter: 'dev*' }], 'movable'],
    ['MUTABLE', [], 'movable'],
  ])('in a repository that is %s except %j: %s', async (imageTagMutability, imageTagMutabilityExclusionFilters, expected) => {
    const { repository } = repositoryWith({ repositories: [{ imageTagMutability, imageTagMutabilityExclusionFilters }] })
    expect(await repository.tagRule('dev-1')).toBe(expected)
  })

  it('is unknown where the role may not ask', async () => {
    expect(await repositoryWith(named('AccessDeniedException')).repository.tagRule('dev')).toBe('unknown')
  })
})

it('puts a tag with the exact bytes, their type, and the digest for ECR to verify', async () => {
  const { repository, sent, calls } = repositoryWith({})
  await repository.putTag({ digest: DIGEST, mediaType: 'type', manifest: MANIFEST }, 'src-1')
  expect(sent[0]?.input).toEqual({
    registryId: '111111111111',
    repositoryName: 'shop/app',
    imageTag: 'src-1',
    imageManifest: MANIFEST,
    imageManifestMediaType: 'type',
    imageDigest: DIGEST,
  })
  expect([...calls]).toEqual([['ecr:PutImage', 1]])
})
