import type { RunContext } from '../../../lib/runner/context.ts'
import { duration, exclude, flag, matching, oneOf, optional, text } from '../../../lib/runner/inputs.ts'
import { pullOf } from './pull-event.ts'
import { OPERATIONS, type Operation } from './request.ts'

const COMMIT = matching(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'the full id of a commit in lower case, 40 or 64 hexadecimal digits')
const CONFIG = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\p{Cc}]{1,500}$/u,
  'a path from the root of the repository, for example delivery.json',
)
const ENVIRONMENT = matching(
  /^(?=.{1,100}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  'the name of an environment in lower case, for example staging',
)
const RELEASE = matching(
  /^(?:latest|previous|rel-[0-9a-f]{16})$/,
  'latest, previous or the id of a release, for example rel-0123456789abcdef',
)
const REASON = matching(/^(?=.*\S)[^\p{Cc}\u2028\u2029]{1,500}$/u, 'a reason in one line of at most 500 characters')

/** What `release` may be. A choice in a form always has a value, so `hold` and `resume` take no notice of it. */
const RELEASES: Partial<Record<Operation, { word: string; refuses: string }>> = {
  promote: { word: 'latest', refuses: 'previous' },
  rollback: { word: 'previous', refuses: 'latest' },
}

export type Inputs = ReturnType<typeof readInputs>

export const readInputs = ({ event, ref, sha, runId, repository, payload }: RunContext) => {
  exclude(
    'role-to-assume',
    "means nothing here: the roles to read with follow from delivery.json; remove it, or set 'credentials'",
  )
  exclude('aws-region', 'means nothing here: the regions are in delivery.json; remove it')
  exclude('aws-account-id', 'means nothing here: the accounts are in delivery.json; remove it')
  const operation = optional('operation', oneOf(...OPERATIONS)) ?? 'deliver'
  const commit = optional('commit', COMMIT) ?? sha
  if (commit === '') throw new Error("input 'commit' is required where the runner names no commit (GITHUB_SHA is empty)")
  const environment = optional('environment', ENVIRONMENT)
  if (operation === 'promote' && environment === undefined) throw new Error("input 'environment' is required with 'promote'")
  const reason = optional('reason', REASON)
  if (reason === undefined && (operation === 'hold' || operation === 'hotfix')) {
    throw new Error(`input 'reason' is required with '${operation}': it is recorded and shown wherever it matters`)
  }
  const gitHubToken = optional('github-token', text)
  if (gitHubToken !== undefined && repository === '') {
    throw new Error("input 'github-token' needs a repository, and GITHUB_REPOSITORY is empty")
  }
  return {
    operation,
    event,
    ref,
    commit,
    config: optional('config', CONFIG) ?? 'delivery.json',
    environment,
    release: readRelease(operation),
    reason,
    runId,
    pull: operation === 'deliver' ? pullOf(event, payload) : undefined,
    gitHubToken,
    credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 10_000,
    dryRun: optional('dry-run', flag) ?? false,
  }
}

const readRelease = (operation: Operation): string | undefined => {
  const release = optional('release', RELEASE)
  if (operation === 'hold' || operation === 'resume') return undefined
  const allowed = RELEASES[operation]
  if (release !== undefined && allowed === undefined) {
    throw new Error(`input 'release' means nothing with '${operation}', which plans the commit; remove it`)
  }
  if (release !== undefined && release === allowed?.refuses) {
    throw new Error(`input 'release' must be ${allowed.word} or the id of a release with '${operation}', got '${release}'`)
  }
  return release ?? allowed?.word
}
