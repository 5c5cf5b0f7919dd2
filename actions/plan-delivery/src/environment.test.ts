import { expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { chooseEnvironment } from './environment.ts'

const run = (ref: string, environment?: string) => ({ event: 'push', ref, environment, pull: undefined })

it.each([
  ['refs/heads/dev', undefined, 'dev'],
  ['refs/heads/main', undefined, 'prod'],
  ['refs/heads/main', 'prod', 'prod'],
  ['', 'staging', 'staging'],
])('%s with environment %s is for %s', (ref, environment, expected) => {
  expect(chooseEnvironment(run(ref, environment), example())).toBe(expected)
})

it.each([
  ['refs/heads/MAIN', undefined, /refs\/heads\/MAIN is not the branch main: upper and lower case count/],
  ['refs/heads/feature', undefined, /is no environment's branch \(dev → dev, staging → staging, main → prod\)/],
  ['refs/heads/dev/x', undefined, /is no environment's branch/],
  ['refs/tags/dev', undefined, /is no environment's branch/],
  ['refs/pull/7/merge', undefined, /is no environment's branch/],
  ['dev', undefined, /is no environment's branch/],
  ['', undefined, /set input 'environment' to one of dev, staging, prod/],
  ['refs/heads/main', 'production', /input 'environment' must be one of dev, staging, prod, got 'production'/],
  ['refs/heads/main', 'stagin', /did you mean 'staging'\?/],
  ['refs/heads/main', 'constructor', /must be one of dev, staging, prod/],
  [
    'refs/heads/dev',
    'prod',
    /prod is delivered from branch main only, and this run \(push\) is on refs\/heads\/dev; start it there: --ref main/,
  ],
  ['refs/heads/Main', 'prod', /is delivered from branch main only/],
])('%s with environment %s is refused', (ref, environment, message) => {
  expect(() => chooseEnvironment(run(ref, environment), example())).toThrow(message)
})
