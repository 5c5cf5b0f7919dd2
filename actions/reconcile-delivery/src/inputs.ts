import type { RunContext } from '../../../lib/runner/context.ts'
import { duration, exclude, flag, matching, oneOf, optional, text } from '../../../lib/runner/inputs.ts'

const CONFIG = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0\n]+$/,
  'a path from the root of the repository, for example delivery.json',
)

export type Inputs = ReturnType<typeof readInputs>

export const readInputs = ({ sha, repository }: RunContext) => {
  for (const name of ['role-to-assume', 'aws-region', 'aws-account-id']) {
    exclude(name, "means nothing here: accounts, regions and roles follow from delivery.json; remove it, or set 'credentials'")
  }
  if (sha === '') throw new Error('the runner names no commit (GITHUB_SHA is empty)')
  const dispatch = optional('dispatch', flag) ?? false
  const githubToken = optional('github-token', text)
  if (dispatch && githubToken === undefined) {
    throw new Error("input 'dispatch' needs 'github-token', a token with 'actions: write'")
  }
  if (githubToken !== undefined && repository === '') {
    throw new Error("input 'github-token' needs a repository, and GITHUB_REPOSITORY is empty")
  }
  return {
    commit: sha,
    config: optional('config', CONFIG) ?? 'delivery.json',
    credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    githubToken,
    dispatch,
    failOn: optional('fail-on', oneOf('drift', 'never')) ?? 'drift',
    requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 10_000,
    dryRun: optional('dry-run', flag) ?? false,
  }
}
