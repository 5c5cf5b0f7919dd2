import { api, error, guide, twoVersions } from '../functions.ts'
import { type Rule, until } from '../rule.ts'
import type { Subject } from '../subject.ts'

const needs: Rule['needs'] = ['functions']

const aliased = async ({ lambda, ...subject }: Subject, weight?: number) => {
  const FunctionName = await twoVersions({ lambda, ...subject })
  const RoutingConfig = weight === undefined ? undefined : { AdditionalVersionWeights: { 2: weight } }
  await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1', ...(RoutingConfig && { RoutingConfig }) })
  return {
    FunctionName,
    put: (Qualifier: string) =>
      lambda.putProvisionedConcurrencyConfig({ FunctionName, Qualifier, ProvisionedConcurrentExecutions: 1 }),
    get: (Qualifier: string) => lambda.getProvisionedConcurrencyConfig({ FunctionName, Qualifier }),
  }
}

export const provisionedRules: Rule[] = [
  {
    id: 'lambda.provisioned.none',
    source: api('GetProvisionedConcurrencyConfig'),
    text: 'An alias without provisioned concurrency is ProvisionedConcurrencyConfigNotFoundException, 404; $LATEST can have none, 400',
    needs,
    async run(subject) {
      const { get } = await aliased(subject)
      return [await error(get('live')), await error(get('$LATEST'))]
    },
    expected: [
      ['ProvisionedConcurrencyConfigNotFoundException', 404],
      ['InvalidParameterValueException', 400],
    ],
  },
  {
    id: 'lambda.provisioned.ready',
    source: guide('provisioned-concurrency'),
    text: 'It is IN_PROGRESS with nothing allocated, then READY with all; the list names it by its qualifier',
    needs,
    async run(subject) {
      const { FunctionName, put, get } = await aliased(subject)
      const { Status, AllocatedProvisionedConcurrentExecutions: allocated } = await put('live')
      const ready = await until(
        subject,
        () => get('live'),
        (answer) => answer.Status !== 'IN_PROGRESS',
      )
      const { ProvisionedConcurrencyConfigs: all } = await subject.lambda.listProvisionedConcurrencyConfigs({ FunctionName })
      const listed = all?.map(({ FunctionArn }) => FunctionArn?.endsWith(`:${FunctionName}:live`))
      return [Status, allocated, ready.Status, ready.AllocatedProvisionedConcurrentExecutions, listed]
    },
    expected: ['IN_PROGRESS', 0, 'READY', 1, [true]],
  },
  {
    id: 'lambda.provisioned.moves',
    source: guide('provisioned-concurrency'),
    text: 'It moves with its alias, and is allocated anew',
    needs,
    async run(subject) {
      const { FunctionName, put, get } = await aliased(subject)
      await put('live')
      await until(
        subject,
        () => get('live'),
        ({ Status }) => Status === 'READY',
      )
      await subject.lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: '2' })
      return (await get('live')).Status
    },
    expected: 'IN_PROGRESS',
  },
  {
    id: 'lambda.provisioned.weights',
    source: guide('configuring-alias-routing'),
    text: 'An alias with weights takes none, and one that has it takes no weights: InvalidParameterValueException',
    needs,
    async run(subject) {
      const weighted = await aliased(subject, 0.1)
      const { FunctionName, put } = await aliased(subject)
      await put('live')
      const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } }
      const refused = await error(weighted.put('live'))
      return [refused, await error(subject.lambda.updateAlias({ FunctionName, Name: 'live', RoutingConfig }))]
    },
    expected: Array(2).fill(['InvalidParameterValueException', 400]),
  },
  {
    id: 'lambda.provisioned.twice',
    source: api('PutProvisionedConcurrencyConfig'),
    text: 'A version is provisioned by its number or by an alias, not by both: ResourceConflictException, both ways',
    needs,
    async run(subject) {
      const [one, other] = [await aliased(subject), await aliased(subject)]
      await one.put('1')
      await other.put('live')
      return [await error(one.put('live')), await error(other.put('1'))]
    },
    expected: Array(2).fill(['ResourceConflictException', 409]),
  },
]
