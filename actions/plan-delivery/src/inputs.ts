import type { RunContext } from '../../../lib/runner/context.ts'
import { duration, exclude, flag, matching, oneOf, optional } from '../../../lib/runner/inputs.ts'

const COMMIT = matching(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'the full id of a commit in lower case, 40 or 64 hexadecimal digits')
const CONFIG = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0\n]+$/,
  'a path from the root of the repository, for example delivery.json',
)
const ENVIRONMENT = matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'the name of an environment in lower case, for example staging')

export type Inputs = ReturnType<typeof readInputs>

export const readInputs = ({ event, ref, sha }: RunContext) => {
  exclude(
    'role-to-assume',
    "means nothing here: the roles to read with follow from delivery.json; remove it, or set 'credentials'",
  )
  exclude('aws-region', 'means nothing here: the regions are in delivery.json; remove it')
  exclude('aws-account-id', 'means nothing here: the accounts are in delivery.json; remove it')
  const commit = optional('commit', COMMIT) ?? sha
  if (commit === '') throw new Error("input 'commit' is required where the runner names no commit (GITHUB_SHA is empty)")
  return {
    event,
    ref,
    commit,
    config: optional('config', CONFIG) ?? 'delivery.json',
    environment: optional('environment', ENVIRONMENT),
    credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 10_000,
    dryRun: optional('dry-run', flag) ?? false,
  }
}
