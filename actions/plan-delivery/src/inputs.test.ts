import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { runContext } from '../../../lib/runner/context.ts'
import { chooseEnvironment } from './environment.ts'
import { readInputs } from './inputs.ts'

const set = new Set<string>()
const given = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(inputs)) {
    const variable = `INPUT_${name.toUpperCase()}`
    process.env[variable] = value
    set.add(variable)
  }
}
const clear = (): void => {
  for (const name of set) delete process.env[name]
  set.clear()
}
afterEach(clear)

const read = (inputs: Record<string, string>) => {
  given(inputs)
  return readInputs(runContext({ GITHUB_SHA: 'a'.repeat(40), GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_NAME: 'push' }))
}

/** What a function gives or throws, to be looked at where a failed expectation is not caught. */
const attempt = <T>(run: () => T): { value: T } | { error: Error } => {
  try {
    return { value: run() }
  } catch (error) {
    return { error: error as Error }
  }
}

describe('inputs', () => {
  it.each([
    [{}, { operation: 'deliver', release: undefined, reason: undefined }],
    [{ operation: 'promote', environment: 'prod' }, { release: 'latest' }],
    [{ operation: 'rollback' }, { release: 'previous' }],
    [{ operation: 'rollback', release: 'rel-0123456789abcdef' }, { release: 'rel-0123456789abcdef' }],
    [
      { operation: 'hold', reason: 'why', release: 'previous' },
      { release: undefined, reason: 'why' },
    ],
    [{ operation: 'resume', release: 'previous' }, { release: undefined }],
    [{ operation: 'hotfix', reason: 'x'.repeat(500) }, { operation: 'hotfix' }],
  ])('%j are taken', (inputs, expected) => {
    expect(read(inputs as Record<string, string>)).toMatchObject(expected)
  })

  it.each([
    [
      { operation: 'Deploy' },
      /input 'operation' must be one of deliver, promote, rollback, hotfix, hold, resume, infra, got 'Deploy'/,
    ],
    [{ operation: '$('.repeat(5000) }, /input 'operation' must be one of/],
    [{ operation: 'promote' }, /input 'environment' is required with 'promote'/],
    [{ operation: 'promote', environment: 'prod', release: 'previous' }, /must be latest or the id of a release with 'promote'/],
    [{ operation: 'rollback', release: 'latest' }, /must be previous or the id of a release with 'rollback', got 'latest'/],
    [{ operation: 'rollback', release: 'rel-$(id)' }, /must be latest, previous or the id of a release, for example rel-/],
    [{ operation: 'rollback', release: 'REL-0123456789ABCDEF' }, /must be latest, previous or the id/],
    [{ release: 'latest' }, /input 'release' means nothing with 'deliver', which plans the commit; remove it/],
    [{ operation: 'hotfix', reason: 'r', release: 'latest' }, /means nothing with 'hotfix'/],
    [{ operation: 'hotfix' }, /input 'reason' is required with 'hotfix'/],
    [{ operation: 'hold' }, /input 'reason' is required with 'hold'/],
    [{ reason: 'a\u001b[31m' }, /input 'reason' must be a reason in one line/],
    [{ reason: 'a\u2028b' }, /input 'reason' must be a reason in one line/],
    [{ reason: 'x'.repeat(501) }, /of at most 500 characters/],
    [{ environment: ['$', '{{ secrets.X }}'].join('') }, /input 'environment' must be the name of an environment/],
    [{ environment: 'a'.repeat(101) }, /input 'environment' must be the name of an environment/],
    [{ config: 'a\nb' }, /input 'config' must be a path/],
    [{ config: 'x'.repeat(10_000) }, /input 'config' must be a path/],
    [{ config: '../delivery.json' }, /input 'config' must be a path from the root/],
    [{ config: '/etc/passwd' }, /input 'config' must be a path from the root/],
    [{ commit: 'abc1234' }, /input 'commit' must be the full id of a commit/],
    [{ commit: 'dev' }, /input 'commit' must be the full id of a commit/],
    [{ commit: 'A'.repeat(40) }, /input 'commit' must be the full id of a commit in lower case/],
    [{ commit: '--all' }, /input 'commit' must be the full id of a commit/],
    [{ credentials: 'keys' }, /input 'credentials' must be one of oidc, ambient, got 'keys'/],
    [{ 'request-timeout': '10' }, /input 'request-timeout' must be a duration from 1s to 5m/],
    [{ 'request-timeout': '1h' }, /input 'request-timeout' must be a duration from 1s to 5m/],
    [{ 'dry-run': 'yes' }, /input 'dry-run' must be true or false, got 'yes'/],
    [{ 'role-to-assume': 'arn:aws:iam::1:role/x' }, /input 'role-to-assume' means nothing here/],
    [{ 'aws-region': 'eu-west-1' }, /input 'aws-region' means nothing here/],
    [{ 'aws-account-id': '111111111111' }, /input 'aws-account-id' means nothing here/],
  ])('%j are refused in one short line', (inputs, message) => {
    expect(() => read(inputs as Record<string, string>)).toThrow(message)
    expect(() => read(inputs as Record<string, string>)).toThrow(/^[^\n]{1,600}$/)
  })

  it('need a repository where a token is given', () => {
    given({ 'github-token': 't' })
    expect(() => readInputs(runContext({ GITHUB_SHA: 'a'.repeat(40) }))).toThrow(/'github-token' needs a repository/)
  })

  it('need a commit where the runner names none', () => {
    expect(() => readInputs(runContext({ GITHUB_SHA: '' }))).toThrow(
      /input 'commit' is required where the runner names no commit/,
    )
  })

  it('are taken as they are or refused in one line, whatever they hold', () => {
    const parts = fc.constantFrom(
      '$(id)',
      '`id`',
      ';',
      '|',
      '&',
      '>',
      "'",
      '"',
      '\n',
      '\r',
      '\0',
      '::error::',
      '..',
      '/',
      'dev',
      ' ',
    )
    const text = fc
      .oneof(
        fc.array(parts, { maxLength: 8 }).map((all) => all.join('')),
        fc.string({ maxLength: 40 }),
      )
      .map((all) => all.replaceAll('\0', ''))
    const names = ['operation', 'environment', 'release', 'reason', 'commit', 'config', 'github-token'] as const
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, value) => {
        clear()
        const found = attempt(() => read({ [name]: value }))
        if ('error' in found) {
          expect(found.error.name).toBe('Error')
          expect(found.error.message).toMatch(new RegExp(`^input '${name}' [^\\n]{1,600}$`))
        } else if (value.trim() !== '') {
          expect(found.value[name === 'github-token' ? 'gitHubToken' : name]).toBe(value.trim())
        }
      }),
      { numRuns: 500 },
    )
  })
})

it('a branch of any name is an environment exactly, or refused in one short line', () => {
  const odd = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.constantFrom('dev', 'DEV', 'staging', 'main', 'main\n', '$(id)', 'dev/../main', 'x'.repeat(10_000)),
  )
  fc.assert(
    fc.property(odd, (branch) => {
      const run = { event: 'push', ref: `refs/heads/${branch}`, environment: undefined, pull: undefined }
      const found = attempt(() => chooseEnvironment(run, example()))
      if ('error' in found) {
        expect(found.error.name).toBe('Refusal')
        expect(found.error.message).toMatch(/^refs\/heads\/[^\n]{1,400}$/)
      } else expect(example().environments[found.value]?.branch).toBe(branch)
    }),
    { numRuns: 500 },
  )
})
