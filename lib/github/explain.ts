import { Refusal } from '../refusal.ts'

type Failed = { status: number; message: string; headers: Record<string, unknown> }

/** What an octokit request rejects with; undefined for every other error. */
export const failedRequest = (error: unknown): Failed | undefined => {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined
  return { status: error.status, message: withoutLink(error.message), headers: headersOf(error) }
}

/** For every request: octokit itself waits for an answer as long as it takes. */
export const limited = () => ({ request: { signal: AbortSignal.timeout(30_000) } })

/**
 * Turns GitHub's answer into words: what was tried, what GitHub said, what to change. `permission` is the line that the
 * job's `permissions` need, `pull-requests: write`. Rejects with a `Refusal`; an error that is no answer is kept as cause.
 */
export const inWords = async <T>(what: string, permission: string, request: () => Promise<T>): Promise<T> => {
  try {
    return await request()
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw new Refusal(`${what}: ${remedy(cause, permission)}`, { cause })
  }
}

const remedy = (error: unknown, permission: string): string => {
  const failed = failedRequest(error)
  if (failed === undefined) return `GitHub could not be asked: ${error instanceof Error ? error.message : error}`
  const { status, message, headers } = failed
  if (status === 401) return "GitHub does not know the token (401): give the job's own, github.token, as input 'github-token'"
  if (isRateLimit(failed)) return `GitHub's rate limit is used up${reset(headers)}; run the job again then`
  if (status === 403) return `the token may not (403, ${message}): give the job 'permissions: ${permission}'`
  if (status === 404) {
    return `GitHub shows the token no such thing (404): it is gone, or the job lacks 'permissions: ${permission}'`
  }
  // Octokit reports a connection that failed as a 500 of its own.
  return status >= 500 ? `GitHub failed (${status}, ${message}); run the job again` : `GitHub refused (${status}): ${message}`
}

const isRateLimit = ({ status, message, headers }: Failed): boolean =>
  status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)))

const reset = (headers: Record<string, unknown>): string => {
  const seconds = Number(headers['x-ratelimit-reset'])
  return seconds > 0 ? ` until ${new Date(seconds * 1000).toISOString()}` : ''
}

/** Octokit ends its messages with the address of the reference page. */
const withoutLink = (message: string): string =>
  message
    .replace(/ - https:\/\/\S+$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300)

const headersOf = (error: object): Record<string, unknown> => {
  const response = 'response' in error ? error.response : undefined
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {}
  return typeof response.headers === 'object' && response.headers !== null ? { ...response.headers } : {}
}
