import { compare } from './git.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { repositoryUrl, text } from './shown.ts'

const show = ({ state, base }: Request, ref: string, sha: string) => ({
  ref,
  node_id: `REF_${ref}`,
  url: `${repositoryUrl(state, base)}/git/${ref}`,
  object: { sha, type: 'commit', url: `${repositoryUrl(state, base)}/git/commits/${sha}` },
})

const standing = ({ state, params }: Request): { ref: string; sha: string } => {
  const ref = `refs/${params['ref']}`
  const sha = state.git.refs()[ref]
  if (sha === undefined) throw notFound()
  return { ref, sha }
}

const existing = ({ state, body }: Request): string => {
  const sha = text(body, 'sha') ?? ''
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw new GitHubError(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
  if (state.git.commit(sha) === undefined) throw new GitHubError(422, 'Object does not exist')
  return sha
}

const create = (request: Request) => {
  const { state, body } = request
  const ref = text(body, 'ref') ?? ''
  if (!/^refs\/[^/]+\/.+/.test(ref))
    throw new GitHubError(422, "Reference name must start with 'refs/' and contain at least two slashes.")
  const sha = existing(request)
  if (state.git.refs()[ref] !== undefined) throw new GitHubError(422, 'Reference already exists')
  state.git.setRef(ref, sha)
  return show(request, ref, sha)
}

const update = (request: Request) => {
  const { state, body } = request
  const ref = `refs/${request.params['ref']}`
  const before = state.git.refs()[ref]
  if (before === undefined) throw new GitHubError(422, 'Reference does not exist')
  const sha = existing(request)
  const isForward = ['ahead', 'identical'].includes(compare(state.git, before, sha)?.status ?? '')
  if (!isForward && body['force'] !== true) throw new GitHubError(422, 'Update is not a fast forward')
  state.git.setRef(ref, sha)
  return show(request, ref, sha)
}

const root = '/repos/:owner/:repo/git'
const docs = 'git/refs#'

export const refRoutes: Route[] = [
  {
    method: 'GET',
    path: `${root}/ref/:ref{.+}`,
    needs: [['contents', 'read']],
    docs: `${docs}get-a-reference`,
    run: (request) => {
      const { ref, sha } = standing(request)
      return { body: show(request, ref, sha) }
    },
  },
  {
    method: 'POST',
    path: `${root}/refs`,
    needs: [['contents', 'write']],
    docs: `${docs}create-a-reference`,
    fields: { ref: 'string!', sha: 'string!' },
    run: (request) => ({ status: 201, body: create(request) }),
  },
  {
    method: 'PATCH',
    path: `${root}/refs/:ref{.+}`,
    needs: [['contents', 'write']],
    docs: `${docs}update-a-reference`,
    fields: { sha: 'string!', force: 'boolean' },
    run: (request) => ({ body: update(request) }),
  },
]
