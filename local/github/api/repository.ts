import { showCommit } from './commits.ts'
import { GitHubError, type Request, type Route } from './route.ts'
import { rulesOfBranch } from './rulesets.ts'
import { account, page, repositoryUrl } from './shown.ts'
import type { GitHubState } from './state.ts'

const showRepository = (state: GitHubState, base: string) => {
  const { repository, owner } = state
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: `${owner.login}/${repository.name}`,
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    owner: account(state, base, owner.login),
    html_url: page(state),
    url: repositoryUrl(state, base),
    default_branch: state.defaultBranch,
    archived: false,
    disabled: false,
    fork: false,
    ...state.settings,
  }
}

const branches = ({ state }: Request): [string, string][] =>
  Object.entries(state.git.refs())
    .filter(([ref]) => ref.startsWith('refs/heads/'))
    .map(([ref, sha]): [string, string] => [ref.slice('refs/heads/'.length), sha])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))

const showBranch = (request: Request, [name, sha]: [string, string]) => ({
  name,
  commit: { sha, url: `${repositoryUrl(request.state, request.base)}/commits/${sha}` },
  protected: rulesOfBranch(request.state, name).length > 0,
})

const wholeBranch = (request: Request) => {
  const { state, params, base } = request
  const [name, sha] = branches(request).find(([each]) => each === params['branch']) ?? []
  const commit = sha === undefined ? undefined : state.git.commit(sha)
  if (name === undefined || sha === undefined || commit === undefined) throw new GitHubError(404, 'Branch not found')
  const url = `${repositoryUrl(state, base)}/branches/${encodeURIComponent(name)}`
  return {
    ...showBranch(request, [name, sha]),
    commit: showCommit(request, commit),
    _links: { self: url, html: `${page(state)}/tree/${name}` },
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  }
}

const settable = (state: GitHubState, body: Record<string, unknown>): void => {
  for (const [name, value] of Object.entries(body)) {
    if (name === 'default_branch') state.defaultBranch = String(value)
    else if (name in state.settings) state.settings[name] = value
    else throw new GitHubError(501, `Not served by this stand-in: changing ${name} of a repository`)
  }
}

const root = '/repos/:owner/:repo'

export const repositoryRoutes: Route[] = [
  {
    method: 'GET',
    path: root,
    needs: [['metadata', 'read']],
    docs: 'repos/repos#get-a-repository',
    run: ({ state, base }) => ({ body: showRepository(state, base) }),
  },
  {
    method: 'PATCH',
    path: root,
    needs: [['administration', 'write']],
    docs: 'repos/repos#update-a-repository',
    run: ({ state, base, body }) => {
      settable(state, body)
      return { body: showRepository(state, base) }
    },
  },
  {
    method: 'GET',
    path: `${root}/branches`,
    needs: [['contents', 'read']],
    docs: 'branches/branches#list-branches',
    run: (request) => ({ list: branches(request).map((branch) => showBranch(request, branch)) }),
  },
  {
    method: 'GET',
    path: `${root}/branches/:branch`,
    needs: [['contents', 'read']],
    docs: 'branches/branches#get-a-branch',
    run: (request) => ({ body: wholeBranch(request) }),
  },
]
