import type { RunContext } from '../../../lib/runner/context.ts'
import { exclude, flag, matching, oneOf, optional, required, text } from '../../../lib/runner/inputs.ts'

const CONFIG = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0\n]+$/,
  'a path from the root of the repository, for example delivery.json',
)
const ENVIRONMENT = matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'the name of an environment in lower case, for example staging')
const RELEASE = matching(/^rel-[0-9a-f]{16}$/, 'the id of a release, for example rel-0123456789abcdef')

export type Inputs = ReturnType<typeof readInputs>

export const readInputs = (context: RunContext) => {
  for (const name of ['role-to-assume', 'aws-region', 'aws-account-id', 'credentials']) {
    exclude(name, 'means nothing here: this action asks GitHub alone and never AWS; remove it')
  }
  const operation = required('operation', oneOf('gate', 'propose', 'back-merge'))
  const token = required('github-token', text)
  const environment = optional('environment', ENVIRONMENT)
  if (operation !== 'gate' && environment === undefined) {
    const which = operation === 'propose' ? 'the one that was just deployed, for example dev' : 'the one that was hotfixed'
    throw new Error(`input 'environment' is required with operation ${operation}: ${which}`)
  }
  const release = optional('release', RELEASE)
  if (operation !== 'propose' && release !== undefined) {
    throw new Error(`input 'release' means nothing with operation ${operation}; remove it, or propose`)
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(context.repository)) {
    throw new Error(`the runner names no repository: GITHUB_REPOSITORY must be owner/name, got '${context.repository}'`)
  }
  return {
    operation,
    token,
    environment,
    release,
    config: optional('config', CONFIG) ?? 'delivery.json',
    dryRun: optional('dry-run', flag) ?? false,
    commit: /^[0-9a-f]{40,64}$/.test(context.sha) ? context.sha : 'HEAD',
    ...(context.event.startsWith('pull_request') && { pull: pullNumber(context) }),
  }
}

const pullNumber = ({ event, payload }: RunContext): number => {
  const pull = payload['pull_request']
  const number = typeof pull === 'object' && pull !== null && 'number' in pull ? pull.number : undefined
  if (typeof number === 'number') return number
  throw new Error(`the event ${event} names no pull request: its file (GITHUB_EVENT_PATH) has no pull_request.number`)
}
