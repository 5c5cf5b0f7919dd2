import { resolve } from './git.ts'
import { GitHubError, invalid, type Request, type Route } from './route.ts'
import { account, repositoryUrl, text } from './shown.ts'
import type { CommitStatus } from './state.ts'

const show = ({ state, base }: Request, { creator, sha, ...status }: CommitStatus) => ({
  url: `${repositoryUrl(state, base)}/statuses/${sha}`,
  node_id: `SC_${status.id}`,
  avatar_url: null,
  ...status,
  updated_at: status.created_at,
  creator: account(state, base, creator),
})

const commitOf = ({ state, params }: Request): string => {
  const sha = resolve(state.git, params['ref'] ?? '')
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${params['ref']}`)
  return sha
}

const of = ({ state }: Request, sha: string): CommitStatus[] => state.statuses.filter((each) => each.sha === sha).toReversed()

/** The newest of each context. */
const latest = (statuses: CommitStatus[]): CommitStatus[] =>
  statuses.filter(({ context }, index) => statuses.findIndex((other) => other.context === context) === index)

const combine = (statuses: CommitStatus[]): string => {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure'
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success'
}

const create = (request: Request): CommitStatus => {
  const { state, body, actor, params } = request
  const sha = /^[0-9a-f]{40}$/.test(params['ref'] ?? '') ? commitOf(request) : undefined
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${params['ref']}`)
  const [asked = '', context = 'default', description, target] = ['state', 'context', 'description', 'target_url'].map((name) =>
    text(body, name),
  )
  const resource = 'Status'
  if (!['error', 'failure', 'pending', 'success'].includes(asked))
    throw invalid({ resource, code: 'custom', field: 'state', message: 'state is not included in the list' })
  if ([...(description ?? '')].length > 140)
    throw invalid({
      resource,
      code: 'custom',
      field: 'description',
      message: 'description is too long (maximum is 140 characters)',
    })
  if (target !== undefined && !/^https?:\/\/\S+$/.test(target))
    throw invalid({ resource, code: 'custom', field: 'target_url', message: 'target_url must use http(s) scheme' })
  if (state.statuses.filter((each) => each.sha === sha && each.context === context).length >= 1000)
    throw invalid({ resource, code: 'custom', message: 'This SHA and context has reached the maximum number of statuses.' })
  const status: CommitStatus = {
    id: state.nextId(),
    sha,
    state: asked as CommitStatus['state'],
    context,
    description: description ?? null,
    target_url: target ?? null,
    creator: actor.login,
    created_at: state.time(),
  }
  state.statuses.push(status)
  return status
}

const docs = 'commits/statuses#'

export const statusRoutes: Route[] = [
  {
    method: 'POST',
    path: '/repos/:owner/:repo/statuses/:ref',
    needs: [['statuses', 'write']],
    docs: `${docs}create-a-commit-status`,
    fields: { state: 'string!', target_url: 'string', description: 'string', context: 'string' },
    run: (request) => ({ status: 201, body: show(request, create(request)) }),
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/status',
    needs: [['statuses', 'read']],
    docs: `${docs}get-the-combined-status-for-a-specific-reference`,
    run: (request) => {
      const sha = commitOf(request)
      const statuses = latest(of(request, sha))
      const shown = statuses.map((each) => show(request, each))
      return { body: { state: combine(statuses), sha, total_count: statuses.length, statuses: shown } }
    },
  },
]
