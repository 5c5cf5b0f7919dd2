import { compare } from './git.ts'
import { GitHubError, invalid, type Request } from './route.ts'
import { flag, text } from './shown.ts'
import type { GitHubState, Pull } from './state.ts'

/** Commits of both branches: where they are now, or where they were when the pull request was closed. */
export const ends = (state: GitHubState, pull: Pull): { base: string; head: string } => {
  if (pull.closedAt) return pull.closedAt
  const refs = state.git.refs()
  return { base: refs[`refs/heads/${pull.base}`] ?? '', head: refs[`refs/heads/${pull.head}`] ?? '' }
}

/** GitHub keeps `refs/pull/N/head` and the test merge `refs/pull/N/merge`; the latter is missing where the two conflict. */
const refreshRefs = (state: GitHubState, pull: Pull): void => {
  const { base, head } = ends(state, pull)
  state.git.setRef(`refs/pull/${pull.number}/head`, head)
  const ref = `refs/pull/${pull.number}/merge`
  const standing = state.git.commit(state.git.refs()[ref] ?? '')
  if (standing?.parents[0] === base && standing.parents[1] === head) return
  const merged = state.git.merge(base, head, `Merge ${head} into ${base}`)
  if (merged !== undefined || standing !== undefined) state.git.setRef(ref, merged)
}

const isOpen = (state: GitHubState, base: string, head: string): boolean =>
  state.pulls.some((pull) => pull.state === 'open' && pull.base === base && pull.head === head)

export const createPull = ({ state, body, actor }: Request): Pull => {
  if (actor.kind === 'integration' && !state.workflowPermissions.can_approve_pull_request_reviews)
    throw new GitHubError(403, 'GitHub Actions is not permitted to create or approve pull requests.')
  const [title = '', base = ''] = [text(body, 'title'), text(body, 'base')]
  const head = (text(body, 'head') ?? '').replace(new RegExp(`^${state.owner.login}:`), '')
  const refs = state.git.refs()
  const resource = 'PullRequest'
  if (title === '') throw invalid({ resource, code: 'missing_field', field: 'title' })
  const [ofBase, ofHead] = [refs[`refs/heads/${base}`], refs[`refs/heads/${head}`]]
  if (ofHead === undefined) throw invalid({ resource, field: 'head', code: 'invalid' })
  if (ofBase === undefined) throw invalid({ resource, field: 'base', code: 'invalid' })
  if (isOpen(state, base, head))
    throw invalid({ resource, code: 'custom', message: `A pull request already exists for ${state.owner.login}:${head}.` })
  if (compare(state.git, ofBase, ofHead)?.commits.length === 0)
    throw invalid({ resource, code: 'custom', message: `No commits between ${base} and ${head}` })
  if ((text(body, 'body') ?? '').length > 65_536)
    throw invalid({ resource, code: 'custom', field: 'body', message: 'body is too long (maximum is 65536 characters)' })
  const pull: Pull = {
    number: Math.max(0, ...state.pulls.map((each) => each.number)) + 1,
    title,
    body: text(body, 'body') ?? null,
    base,
    head,
    state: 'open',
    draft: flag(body, 'draft') ?? false,
    labels: [],
    author: actor.login,
    created_at: state.time(),
  }
  state.pulls.push(pull)
  refreshRefs(state, pull)
  return pull
}

const close = (state: GitHubState, pull: Pull): void => {
  pull.closedAt = { ...ends(state, pull), at: state.time() }
  pull.state = 'closed'
}

export const updatePull = ({ state, body }: Request, pull: Pull): Pull => {
  const [title, base, asked] = [text(body, 'title'), text(body, 'base'), text(body, 'state')]
  if (title !== undefined) pull.title = title
  if (body['body'] !== undefined) pull.body = text(body, 'body') ?? null
  if (base !== undefined) pull.base = base
  if (asked === 'closed' && pull.state === 'open') close(state, pull)
  if (asked === 'open' && pull.state === 'closed') {
    if (pull.merged)
      throw invalid({
        resource: 'PullRequest',
        code: 'custom',
        field: 'state',
        message: 'state cannot be changed. The pull request has been merged.',
      })
    pull.state = 'open'
    delete pull.closedAt
  }
  if (pull.state === 'open') refreshRefs(state, pull)
  return pull
}

/** Merges with a merge commit and moves the base branch, as the button does. */
export const mergePull = (state: GitHubState, pull: Pull, by: string): string => {
  if (pull.state === 'closed') throw new GitHubError(405, 'Pull Request is not mergeable')
  const { base, head } = ends(state, pull)
  const title = `Merge pull request #${pull.number} from ${state.owner.login}/${pull.head}\n\n${pull.title}`
  const sha = state.git.merge(base, head, title)
  if (sha === undefined) throw new GitHubError(405, 'Pull Request is not mergeable')
  close(state, pull)
  pull.merged = { sha, by }
  state.git.setRef(`refs/heads/${pull.base}`, sha)
  return sha
}
