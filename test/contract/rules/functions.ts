import { api, configuration, error, get, guide, idle, images, publish, ready, words } from '../functions.ts'
import type { Rule } from '../rule.ts'
import { type Subject, unique } from '../subject.ts'

const needs: Rule['needs'] = ['functions']
const update = api('UpdateFunctionCode')

/** Updates the code of a new function, and does not wait. */
const updated = async (subject: Subject, which: 'one' | 'two' = 'two') => {
  const FunctionName = await ready(subject)
  const before = await configuration(subject, FunctionName)
  const answer = await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject))[which] })
  return { FunctionName, before, answer }
}

export const functionRules: Rule[] = [
  {
    id: 'lambda.get.code',
    source: api('FunctionCodeLocation'),
    text: 'An image function shows its image as it was given and as REPOSITORY@DIGEST, and CodeSha256 is the hex of that digest',
    needs,
    async run(subject) {
      const { one, digests } = await images(subject)
      const { Configuration, Code } = await get(subject, await ready(subject))
      const { CodeSha256, PackageType, Architectures, State, LastUpdateStatus, Version } = Configuration ?? {}
      const isDigest = `sha256:${CodeSha256}` === digests.one
      const code = [Code?.RepositoryType, Code?.ImageUri === one, Code?.ResolvedImageUri === one]
      return [isDigest, ...code, PackageType, Architectures, State, LastUpdateStatus, Version]
    },
    expected: [true, 'ECR', true, true, 'Image', ['x86_64'], 'Active', 'Successful', '$LATEST'],
  },
  {
    id: 'lambda.get.missing',
    source: api('GetFunction'),
    text: 'A missing function, and a missing version or alias of one, are ResourceNotFoundException, 404',
    needs,
    async run(subject) {
      const name = await ready(subject)
      return Promise.all([[unique('none')], [name, '10'], [name, 'none']].map(([of = '', at]) => error(get(subject, of, at))))
    },
    expected: Array(3).fill(['ResourceNotFoundException', 404]),
  },
  {
    id: 'lambda.update.in-progress',
    source: guide('functions-states'),
    text: 'An update answers InProgress, code Creating, with the new CodeSha256 and a new RevisionId; State stays Active',
    needs,
    async run(subject) {
      const { digests } = await images(subject)
      const { before, answer } = await updated(subject)
      const { State, LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode, CodeSha256, RevisionId } = answer
      const changes = [`sha256:${CodeSha256}` === digests.two, RevisionId !== before.RevisionId]
      return [State, LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode, ...changes]
    },
    expected: ['Active', 'InProgress', 'The function is being created.', 'Creating', true, true],
  },
  {
    id: 'lambda.update.revision',
    source: guide('functions-states'),
    text: 'When an update ends Successful, the RevisionId is no longer that of its answer, and the reason is gone',
    needs,
    async run(subject) {
      const { FunctionName, answer } = await updated(subject)
      const { LastUpdateStatus, LastUpdateStatusReasonCode, RevisionId } = await idle(subject, FunctionName)
      return [LastUpdateStatus, LastUpdateStatusReasonCode, RevisionId !== answer.RevisionId]
    },
    expected: ['Successful', undefined, true],
  },
  {
    id: 'lambda.update.tag',
    source: update,
    text: 'A tag is resolved once, to the digest that it has then',
    needs,
    async run(subject) {
      const { uri, two } = await images(subject)
      const FunctionName = await ready(subject)
      await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: `${uri}:two` })
      await idle(subject, FunctionName)
      const { Code } = await get(subject, FunctionName)
      return [Code?.ImageUri === `${uri}:two`, Code?.ResolvedImageUri === two]
    },
    expected: [true, true],
  },
  {
    id: 'lambda.update.same-digest',
    source: guide('functions-states'),
    text: 'The same digest again is an update like any other: InProgress, and a new RevisionId',
    needs,
    async run(subject) {
      const { before, answer } = await updated(subject, 'one')
      return [answer.LastUpdateStatus, answer.CodeSha256 === before.CodeSha256, answer.RevisionId !== before.RevisionId]
    },
    expected: ['InProgress', true, true],
  },
  {
    id: 'lambda.update.busy',
    source: guide('functions-states'),
    text: 'While an update is in progress another one of code or configuration, and a publication, are ResourceConflictException, 409',
    needs,
    async run(subject) {
      const { FunctionName } = await updated(subject)
      const { one: ImageUri } = await images(subject)
      return Promise.all([
        error(subject.lambda.updateFunctionCode({ FunctionName, ImageUri })),
        error(subject.lambda.updateFunctionConfiguration({ FunctionName, MemorySize: 256 })),
        error(subject.lambda.publishVersion({ FunctionName })),
      ])
    },
    expected: Array(3).fill(['ResourceConflictException', 409]),
  },
  {
    id: 'lambda.update.busy-words',
    source: guide('functions-states'),
    text: 'It is worded "The operation cannot be performed at this time. An update is in progress for resource: ARN"',
    needs,
    async run(subject) {
      const { FunctionName, answer } = await updated(subject)
      const again = subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject)).one })
      return (await words(again)).replace(answer.FunctionArn ?? '', 'ARN')
    },
    expected: 'The operation cannot be performed at this time. An update is in progress for resource: ARN',
  },
  {
    id: 'lambda.update.stale',
    source: update,
    text: 'A RevisionId that is not the latest is PreconditionFailedException, 412, and nothing changes; the latest is let in',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const { RevisionId } = await configuration(subject, FunctionName)
      const { two: ImageUri } = await images(subject)
      const stale = { FunctionName, ImageUri, RevisionId: '00000000-0000-4000-8000-000000000000' }
      const refused = await error(subject.lambda.updateFunctionCode(stale))
      const after = await configuration(subject, FunctionName)
      const latest = await error(subject.lambda.updateFunctionCode({ ...stale, RevisionId }))
      return [refused, after.RevisionId === RevisionId, latest]
    },
    expected: [['PreconditionFailedException', 412], true, 'accepted'],
  },
  {
    id: 'lambda.update.dry-run',
    source: update,
    text: 'DryRun checks, and changes nothing',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const before = await configuration(subject, FunctionName)
      await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject)).two, DryRun: true })
      const after = await configuration(subject, FunctionName)
      return [after.CodeSha256 === before.CodeSha256, after.RevisionId === before.RevisionId, after.LastUpdateStatus]
    },
    expected: [true, true, 'Successful'],
  },
  {
    id: 'lambda.config.sha',
    source: api('FunctionConfiguration'),
    text: 'ConfigSha256 changes with the configuration and not with the code, and is the same for a version as for what it was made of',
    needs: ['functions', 'invocations'],
    async run(subject) {
      const { FunctionName, before } = await updated(subject)
      const code = await idle(subject, FunctionName)
      const { Version } = await subject.lambda.publishVersion({ FunctionName, Description: 'described' })
      const version = await idle(subject, FunctionName, Version)
      await subject.lambda.updateFunctionConfiguration({ FunctionName, MemorySize: 256 })
      const memory = await idle(subject, FunctionName)
      return [code, version, memory].map(({ ConfigSha256 }) => ConfigSha256 === before.ConfigSha256)
    },
    expected: [true, true, false],
  },
  {
    id: 'lambda.config.published',
    source: guide('configuration-versions'),
    text: 'A change of the configuration alone makes the next publication a new version of the same code',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const first = await publish(subject, FunctionName)
      const { LastUpdateStatus } = await subject.lambda.updateFunctionConfiguration({ FunctionName, MemorySize: 256 })
      await idle(subject, FunctionName)
      const { Version, MemorySize, CodeSha256 } = await publish(subject, FunctionName)
      return [LastUpdateStatus, Version, MemorySize, first.MemorySize, CodeSha256 === first.CodeSha256]
    },
    expected: ['InProgress', '2', 256, 128, true],
  },
]
