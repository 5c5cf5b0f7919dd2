import { GitHubError } from './route.ts'
import type { GitHubState } from './state.ts'

/** An account as GitHub embeds it. */
export const account = (state: GitHubState, base: string, login: string) => {
  const known = login === state.owner.login ? state.owner : state.users.find((user) => user.login === login)
  const isApp = login.endsWith('[bot]')
  return {
    login,
    id: known?.id ?? (isApp ? 41898282 : 0),
    node_id: `U_${login}`,
    type: isApp ? 'Bot' : login === state.owner.login ? state.owner.type : 'User',
    url: `${base}/users/${encodeURIComponent(login)}`,
    html_url: `https://github.com/${login}`,
    site_admin: false,
  }
}

export const repositoryUrl = ({ owner, repository }: GitHubState, base: string): string =>
  `${base}/repos/${owner.login}/${repository.name}`

export const page = ({ owner, repository }: GitHubState): string => `https://github.com/${owner.login}/${repository.name}`

/** Text of a body field; null and absence are undefined. */
export const text = (body: Record<string, unknown>, name: string): string | undefined => {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

export const flag = (body: Record<string, unknown>, name: string): boolean | undefined => {
  const value = body[name]
  return typeof value === 'boolean' ? value : undefined
}

/** Rulesets of a private repository come with a paid plan. */
export const requirePlan = ({ plan, repository }: GitHubState): void => {
  if (plan === 'free' && repository.private)
    throw new GitHubError(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.')
}
