import { afterEach, expect, test } from 'vitest'
import type { RunContext } from '../../../lib/runner/context.ts'
import { readInputs } from './inputs.ts'

const context = { sha: 'a'.repeat(40), repository: 'acme/shop' } as RunContext

const given = new Set<string>()
const give = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(inputs)) {
    const key = `INPUT_${name.toUpperCase()}`
    given.add(key)
    process.env[key] = value
  }
}
afterEach(() => {
  for (const key of given) delete process.env[key]
  given.clear()
})

test('without inputs it only reads and is red on drift', () => {
  expect(readInputs(context)).toEqual({
    commit: 'a'.repeat(40),
    config: 'delivery.json',
    credentials: 'oidc',
    githubToken: undefined,
    dispatch: false,
    failOn: 'drift',
    requestTimeout: 10_000,
    dryRun: false,
  })
})

test.each<[Record<string, string>, string]>([
  [{ 'fail-on': 'always' }, "input 'fail-on' must be one of drift, never, got 'always'"],
  [{ dispatch: 'yes' }, "input 'dispatch' must be true or false, got 'yes'"],
  [{ dispatch: 'true' }, "input 'dispatch' needs 'github-token', a token with 'actions: write'"],
  [{ config: '../delivery.json' }, "input 'config' must be a path from the root of the repository"],
  [{ config: 'a\nb' }, "input 'config' must be a path from the root of the repository"],
  [{ credentials: 'static' }, "input 'credentials' must be one of oidc, ambient, got 'static'"],
  [{ 'request-timeout': '10' }, "input 'request-timeout' must be a duration from 1s to 5m"],
  [{ 'aws-region': 'eu-west-1' }, "input 'aws-region' means nothing here"],
  [{ 'role-to-assume': 'arn:aws:iam::1:role/x' }, "input 'role-to-assume' means nothing here"],
])('%j is refused in words', (inputs, words) => {
  give(inputs)
  expect(() => readInputs(context)).toThrow(words)
})

test('a token without a repository is refused', () => {
  give({ 'github-token': 'x' })
  expect(() => readInputs({ ...context, repository: '' })).toThrow('GITHUB_REPOSITORY is empty')
})
