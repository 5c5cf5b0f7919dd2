import { afterEach, describe, expect, test, vi } from 'vitest'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { readInputs } from './inputs.ts'

afterEach(() => vi.unstubAllEnvs())

const given = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries({ 'github-token': 't', ...inputs })) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
}

const context = (over: Partial<RunContext> = {}): RunContext => ({
  ...runContext({ GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_NAME: 'push', GITHUB_SHA: 'c'.repeat(40) }),
  ...over,
})

test('what a run is asked to do', () => {
  given({ operation: 'propose', environment: 'dev', release: 'rel-0123456789abcdef', 'dry-run': 'true' })
  expect(readInputs(context())).toEqual({
    operation: 'propose',
    token: 't',
    environment: 'dev',
    release: 'rel-0123456789abcdef',
    config: 'delivery.json',
    dryRun: true,
    commit: 'c'.repeat(40),
  })
})

test('in the run of a pull request that one is asked about; in any other, and by hand, all are', () => {
  given({ operation: 'gate' })
  const payload = { pull_request: { number: 5 } }
  expect(readInputs(context({ event: 'pull_request', payload }))).toMatchObject({ pull: 5 })
  expect(readInputs(context({ event: 'schedule', sha: '' }))).toMatchObject({ commit: 'HEAD' })
  expect(readInputs(context())).not.toHaveProperty('pull')
})

const release = 'rel-0123456789abcdef'
const rows: [what: string, inputs: Record<string, string>, message: string, over?: Partial<RunContext>][] = [
  ['no operation', {}, "input 'operation' is required and was not given"],
  [
    'an operation that is none',
    { operation: 'merge' },
    "input 'operation' must be one of gate, propose, back-merge, got 'merge'",
  ],
  ['no token', { operation: 'gate', 'github-token': '' }, "input 'github-token' is required and was not given"],
  [
    'nothing to propose from',
    { operation: 'propose' },
    "input 'environment' is required with operation propose: the one that was just deployed, for example dev",
  ],
  [
    'nothing to merge back',
    { operation: 'back-merge' },
    "input 'environment' is required with operation back-merge: the one that was hotfixed",
  ],
  [
    'an environment that is no name',
    { operation: 'gate', environment: 'Dev;id' },
    "input 'environment' must be the name of an environment in lower case, for example staging, got 'Dev;id'",
  ],
  [
    'a release that is none',
    { operation: 'propose', environment: 'dev', release: 'latest' },
    "input 'release' must be the id of a release, for example rel-0123456789abcdef, got 'latest'",
  ],
  [
    'a release where it means nothing',
    { operation: 'gate', release },
    "input 'release' means nothing with operation gate; remove it, or propose",
  ],
  [
    'a role',
    { operation: 'gate', 'role-to-assume': 'x' },
    "input 'role-to-assume' means nothing here: this action asks GitHub alone and never AWS; remove it",
  ],
  [
    'a path outside',
    { operation: 'gate', config: '../delivery.json' },
    "input 'config' must be a path from the root of the repository, for example delivery.json, got '../delivery.json'",
  ],
  ['a dry run of maybe', { operation: 'gate', 'dry-run': 'maybe' }, "input 'dry-run' must be true or false, got 'maybe'"],
  [
    'no repository',
    { operation: 'gate' },
    "the runner names no repository: GITHUB_REPOSITORY must be owner/name, got ''",
    { repository: '' },
  ],
  [
    'an event without a pull request',
    { operation: 'gate' },
    'the event pull_request names no pull request: its file (GITHUB_EVENT_PATH) has no pull_request.number',
    { event: 'pull_request' },
  ],
]

describe('bad input is refused in words', () => {
  test.each(rows)('%s', (_, inputs, message, over) => {
    given(inputs)
    expect(() => readInputs(context(over))).toThrow(new Error(message))
  })
})
