import { duration, json, lines, matching, optional, type Parser, refuse, required } from '../../../../lib/runner/inputs.ts'
import type { Invocation, LambdaPlace } from '../place.ts'

export const LAMBDA_INPUTS = ['function', 'alias', 'traffic', 'alarms', 'smoke-event']

const NAME = /^[A-Za-z0-9_-]{1,64}$/

const functions: Parser<string[]> = (value, name) => {
  const names = lines(value, name)
  const wrong = names.find((each) => !NAME.test(each))
  if (wrong !== undefined || names.length === 0) return refuse(name, 'names of Lambda functions, a line each', wrong ?? value)
  if (new Set(names).size < names.length) return refuse(name, 'different functions, a line each', value)
  return names
}

const alias = matching(/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, 'the name of an alias, not all digits')

const MOST_STEPS = 10
const watched = duration('10s', '1h')

/** `10% 5m`, a line each. */
const traffic: Parser<{ percent: number; for: number }[]> = (value, name) => {
  const steps = lines(value, name).map((line) => {
    const [, percent, time = ''] = /^(\d{1,2})% +(\d{1,4}[smh])$/.exec(line) ?? []
    if (percent === undefined || Number(percent) === 0) {
      return refuse(name, 'lines of a share and how long it is watched, for example 10% 5m', line)
    }
    return { percent: Number(percent), for: watched(time, name) }
  })
  return steps.length > MOST_STEPS ? refuse(name, `at most ${MOST_STEPS} steps, a line each`, value) : steps
}

const event: Parser<Record<string, unknown>> = (value, name) => {
  const parsed = json(value, name)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse(name, 'a JSON object', value)
  return { ...parsed }
}

export const lambdaPlace = (version: string | undefined): LambdaPlace => {
  const given = optional('smoke-event', event)
  if (given !== undefined && version !== undefined)
    throw new Error("inputs 'smoke-event' and 'smoke-version' exclude each other: one invocation is made before the switch")
  const smoke: Invocation | undefined = given === undefined ? (version === undefined ? undefined : { version }) : { event: given }
  const steps = optional('traffic', traffic)
  const alarms = optional('alarms', lines)
  if (alarms !== undefined && steps === undefined)
    throw new Error("input 'alarms' needs 'traffic': alarms are looked at while the traffic is moved in steps")
  return {
    kind: 'lambda',
    functions: required('function', functions).map((name) => ({ name, ...(smoke && { smoke }) })),
    alias: optional('alias', alias) ?? 'live',
    ...(steps && { traffic: steps }),
    ...(alarms && { alarms }),
  }
}
