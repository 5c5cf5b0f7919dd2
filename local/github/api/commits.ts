import { compare, type GitCommit, resolve } from './git.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { repositoryUrl } from './shown.ts'

/** A commit as lists and comparisons show it. The author's account is not known: only what the commit says. */
export const showCommit = ({ state, base }: Request, commit: GitCommit) => {
  const url = repositoryUrl(state, base)
  const parent = (sha: string) => ({ sha, url: `${url}/commits/${sha}` })
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha.slice(0, 10)}`,
    url: `${url}/commits/${commit.sha}`,
    html_url: `https://github.com/${state.owner.login}/${state.repository.name}/commit/${commit.sha}`,
    commit: {
      author: commit.author,
      committer: commit.author,
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      comment_count: 0,
    },
    author: null,
    committer: null,
    parents: commit.parents.map(parent),
  }
}

/** `BASE...HEAD`; a name of `owner:branch` means the same repository. */
const ends = ({ state, params }: Request): [string, string] => {
  const names = (params['basehead'] ?? '').split('...').map((name) => name.replace(/^[^:]+:/, ''))
  const [base, head] = names.map((name) => resolve(state.git, name))
  if (names.length !== 2 || base === undefined || head === undefined) throw notFound()
  return [base, head]
}

const comparison = (request: Request) => {
  const { state, base } = request
  const [from, to] = ends(request)
  const found = compare(state.git, from, to)
  if (found === undefined) throw new GitHubError(404, `No common ancestor between ${from} and ${to}.`)
  return {
    url: `${repositoryUrl(state, base)}/compare/${from}...${to}`,
    status: found.status,
    ahead_by: found.commits.length,
    behind_by: found.behind,
    total_commits: found.commits.length,
    base_commit: showCommit(request, found.base),
    merge_base_commit: showCommit(request, found.mergeBase),
    commits: found.commits.slice(0, 250).map((commit) => showCommit(request, commit)),
    files: state.git.changedFiles(found.mergeBase.sha, to).slice(0, 300),
  }
}

const contents: Route['needs'] = [['contents', 'read']]

export const commitRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo/compare/:basehead{.+}',
    needs: contents,
    docs: 'commits/commits#compare-two-commits',
    run: (request) => ({ body: comparison(request) }),
  },
]
