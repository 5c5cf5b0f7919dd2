import { expect, test } from 'vitest'
import { isOlder, unfitnessOf } from './fitness.ts'
import type { Host } from './hosts.ts'

const agent = { ping: 'Online', version: '3.3.2746.0', platform: 'Linux', lastPing: undefined }
const host = (over: Partial<Host>): Host => ({
  id: 'i-1',
  state: 'running',
  age: 3_600_000,
  architecture: 'amd64',
  hasProfile: true,
  agent,
  ...over,
})

test.each<[string, Partial<Host>, string, string]>([
  ['pending', { state: 'pending' }, 'starting', 'still starting'],
  ['stopped', { state: 'stopped' }, 'stopped', 'is stopped'],
  ['without a profile', { hasProfile: false, agent: undefined }, 'unfit', 'no instance profile'],
  ['not registered', { agent: undefined }, 'unreached', 'not registered with Systems Manager'],
  [
    'not online',
    { agent: { ...agent, ping: 'ConnectionLost', lastPing: new Date(0) } },
    'unreached',
    'last heard of at 1970-01-01',
  ],
  ['with an old agent', { agent: { ...agent, version: '3.3.2745.9' } }, 'unfit', 'has the SSM agent 3.3.2745.9'],
  ['with Windows', { agent: { ...agent, platform: 'Windows' } }, 'unfit', 'runs Windows'],
])('a host that is %s gets a sentence of its own', (_, over, kind, sentence) => {
  expect(unfitnessOf(host(over))).toEqual({ kind, sentence: expect.stringContaining(sentence) })
})

test('a host in good order has none', () => expect(unfitnessOf(host({}))).toBeUndefined())

test.each([
  ['3.3.2746.0', false],
  ['3.3.2746', false],
  ['3.3.2745.9', true],
  ['3.10.1.0', false],
  ['2.99.9999.0', true],
  ['4.0', false],
  ['', true],
  ['unknown', true],
])('agent %s is older than 3.3.2746.0: %s', (version, older) => expect(isOlder(version, '3.3.2746.0')).toBe(older))
