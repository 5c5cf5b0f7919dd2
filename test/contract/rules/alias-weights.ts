import { aliased, api, error, guide, twoVersions, weights } from '../functions.ts'
import { once, type Rule } from '../rule.ts'
import type { Subject } from '../subject.ts'

const needs: Rule['needs'] = ['functions']
const weighted = guide('configuring-alias-routing')

/** Nothing of what is refused stays on it. */
const weighable = once('versions to weigh', twoVersions)

const refusedWeights = async (subject: Subject, main: string, ...given: Record<string, number>[]): Promise<unknown[]> => {
  const FunctionName = await weighable(subject)
  const make = (each: Record<string, number>) =>
    error(subject.lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: main, RoutingConfig: weights(each) }))
  const answers = []
  for (const each of given) answers.push(await make(each))
  return answers
}

export const aliasWeightRules: Rule[] = [
  {
    id: 'lambda.alias.weights',
    source: weighted,
    text: 'A second version gets a share; GetAlias shows it',
    needs,
    async run(subject) {
      const { now } = await aliased(subject, weights({ 2: 0.1 }))
      const { FunctionVersion, RoutingConfig } = await now()
      return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights]
    },
    expected: ['1', { 2: 0.1 }],
  },
  {
    id: 'lambda.alias.weights-cleared',
    source: weighted,
    text: 'An empty AdditionalVersionWeights takes the weights away',
    needs,
    async run(subject) {
      const { move, now } = await aliased(subject, weights({ 2: 0.1 }))
      await move({ FunctionVersion: '2', RoutingConfig: weights({}) })
      const { FunctionVersion, RoutingConfig } = await now()
      return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? 'none']
    },
    expected: ['2', 'none'],
  },
  {
    id: 'lambda.alias.weights-kept',
    source: api('UpdateAlias'),
    text: 'An update that leaves RoutingConfig out does not clear it',
    needs,
    async run(subject) {
      const { move, now } = await aliased(subject, weights({ 2: 0.1 }))
      await move({ Description: 'changed' })
      return (await now()).RoutingConfig?.AdditionalVersionWeights
    },
    expected: { 2: 0.1 },
  },
  {
    id: 'lambda.alias.weights-two',
    source: weighted,
    text: 'Two additional versions, and the main version once more, are InvalidParameterValueException',
    needs,
    run: (subject) => refusedWeights(subject, '1', { 1: 0.1, 2: 0.1 }, { 1: 0.1 }),
    expected: Array(2).fill(['InvalidParameterValueException', 400]),
  },
  {
    id: 'lambda.alias.weights-latest',
    source: weighted,
    text: '$LATEST takes no part in weights: InvalidParameterValueException as the main one, ValidationException with a weight',
    needs,
    async run(subject) {
      const main = await refusedWeights(subject, '$LATEST', { 1: 0.1 })
      return [...main, ...(await refusedWeights(subject, '1', { $LATEST: 0.1 }))]
    },
    expected: [
      ['InvalidParameterValueException', 400],
      ['ValidationException', 400],
    ],
  },
  {
    id: 'lambda.alias.weights-bounds',
    source: weighted,
    text: 'A weight below 0 or above 1 is ValidationException',
    needs,
    run: (subject) => refusedWeights(subject, '1', { 2: -0.1 }, { 2: 1.1 }),
    expected: Array(2).fill(['ValidationException', 400]),
  },
]
