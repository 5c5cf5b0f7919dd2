import { GitHubError, type Request, type Route } from './route.ts'
import { repositoryUrl, text } from './shown.ts'

const show = ({ state, base }: Request, ref: string, sha: string) => ({
  ref,
  node_id: `REF_${ref}`,
  url: `${repositoryUrl(state, base)}/git/${ref}`,
  object: { sha, type: 'commit', url: `${repositoryUrl(state, base)}/git/commits/${sha}` },
})

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

const root = '/repos/:owner/:repo/git'
const docs = 'git/refs#'

export const refRoutes: Route[] = [
  {
    method: 'POST',
    path: `${root}/refs`,
    needs: [['contents', 'write']],
    docs: `${docs}create-a-reference`,
    fields: { ref: 'string!', sha: 'string!' },
    run: (request) => ({ status: 201, body: create(request) }),
  },
]
