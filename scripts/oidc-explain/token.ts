import { Refusal } from '../../lib/refusal.ts'
import type { Claims } from './evaluate.ts'

export type Token = {
  claims: Claims
  issuer: string
  /** Milliseconds since the epoch; undefined where the token does not say. */
  expiresAt: number | undefined
}

/**
 * Reads the claims of a token, or claims that were copied as a JSON object. The signature is not checked: that is STS's part.
 * No error has any of the text in it, since the text may be a secret.
 */
export const readToken = (text: string): Token => {
  const payload = text.trim().startsWith('{') ? text : decode(text.trim())
  const parsed = parse(payload)
  if (parsed === undefined) {
    throw new Refusal(
      'this is no OIDC token: expected three parts of base64url with stops between them, or its claims as a JSON object',
    )
  }
  const claims = Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(only(value))]),
  )
  const { exp, iss } = parsed as { exp?: unknown; iss?: unknown }
  return {
    claims,
    issuer: typeof iss === 'string' ? iss : '',
    expiresAt: typeof exp === 'number' ? exp * 1000 : undefined,
  }
}

const decode = (token: string): string => {
  const [, payload = '', signature] = token.split('.')
  return signature === undefined ? '' : Buffer.from(payload, 'base64url').toString('utf8')
}

const parse = (json: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** An audience may be a list of one. */
const only = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value)

type Environment = Record<string, string | undefined>

/**
 * Asks for a token of the job that this runs in. Not by way of @actions/core, which writes the token to the log for the
 * runner to mask.
 */
export const requestToken = async (env: Environment, audience: string): Promise<string> => {
  const address = new URL(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '')
  address.searchParams.set('audience', audience)
  const headers = { authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}` }
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(10_000) }).catch((cause: Error) => {
    throw new Refusal(`GitHub cannot be asked for a token: ${cause.message}`, { cause })
  })
  const body = (await answer.json().catch(() => ({}))) as { value?: string }
  if (!answer.ok || body.value === undefined) throw new Refusal(`GitHub did not give this job a token: HTTP ${answer.status}`)
  return body.value
}

export const hasRequest = (env: Environment): boolean =>
  env['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] !== undefined
