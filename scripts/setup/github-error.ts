import { failedRequest } from '../../lib/github/explain.ts'
import { Refusal } from '../../lib/refusal.ts'

/** One line for what GitHub answered; for a missing permission its name, where GitHub gives it. Undefined for every other error. */
export const explainGitHub = (error: unknown): string | undefined => {
  const failed = failedRequest(error)
  if (failed === undefined) return undefined
  const { status, message, headers } = failed
  // What octokit reports of a connection that failed has the status of a server's fault, and no headers.
  if (status === 500 && Object.keys(headers).length === 0) return `GitHub cannot be reached: ${message}`
  const needed = headers['x-accepted-github-permissions']
  if (status === 401)
    return 'GitHub does not know the token (401): set GITHUB_TOKEN anew, for example to the output of `gh auth token`'
  if (status === 403 && message.startsWith('Resource not accessible') && typeof needed === 'string') {
    return `the token lacks the permission ${needed} (403)`
  }
  return `${message} (${status})`
}

/** Ends the script with GitHub's words instead of a stack; for what nothing can go on without. */
export const orRefuse =
  (what: string) =>
  (error: unknown): never => {
    const explained = explainGitHub(error)
    if (explained === undefined) throw error
    throw new Refusal(`${what}: ${explained}`, { cause: error })
  }
