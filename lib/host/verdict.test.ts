import { expect, test } from 'vitest'
import { EXITS, type HostVerdict, parseVerdict } from './verdict.ts'

const verdict: HostVerdict = {
  v: 1,
  operation: 'deploy',
  phase: 'done',
  result: 'deployed',
  exit: 0,
  active: 'r2',
  previous: 'r1',
  previous_image: `registry.test/shop/app@sha256:${'b'.repeat(64)}`,
  digest: `sha256:${'a'.repeat(64)}`,
  image: `registry.test/shop/app@sha256:${'a'.repeat(64)}`,
  version: 'src-1',
  running: true,
  pending: '',
  holder: '',
  holder_operation: '',
  drain_s: 0.2,
  phases: { gate: 900 },
  reason: '',
  log: [],
}
const line = JSON.stringify(verdict)

test('the first line is the verdict, whatever follows it', () => {
  expect(parseVerdict(line)).toEqual(verdict)
  expect(parseVerdict(`${line}\n{"v":1}\n12:00:00 == pull\n`)).toEqual(verdict)
})

test.each([
  ['nothing', ''],
  ['text', 'failed to run commands: exit status 127'],
  ['a verdict that was cut', line.slice(0, -40)],
  ['a verdict that is not in the first line', `warning\n${line}`],
  ['another version', line.replace('"v":1', '"v":2')],
  ['a result that nobody knows', line.replace('"deployed"', '"fine"')],
  ['an operation that nobody knows', line.replace('"deploy"', '"undeploy"')],
  ['a field of another type', line.replace('"running":true', '"running":"true"')],
  ['a later field of another type', line.replace('"holder_operation":""', '"holder_operation":0')],
  ['a missing field', line.replace('"holder":"",', '')],
  ['no object', 'null'],
])('%s is no verdict', (_, stdout) => expect(parseVerdict(stdout)).toBeUndefined())

test('no exit code is one that the agent gives another meaning', () => {
  expect(EXITS).not.toHaveProperty('194')
  expect(EXITS).not.toHaveProperty('137')
})
