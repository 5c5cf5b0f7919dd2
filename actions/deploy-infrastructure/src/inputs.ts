import type { RunContext } from '../../../lib/runner/context.ts'
import { duration, exclude, flag, json, matching, oneOf, optional, required, text } from '../../../lib/runner/inputs.ts'

const PATH = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0\n]+$/,
  'a path from the root of the repository, for example delivery.json',
)

export type Inputs = ReturnType<typeof readInputs>

/** Reads all inputs once, and refuses what does not fit together. */
export const readInputs = ({ sha }: Pick<RunContext, 'sha'>) => {
  for (const name of ['role-to-assume', 'aws-region', 'aws-account-id'])
    exclude(name, "means nothing here: account, region and role follow from delivery.json; remove it, or set 'credentials'")
  if (sha === '') throw new Error('the runner names no commit (GITHUB_SHA is empty)')
  const operation = required('operation', oneOf('prepare', 'execute'))
  if (operation === 'prepare')
    for (const name of ['approved', 'lease-timeout', 'lease-duration', 'timeout'])
      exclude(name, "goes with 'operation: execute'; a preparation changes nothing and waits for nobody")
  return {
    operation,
    environment: required('environment', text),
    commit: sha,
    config: optional('config', PATH) ?? 'delivery.json',
    assembly: optional('assembly', PATH) ?? 'build/cdk.out',
    approved: operation === 'execute' ? required('approved', json) : undefined,
    credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    timeout: optional('timeout', duration('1s', '6h')) ?? 3_600_000,
    leaseTimeout: optional('lease-timeout', duration('0s', '6h')) ?? 1_800_000,
    leaseDuration: optional('lease-duration', duration('2s', '1h')) ?? 120_000,
    pollInterval: optional('poll-interval', duration('500ms', '1m')) ?? 2_750,
    requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 15_000,
    dryRun: optional('dry-run', flag) ?? false,
  }
}
