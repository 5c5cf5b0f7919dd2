import { listen } from '../../listen.ts'
import { gitHubApp } from './app.ts'
import { createTokens, type Tokens } from './permissions.ts'
import { createState, type GitHubOptions, type GitHubState } from './state.ts'

export type GitHub = {
  /** For GITHUB_API_URL. */
  url: string
  /** What was written, and what is answered; may be changed while it runs. */
  state: GitHubState
  tokens: Tokens
  close(): Promise<void>
}

/**
 * A stand-in for GitHub's REST API with one repository, on loopback. Make a token first: `tokens.forJob({ deployments: 'write' })` is a
 * job's GITHUB_TOKEN with exactly these permissions, `tokens.forPerson('octocat')` one that administers the repository.
 */
export const startGitHub = async (options: GitHubOptions = {}, now?: () => Date): Promise<GitHub> => {
  const state = createState(options, now)
  const tokens = createTokens()
  const { url, close } = await listen(gitHubApp(state, tokens))
  return { url, state, tokens, close }
}
