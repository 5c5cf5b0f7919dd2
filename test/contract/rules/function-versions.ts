import { api, configuration, error, guide, idle, images, publish, ready, twoVersions, words } from '../functions.ts'
import type { Rule } from '../rule.ts'
import type { Subject } from '../subject.ts'

const needs: Rule['needs'] = ['functions']
const page = api('PublishVersion')

const stale = '00000000-0000-4000-8000-000000000000'

/** Updates to the second image, and waits. */
const second = async (subject: Subject, FunctionName: string): Promise<void> => {
  await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject)).two })
  await idle(subject, FunctionName)
}

const versionsOf = async ({ lambda }: Subject, FunctionName: string): Promise<(string | undefined)[]> => {
  const { Versions = [] } = await lambda.listVersionsByFunction({ FunctionName })
  return Versions.map(({ Version }) => Version)
}

const alias = ({ lambda }: Subject, FunctionName: string, FunctionVersion: string, weights?: Record<string, number>) =>
  lambda.createAlias({
    FunctionName,
    Name: 'live',
    FunctionVersion,
    ...(weights && { RoutingConfig: { AdditionalVersionWeights: weights } }),
  })

export const functionVersionRules: Rule[] = [
  {
    id: 'lambda.publish.numbers',
    source: guide('configuration-versions'),
    text: 'Versions are numbered from 1, carry the code of $LATEST and the description, and become Active',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const { Version, CodeSha256 } = await subject.lambda.publishVersion({ FunctionName, Description: 'first' })
      const version = await idle(subject, FunctionName, Version)
      const isThatCode =
        version.CodeSha256 === CodeSha256 && CodeSha256 === (await configuration(subject, FunctionName)).CodeSha256
      await second(subject, FunctionName)
      return [Version, version.Description, version.State, isThatCode, (await publish(subject, FunctionName)).Version]
    },
    expected: ['1', 'first', 'Active', true, '2'],
  },
  {
    id: 'lambda.publish.unchanged',
    source: page,
    text: 'Where nothing was updated since, the version that is there is the answer and no other is made',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const first = await publish(subject, FunctionName)
      const again = await subject.lambda.publishVersion({ FunctionName, Description: 'other' })
      return [first.Version, again.Version, again.$metadata.httpStatusCode, await versionsOf(subject, FunctionName)]
    },
    expected: ['1', '1', 201, ['$LATEST', '1']],
  },
  {
    id: 'lambda.publish.same-digest',
    source: guide('configuration-versions'),
    text: 'After an update to the same digest the next publication makes a new version of the same CodeSha256',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const first = await publish(subject, FunctionName)
      await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject)).one })
      await idle(subject, FunctionName)
      const next = await publish(subject, FunctionName)
      return [next.Version, next.CodeSha256 === first.CodeSha256]
    },
    expected: ['2', true],
  },
  {
    id: 'lambda.publish.sha',
    source: page,
    text: 'A CodeSha256 that is not that of $LATEST is InvalidParameterValueException, and nothing is published',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const refused = await error(subject.lambda.publishVersion({ FunctionName, CodeSha256: 'a'.repeat(64) }))
      return [refused, await versionsOf(subject, FunctionName)]
    },
    expected: [['InvalidParameterValueException', 400], ['$LATEST']],
  },
  {
    id: 'lambda.publish.sha-words',
    source: page,
    text: 'It names both: "CodeSHA256 (GIVEN) is different from current CodeSHA256 in $LATEST (CURRENT). Please try again …"',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const { CodeSha256 = '' } = await configuration(subject, FunctionName)
      return (await words(subject.lambda.publishVersion({ FunctionName, CodeSha256: 'aaaa' }))).replace(CodeSha256, 'CURRENT')
    },
    expected:
      'CodeSHA256 (aaaa) is different from current CodeSHA256 in $LATEST (CURRENT). Please try again with the CodeSHA256 in $LATEST.',
  },
  {
    id: 'lambda.publish.stale',
    source: page,
    text: 'A RevisionId that is not the latest is PreconditionFailedException, 412, and nothing is published',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const refused = await error(subject.lambda.publishVersion({ FunctionName, RevisionId: stale }))
      return [refused, await versionsOf(subject, FunctionName)]
    },
    expected: [['PreconditionFailedException', 412], ['$LATEST']],
  },
  {
    id: 'lambda.publish.revision',
    source: page,
    text: 'Publishing changes the RevisionId of $LATEST as well, and the version has one of its own',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const before = await configuration(subject, FunctionName)
      const version = await publish(subject, FunctionName)
      const after = await configuration(subject, FunctionName)
      return [after.RevisionId !== before.RevisionId, version.RevisionId !== after.RevisionId]
    },
    expected: [true, true],
  },
  {
    id: 'lambda.publish.with-update',
    source: api('UpdateFunctionCode'),
    text: 'An update with Publish answers with the new version, Pending',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      const asked = { FunctionName, ImageUri: (await images(subject)).two, Publish: true }
      const { Version, State } = await subject.lambda.updateFunctionCode(asked)
      return [Version, State, (await idle(subject, FunctionName, Version)).State]
    },
    expected: ['1', 'Pending', 'Active'],
  },
  {
    id: 'lambda.versions.stay',
    source: guide('configuration-versions'),
    text: 'A version keeps its code when $LATEST gets another, and is found by its number with its own ARN',
    needs,
    async run(subject) {
      const { digests } = await images(subject)
      const name = await twoVersions(subject)
      const [first, later] = [await configuration(subject, name, '1'), await configuration(subject, name, '2')]
      const codes = [`sha256:${first.CodeSha256}` === digests.one, `sha256:${later.CodeSha256}` === digests.two]
      return [...codes, first.FunctionArn?.endsWith(`:function:${name}:1`)]
    },
    expected: [true, true, true],
  },
  {
    id: 'lambda.versions.listed',
    source: api('ListVersionsByFunction'),
    text: 'The list has $LATEST first and divides into pages by MaxItems',
    needs,
    async run(subject) {
      const FunctionName = await twoVersions(subject)
      const { Versions = [], NextMarker } = await subject.lambda.listVersionsByFunction({ FunctionName, MaxItems: 2 })
      const rest = await subject.lambda.listVersionsByFunction({ FunctionName, Marker: NextMarker })
      return [Versions.map(({ Version }) => Version), rest.Versions?.map(({ Version }) => Version), rest.NextMarker]
    },
    expected: [['$LATEST', '1'], ['2'], undefined],
  },
  {
    id: 'lambda.delete.version',
    source: api('DeleteFunction'),
    text: 'One version is deleted by its number and the others stay; one that is not there is no error; $LATEST is refused',
    needs,
    async run(subject) {
      const FunctionName = await twoVersions(subject)
      const remove = (Qualifier: string) => error(subject.lambda.deleteFunction({ FunctionName, Qualifier }))
      const answers = [await remove('1'), await remove('1'), await remove('$LATEST')]
      return [...answers, await versionsOf(subject, FunctionName)]
    },
    expected: ['accepted', 'accepted', ['InvalidParameterValueException', 400], ['$LATEST', '2']],
  },
  {
    id: 'lambda.delete.aliased',
    source: api('DeleteFunction'),
    text: 'A version that an alias points at, be it with a weight, cannot be deleted: ResourceConflictException',
    needs,
    async run(subject) {
      const FunctionName = await twoVersions(subject)
      await alias(subject, FunctionName, '1', { 2: 0.1 })
      const remove = (Qualifier: string) => error(subject.lambda.deleteFunction({ FunctionName, Qualifier }))
      return [await remove('1'), await remove('2'), await versionsOf(subject, FunctionName)]
    },
    expected: [
      ['ResourceConflictException', 409],
      ['ResourceConflictException', 409],
      ['$LATEST', '1', '2'],
    ],
  },
]
