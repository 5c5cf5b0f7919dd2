import { afterEach, expect, test, vi } from 'vitest'
import { ec2Place } from './ec2.ts'

const good = { hosts: 'slipway:service=shop-prod-edge', document: 'shop-prod-deploy', service: 'edge' }
const given = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
}
afterEach(() => vi.unstubAllEnvs())

test('names the hosts by their tag', () => {
  given({ ...good, batch: '3', offline: 'skip' })
  const tag = { key: 'slipway:service', value: 'shop-prod-edge' }
  expect(ec2Place('src-1')).toEqual({
    ...{ kind: 'ec2', tag, document: 'shop-prod-deploy', service: 'edge', batch: 3, version: 'src-1', offline: 'skip' },
  })
})

test('hosts that are offline are a reason to refuse unless it says otherwise', () => {
  given({ ...good, offline: 'fail' })
  expect(ec2Place(undefined)).not.toHaveProperty('offline')
})

test.each([
  ['hosts', 'edge', 'KEY=VALUE'],
  ['hosts', 'aws:autoscaling:groupName=edge', 'KEY=VALUE'],
  ['hosts', '', 'required'],
  ['document', 'a b', 'the name of an SSM document'],
  ['service', 'Edge', 'lower-case'],
  ['service', '-rf', 'lower-case'],
  ['batch', '51', '1 to 50'],
  ['offline', 'ignore', 'one of fail, skip'],
])('%s: %o is refused', (name, value, expected) => {
  given({ ...good, [name]: value })
  expect(() => ec2Place(undefined)).toThrow(expected)
})
