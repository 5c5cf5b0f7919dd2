import { quotaHint } from './quotas.ts'

/** Whether an error is one of these, by the name that the SDK gives it. */
export const isNamed = (error: unknown, ...names: string[]): boolean => error instanceof Error && names.includes(error.name)

/** AWS's texts: IAM user guide, troubleshooting access denied messages. */
const DENIED =
  /not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?(?:.*?\bwith an explicit deny in an? (?<deny>[\w -]+)|.*?\bbecause no (?<policy>[\w -]+?) allows\b)?/

/** Where it must be allowed when it is not the role's own policy that lacks it. */
const PLACES: Record<string, string> = {
  'resource-based policy': 'in the policy of that resource to the role of this job',
  'service control policy': "in the organization's service control policy",
  'resource control policy': "in the organization's resource control policy",
  'permissions boundary': 'in the permissions boundary of the role of this job',
  'session policy': 'in the policy of the session',
  'VPC endpoint policy': 'in the policy of the VPC endpoint',
}

/**
 * One line for an error of an AWS call: what was asked, AWS's own words, and for the common causes what to do.
 * `call` is written as in a policy, `ecs:UpdateService`.
 */
export const explain = (call: string, error: unknown): string => {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const { action, resource, deny, policy = '' } = DENIED.exec(message)?.groups ?? {}
  if (action) {
    const what = `${action}${resource ? ` on ${resource}` : ''}`
    if (deny) return `${call} was denied: a statement in the ${deny.trim()} forbids ${what}, and no permission overrides it`
    return `${call} was denied: allow ${what} ${PLACES[policy] ?? 'to the role of this job'}`
  }
  if (/AccessDenied|UnauthorizedOperation/.test(name)) return `${call} was denied: ${message}`
  if (/ExpiredToken|RequestExpired/.test(name)) return `${call}: the credentials of this job have expired`
  // The SDK calls a connection that broke off a TimeoutError too; only its own time limit has this code with this name.
  if (name === 'TimeoutError' && networkCode(error) === 'ETIMEDOUT')
    return `${call} did not answer in time; see 'request-timeout'`
  if (NETWORK.test(networkCode(error) || message)) return `${call}: no connection to AWS (${networkCode(error) || message})`
  if (/TimeoutError/.test(name)) return `${call} did not answer in time; see 'request-timeout'`
  const status = statusOf(error)
  if (status >= 400 && !isApiError(error))
    return `${call} failed: AWS answered with HTTP status ${status} and no error of its API`
  const hint = quotaHint(call, name, message)
  return `${call} failed: ${name}: ${message}${hint === undefined ? '' : `; ${hint}`}`
}

const NETWORK = /\b(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/

/**
 * Whether AWS turned a call away because there were too many, at all or at the same time of one thing (`TooManyUpdates` of
 * Parameter Store). It was not carried out: sending it again is always safe.
 */
export const isThrottled = (error: unknown): boolean =>
  withCause(error).some(
    (each) => /Throttl|TooManyRequests|TooManyUpdates|RequestLimitExceeded/.test(each.name) || statusOf(each) === 429,
  )

/**
 * Whether the same call may succeed a moment later: throttled, broken off, without an answer in time, or a fault on AWS's
 * side. Whatever AWS decided (denied, expired, gone) is not. The call may have been applied all the same.
 */
export const isPassing = (error: unknown): boolean =>
  isThrottled(error) ||
  withCause(error).some(
    (each) =>
      /Timeout|ServerException|ServiceUnavailable|Internal(Failure|Error|Server)/.test(each.name) ||
      NETWORK.test(networkCode(each)) ||
      ('$fault' in each && each.$fault === 'server') ||
      statusOf(each) >= 500,
  )

const withCause = (error: unknown): Error[] =>
  error instanceof Error ? [error, error.cause].filter((each) => each instanceof Error) : []

/** The HTTP status of an answer; 0 where there was none. */
const statusOf = (error: unknown): number => {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return (error instanceof Error && $metadata?.httpStatusCode) || 0
}

/** A front end that answers in a service's place sends a page, or nothing: the SDK then fails to read it, or finds no name in it. */
const isApiError = (error: unknown): boolean => error instanceof Error && '$fault' in error && !/^Unknown/.test(error.name)

const networkCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Runs one AWS call; what it throws keeps its name and gets a message in the user's words. */
export const call = async <T>(name: string, send: () => Promise<T>): Promise<T> => {
  try {
    return await send()
  } catch (cause) {
    const error = new Error(explain(name, cause), { cause })
    if (cause instanceof Error) error.name = cause.name
    throw error
  }
}
