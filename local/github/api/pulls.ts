import { compare } from './git.ts'
import { createPull, ends, mergePull, updatePull } from './pull-state.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { account, page, repositoryUrl } from './shown.ts'
import type { Pull } from './state.ts'

const find = ({ state, params }: Request): Pull => {
  const found = state.pulls.find(({ number }) => String(number) === params['number'])
  if (found === undefined) throw notFound()
  return found
}

const show = ({ state, base }: Request, pull: Pull) => {
  const { owner } = state
  const url = `${repositoryUrl(state, base)}/pulls/${pull.number}`
  const at = ends(state, pull)
  const side = (ref: string, sha: string) => ({
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: account(state, base, owner.login),
    repo: { id: state.repository.id, name: state.repository.name, full_name: `${owner.login}/${state.repository.name}` },
  })
  return {
    url,
    id: 10_000 + pull.number,
    node_id: `PR_${pull.number}`,
    html_url: `${page(state)}/pull/${pull.number}`,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: account(state, base, pull.author),
    labels: state.labels.filter(({ name }) => pull.labels.includes(name)),
    draft: pull.draft,
    created_at: pull.created_at,
    updated_at: pull.closedAt?.at ?? pull.created_at,
    closed_at: pull.closedAt?.at ?? null,
    merged_at: pull.merged === undefined ? null : (pull.closedAt?.at ?? null),
    merge_commit_sha: pull.merged?.sha ?? state.git.refs()[`refs/pull/${pull.number}/merge`] ?? null,
    statuses_url: `${repositoryUrl(state, base)}/statuses/${at.head}`,
    head: side(pull.head, at.head),
    base: side(pull.base, at.base),
    author_association: 'MEMBER',
    auto_merge: null,
  }
}

/** What only the single pull request shows. */
const showWhole = (request: Request, pull: Pull) => {
  const { state, base } = request
  const at = ends(state, pull)
  const between = compare(state.git, at.base, at.head)
  const isMergeable = state.git.refs()[`refs/pull/${pull.number}/merge`] !== undefined
  return {
    ...show(request, pull),
    merged: pull.merged !== undefined,
    mergeable: pull.state === 'closed' ? null : isMergeable,
    mergeable_state: isMergeable ? 'clean' : 'dirty',
    merged_by: pull.merged === undefined ? null : account(state, base, pull.merged.by),
    commits: between?.commits.length ?? 0,
  }
}

const list = (request: Request): object[] => {
  const { state, query } = request
  const { state: asked = 'open', base, head, direction = 'desc' } = query
  const found = state.pulls.filter(
    (pull) =>
      (asked === 'all' || pull.state === asked) &&
      (base === undefined || pull.base === base) &&
      (head === undefined || `${state.owner.login}:${pull.head}` === head),
  )
  return (direction === 'asc' ? found : found.toReversed()).map((pull) => show(request, pull))
}

const path = '/repos/:owner/:repo/pulls'
const docs = 'pulls/pulls#'

export const pullRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: [['pull_requests', 'read']],
    docs: `${docs}list-pull-requests`,
    run: (request) => ({ list: list(request) }),
  },
  {
    method: 'POST',
    path,
    needs: [['pull_requests', 'write']],
    docs: `${docs}create-a-pull-request`,
    fields: {
      title: 'string',
      head: 'string!',
      base: 'string!',
      body: 'string',
      draft: 'boolean',
      maintainer_can_modify: 'boolean',
    },
    run: (request) => ({ status: 201, body: showWhole(request, createPull(request)) }),
  },
  {
    method: 'GET',
    path: `${path}/:number`,
    needs: [['pull_requests', 'read']],
    docs: `${docs}get-a-pull-request`,
    run: (request) => ({ body: showWhole(request, find(request)) }),
  },
  {
    method: 'PATCH',
    path: `${path}/:number`,
    needs: [['pull_requests', 'write']],
    docs: `${docs}update-a-pull-request`,
    fields: { title: 'string', body: 'string', state: 'string', base: 'string' },
    run: (request) => ({ body: showWhole(request, updatePull(request, find(request))) }),
  },
  {
    method: 'PUT',
    path: `${path}/:number/merge`,
    needs: [['contents', 'write']],
    docs: `${docs}merge-a-pull-request`,
    fields: { commit_title: 'string', commit_message: 'string', sha: 'string', merge_method: 'string' },
    run: (request) => {
      if ((request.body['merge_method'] ?? 'merge') !== 'merge')
        throw new GitHubError(501, 'Not served by this stand-in: merging otherwise')
      const sha = mergePull(request.state, find(request), request.actor.login)
      return { body: { sha, merged: true, message: 'Pull Request successfully merged' } }
    },
  },
]
