import type { GitCommit } from './git.ts'
import type { Request } from './route.ts'
import { repositoryUrl } from './shown.ts'

/** A commit as lists show it. The author's account is not known: only what the commit says. */
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
