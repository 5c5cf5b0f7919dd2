import { api, error, guide, idle, images, ready, twoVersions } from '../functions.ts'
import type { Rule } from '../rule.ts'
import type { Subject } from '../subject.ts'

const needs: Rule['needs'] = ['functions', 'invocations']

const invoke = ({ lambda }: Subject, FunctionName: string, event: object, more: object = {}) =>
  lambda.invoke({ FunctionName, Payload: JSON.stringify(event), ...more })

export const invocationRules: Rule[] = [
  {
    id: 'lambda.invoke.answer',
    source: api('Invoke'),
    text: 'The answer of the function comes back with status 200 and the version that ran, $LATEST without a qualifier',
    needs,
    async run(subject) {
      const { StatusCode, ExecutedVersion, FunctionError, Payload } = await invoke(subject, await ready(subject), { is: 'ä' })
      return [StatusCode, ExecutedVersion, FunctionError, JSON.parse(Payload?.transformToString() ?? '')]
    },
    expected: [200, '$LATEST', undefined, { is: 'ä' }],
  },
  {
    id: 'lambda.invoke.error',
    source: api('Invoke'),
    text: 'The status is 200 also when the function failed: FunctionError says so, and the payload is the error',
    needs,
    async run(subject) {
      const answer = await invoke(subject, await ready(subject), { fail: true })
      const { errorType, errorMessage } = JSON.parse(answer.Payload?.transformToString() ?? '')
      return [answer.StatusCode, answer.FunctionError, errorType, errorMessage]
    },
    expected: [200, 'Unhandled', 'Error', 'told to'],
  },
  {
    id: 'lambda.invoke.log',
    source: api('Invoke'),
    text: 'With LogType Tail the last 4 KB of the log come back, and without it none',
    needs,
    async run(subject) {
      const name = await ready(subject)
      const log = Buffer.from((await invoke(subject, name, {}, { LogType: 'Tail' })).LogResult ?? '', 'base64').toString()
      const has = ['START RequestId: ', 'about to answer', 'END RequestId: ', 'REPORT RequestId: '].map((line) =>
        log.includes(line),
      )
      return [...has, log.length <= 4_096, (await invoke(subject, name, {})).LogResult]
    },
    expected: [true, true, true, true, true, undefined],
  },
  {
    id: 'lambda.invoke.version',
    source: guide('configuration-versions'),
    text: 'A version is invoked by its number before any alias points at it; a missing one is ResourceNotFoundException',
    needs,
    async run(subject) {
      const name = await twoVersions(subject)
      const { ExecutedVersion } = await invoke(subject, name, {}, { Qualifier: '2' })
      return [ExecutedVersion, await error(invoke(subject, name, {}, { Qualifier: '9' }))]
    },
    expected: ['2', ['ResourceNotFoundException', 404]],
  },
  {
    id: 'lambda.invoke.alias',
    source: guide('configuring-alias-routing'),
    text: 'An alias leads to its version, and with weights of 0 and 1 to none and all of the additional one',
    needs,
    async run(subject) {
      const FunctionName = await twoVersions(subject)
      const asked = { FunctionName, Name: 'live', FunctionVersion: '1' }
      const executed = async () => (await invoke(subject, FunctionName, {}, { Qualifier: 'live' })).ExecutedVersion
      await subject.lambda.createAlias(asked)
      const seen = [await executed()]
      for (const weight of [0, 1]) {
        await subject.lambda.updateAlias({ ...asked, RoutingConfig: { AdditionalVersionWeights: { 2: weight } } })
        seen.push(await executed())
      }
      return seen
    },
    expected: ['1', '1', '2'],
  },
  {
    id: 'lambda.invoke.while-updating',
    source: guide('invocation-images'),
    text: 'While an update is in progress the function can be invoked',
    needs,
    async run(subject) {
      const FunctionName = await ready(subject)
      await subject.lambda.updateFunctionCode({ FunctionName, ImageUri: (await images(subject)).two })
      const { StatusCode } = await invoke(subject, FunctionName, {})
      await idle(subject, FunctionName)
      return StatusCode
    },
    expected: 200,
  },
  {
    id: 'lambda.invoke.payload',
    source: api('Invoke'),
    text: 'A payload that is no JSON is InvalidRequestContentException',
    needs,
    async run(subject) {
      return error(subject.lambda.invoke({ FunctionName: await ready(subject), Payload: '{' }))
    },
    expected: ['InvalidRequestContentException', 400],
  },
]
