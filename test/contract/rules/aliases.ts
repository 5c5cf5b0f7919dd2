import { aliased, api, configuration, error, ready, twoVersions, weights } from '../functions.ts'
import type { Rule } from '../rule.ts'

const needs: Rule['needs'] = ['functions']
const Name = 'live'

export const aliasRules: Rule[] = [
  {
    id: 'lambda.alias.made',
    source: api('CreateAlias'),
    text: 'An alias has an ARN, its version and a RevisionId; without weights it has no RoutingConfig',
    needs,
    async run(subject) {
      const { FunctionName, made } = await aliased(subject)
      const { AliasArn, FunctionVersion, RevisionId, RoutingConfig, Description, $metadata } = made
      const named = AliasArn?.endsWith(`:function:${FunctionName}:live`)
      return [$metadata.httpStatusCode, named, FunctionVersion, Description, typeof RevisionId, RoutingConfig]
    },
    expected: [201, true, '1', '', 'string', undefined],
  },
  {
    id: 'lambda.alias.exists',
    source: api('CreateAlias'),
    text: 'A name is taken once: ResourceConflictException, 409',
    needs,
    async run(subject) {
      const { FunctionName } = await aliased(subject)
      return error(subject.lambda.createAlias({ FunctionName, Name, FunctionVersion: '2' }))
    },
    expected: ['ResourceConflictException', 409],
  },
  {
    id: 'lambda.alias.name',
    source: api('CreateAlias'),
    text: 'A name of digits alone would be a version: ValidationException',
    needs,
    async run(subject) {
      const FunctionName = await twoVersions(subject)
      return error(subject.lambda.createAlias({ FunctionName, Name: '2024', FunctionVersion: '1' }))
    },
    expected: ['ValidationException', 400],
  },
  {
    id: 'lambda.alias.missing',
    source: api('GetAlias'),
    text: 'A missing alias is ResourceNotFoundException, for reading and for moving',
    needs,
    async run(subject) {
      const asked = { FunctionName: await ready(subject), Name: 'none' }
      const read = await error(subject.lambda.getAlias(asked))
      return [read, await error(subject.lambda.updateAlias({ ...asked, FunctionVersion: '$LATEST' }))]
    },
    expected: Array(2).fill(['ResourceNotFoundException', 404]),
  },
  {
    id: 'lambda.alias.missing-version',
    source: api('UpdateAlias'),
    text: 'A version that is not there is ResourceNotFoundException, as the main one and with a weight, and the alias stays',
    needs,
    async run(subject) {
      const { move, now } = await aliased(subject)
      const answers = [await error(move({ FunctionVersion: '10' })), await error(move({ RoutingConfig: weights({ 10: 0.1 }) }))]
      return [...answers, (await now()).FunctionVersion]
    },
    expected: [['ResourceNotFoundException', 404], ['ResourceNotFoundException', 404], '1'],
  },
  {
    id: 'lambda.alias.moved',
    source: api('UpdateAlias'),
    text: 'A moved alias answers with its new version and a new RevisionId, and GetFunction by its name shows that version',
    needs,
    async run(subject) {
      const { FunctionName, made, move } = await aliased(subject)
      const moved = await move({ FunctionVersion: '2' })
      const { Version } = await configuration(subject, FunctionName, Name)
      return [moved.FunctionVersion, moved.RevisionId !== made.RevisionId, Version]
    },
    expected: ['2', true, '2'],
  },
  {
    id: 'lambda.alias.stale',
    source: api('UpdateAlias'),
    text: 'A RevisionId that is not the latest of the alias is PreconditionFailedException, 412, and it stays; the latest is let in',
    needs,
    async run(subject) {
      const { made, move, now } = await aliased(subject)
      await move({ Description: 'changed' })
      const refused = await error(move({ FunctionVersion: '2', RevisionId: made.RevisionId }))
      const { FunctionVersion, RevisionId } = await now()
      return [refused, FunctionVersion, await error(move({ FunctionVersion: '2', RevisionId }))]
    },
    expected: [['PreconditionFailedException', 412], '1', 'accepted'],
  },
  {
    id: 'lambda.alias.listed',
    source: api('ListAliases'),
    text: 'All aliases are listed, or those of one version',
    needs,
    async run(subject) {
      const { FunctionName } = await aliased(subject)
      await subject.lambda.createAlias({ FunctionName, Name: 'next', FunctionVersion: '2' })
      const names = async (more: object) => {
        const { Aliases = [] } = await subject.lambda.listAliases({ FunctionName, ...more })
        return Aliases.map((alias) => alias.Name).sort()
      }
      return [await names({}), await names({ FunctionVersion: '2' })]
    },
    expected: [['live', 'next'], ['next']],
  },
  {
    id: 'lambda.alias.deleted',
    source: api('DeleteAlias'),
    text: 'A deleted alias is gone and its version stays; one that is not there is no error',
    needs,
    async run(subject) {
      const { FunctionName } = await aliased(subject)
      const remove = () => error(subject.lambda.deleteAlias({ FunctionName, Name }))
      const answers = [await remove(), await remove(), await error(subject.lambda.getAlias({ FunctionName, Name }))]
      return [...answers, (await configuration(subject, FunctionName, '1')).Version]
    },
    expected: ['accepted', 'accepted', ['ResourceNotFoundException', 404], '1'],
  },
]
