import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { codeOf, sameRouting } from './functions.ts'
import { commandDiffers, isBusy, isSound, sameConfiguration } from './state.ts'

const of = (configuration: object) => codeOf(configuration as FunctionConfiguration)

it.each<[string, object, { busy: boolean; sound: boolean }]>([
  ['an update that has succeeded', { State: 'Active', LastUpdateStatus: 'Successful' }, { busy: false, sound: true }],
  ['an update under way', { State: 'Active', LastUpdateStatus: 'InProgress' }, { busy: true, sound: false }],
  ['a function being made', { State: 'Pending' }, { busy: true, sound: false }],
  ['an update that failed', { State: 'Active', LastUpdateStatus: 'Failed' }, { busy: false, sound: false }],
  [
    'an idle function',
    { State: 'Inactive', StateReasonCode: 'Idle', LastUpdateStatus: 'Successful' },
    { busy: false, sound: true },
  ],
  ['an image that is gone', { State: 'Inactive', StateReasonCode: 'ImageDeleted' }, { busy: false, sound: false }],
  ['a state that nobody knows', { State: 'Resting', LastUpdateStatus: 'Successful' }, { busy: false, sound: false }],
])('%s', (_, configuration, { busy, sound }) => {
  expect({ busy: isBusy(of(configuration)), sound: isSound(of(configuration)) }).toEqual({ busy, sound })
})

const latest: FunctionConfiguration = {
  Version: '$LATEST',
  FunctionArn: 'arn:aws:lambda:eu-west-1:222222222222:function:events',
  RevisionId: 'a',
  Description: '',
  MemorySize: 512,
  Environment: { Variables: { A: '1', B: '2' } },
}
const version: FunctionConfiguration = {
  ...latest,
  Version: '7',
  FunctionArn: `${latest.FunctionArn}:7`,
  RevisionId: 'b',
  Description: 'slipway-7',
  Environment: { Variables: { B: '2', A: '1' } },
}

it.each<[string, FunctionConfiguration, boolean]>([
  ['only what every version has of its own', version, true],
  ['a hash that differs for reasons of its own', { ...version, ConfigSha256: 'y' }, true],
  ['a variable', { ...version, Environment: { Variables: { A: '1', B: '3' } } }, false],
  ['memory', { ...version, MemorySize: 1024 }, false],
  ['a field that this code knows nothing of', { ...version, Durable: { on: true } } as FunctionConfiguration, false],
])('the configuration of $LATEST and a version that differ in %s', (_, other, same) => {
  expect(sameConfiguration({ ...latest, ConfigSha256: 'x' }, other)).toBe(same)
})

it('takes the same hash for the same configuration', () => {
  expect(sameConfiguration({ ...latest, ConfigSha256: 'x' }, { ...version, ConfigSha256: 'x', MemorySize: 1 })).toBe(true)
})

it('compares a command only where one was planned', () => {
  const configured = of({ ImageConfigResponse: { ImageConfig: { Command: ['dist/lambda.handler'] } } })
  expect(commandDiffers(configured, ['dist/lambda.handler'])).toBe(false)
  expect(commandDiffers(configured, ['dist/other.handler'])).toBe(true)
  expect(commandDiffers(of({}), ['dist/lambda.handler'])).toBe(true)
  expect(commandDiffers(configured, undefined)).toBe(false)
})

it('tells where traffic goes apart by version and weights', () => {
  const routing = { version: '1', weights: { 2: 0.1 } }
  expect(sameRouting(routing, { version: '1', weights: { 2: 0.1 } })).toBe(true)
  expect(sameRouting(routing, { version: '1', weights: {} })).toBe(false)
  expect(sameRouting({ version: '1', weights: {} }, routing)).toBe(false)
  expect(sameRouting(routing, { version: '2', weights: { 2: 0.1 } })).toBe(false)
  expect(sameRouting(undefined, routing)).toBe(false)
  expect(sameRouting(undefined, undefined)).toBe(true)
})
