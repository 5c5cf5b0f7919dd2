import { afterEach, expect, it, vi } from 'vitest'
import { readInputs } from './inputs.ts'

afterEach(() => vi.unstubAllEnvs())

const read = (inputs: Record<string, string>) => {
  for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
  return readInputs({ sha: 'c' })
}

it('reads what is to be done, with the defaults of what is not said', () => {
  expect(read({ operation: 'execute', environment: 'dev', approved: '{"a":1}', timeout: '2h' })).toEqual({
    operation: 'execute',
    environment: 'dev',
    commit: 'c',
    config: 'delivery.json',
    assembly: 'build/cdk.out',
    approved: { a: 1 },
    credentials: 'oidc',
    timeout: 7_200_000,
    leaseTimeout: 1_800_000,
    leaseDuration: 120_000,
    pollInterval: 2_750,
    requestTimeout: 15_000,
    dryRun: false,
  })
})

it.each([
  [{ operation: 'deploy', environment: 'dev' }, "input 'operation' must be one of prepare, execute, got 'deploy'"],
  [{ operation: 'execute', environment: 'dev' }, "input 'approved' is required and was not given"],
  [{ operation: 'execute', environment: 'dev', approved: 'yes' }, "input 'approved' is not valid JSON"],
  [{ operation: 'prepare', environment: 'dev', approved: '{}' }, "input 'approved' goes with 'operation: execute'"],
  [{ operation: 'prepare', environment: 'dev', assembly: '../out' }, "input 'assembly' must be a path from the root"],
  [{ operation: 'prepare', environment: 'dev', 'aws-region': 'eu-west-1' }, "input 'aws-region' means nothing here"],
])('refuses %j', (inputs, words) => {
  expect(() => read(inputs)).toThrow(words)
})
