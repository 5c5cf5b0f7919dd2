import type { getOctokit } from '@actions/github'

/** A client of GitHub's REST API for one repository. */
export type GitHubClient = Pick<ReturnType<typeof getOctokit>, 'rest' | 'paginate'> & { owner: string; repo: string }

/**
 * Loaded only where a token was given. `apiUrl` is the runner's `GITHUB_API_URL`, so that GitHub Enterprise Server works.
 * `repository` is `owner/name`.
 */
export const gitHubClient = async (token: string, repository: string, apiUrl: string): Promise<GitHubClient> => {
  const { getOctokit } = await import('@actions/github')
  const [owner = '', repo = ''] = repository.split('/')
  const { rest, paginate } = getOctokit(token, apiUrl === '' ? {} : { baseUrl: apiUrl })
  return { rest, paginate, owner, repo }
}
