import { afterEach, expect, test, vi } from 'vitest'
import { deploymentPlan } from '../../../../lib/delivery/plan.ts'
import { lambdaPlace } from './lambda.ts'

const given = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
}
afterEach(() => vi.unstubAllEnvs())

test('names the functions; the alias is live unless it says otherwise', () => {
  given({ function: 'events' })
  expect(lambdaPlace(undefined)).toEqual({ kind: 'lambda', functions: [{ name: 'events' }], alias: 'live' })
})

test('every function is asked the same before the switch, and gets its traffic in the same steps', () => {
  given({ function: 'events\n\n  worker', alias: 'blue', traffic: '10% 5m\n50% 30s', alarms: 'errors\nslow' })
  const smoke = { version: 'src-1' }
  expect(lambdaPlace('src-1')).toEqual({
    kind: 'lambda',
    functions: [
      { name: 'events', smoke },
      { name: 'worker', smoke },
    ],
    alias: 'blue',
    traffic: [
      { percent: 10, for: 300_000 },
      { percent: 50, for: 30_000 },
    ],
    alarms: ['errors', 'slow'],
  })
})

test('an event is taken as it is, and excludes a version', () => {
  given({ function: 'events', 'smoke-event': '{"ping": true}' })
  expect(lambdaPlace(undefined).functions).toEqual([{ name: 'events', smoke: { event: { ping: true } } }])
  expect(() => lambdaPlace('src-1')).toThrow("inputs 'smoke-event' and 'smoke-version' exclude each other")
})

test.each([
  ['function', '', 'required'],
  ['function', 'a b', 'names of Lambda functions'],
  ['function', 'arn:aws:lambda:eu-west-1:222222222222:function:events', 'names of Lambda functions'],
  ['function', 'events\nevents', 'different functions'],
  ['alias', '12', 'not all digits'],
  ['alias', '$LATEST', 'the name of an alias'],
  ['traffic', '10%', 'for example 10% 5m'],
  ['traffic', '0% 5m', 'for example 10% 5m'],
  ['traffic', '100% 5m', 'for example 10% 5m'],
  ['traffic', '10% 5m\nthe rest', 'for example 10% 5m'],
  ['traffic', '10% 9s', 'a duration from 10s to 1h'],
  ['traffic', '10% 61m', 'a duration from 10s to 1h'],
  ['traffic', '10% 10s\n'.repeat(11), 'at most 10 steps'],
  ['alarms', 'errors', "input 'alarms' needs 'traffic'"],
  ['smoke-event', 'ping', 'not valid JSON'],
  ['smoke-event', '["ping"]', 'a JSON object'],
])('%s: %o is refused', (name, value, expected) => {
  given({ function: 'events', [name]: value })
  expect(() => lambdaPlace(undefined)).toThrow(expected)
})

test('a plan whose Lambda service has no function is no plan', () => {
  const service = { target: 'lambda', name: 'events', image: 'app', dependsOn: [], functions: [], alias: 'live' }
  const issues = deploymentPlan.safeParse({ services: [service] }).error?.issues ?? []
  expect(issues.map(({ path }) => path.join('.'))).toContain('services.0.functions')
})
