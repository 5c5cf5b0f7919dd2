import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { AwsError } from './service.ts'

/** An OIDC provider as IAM keeps it. */
export type OidcProvider = { issuer: string; jwks: JSONWebKeySet; clientIds: string[] }

/** The claims that AWS maps to condition keys for GitHub's issuer; a condition on any other claim never matches. */
const mapped = [
  'actor',
  'actor_id',
  'aud',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'sub',
  'workflow',
]

/** Condition keys of a verified token, `token.actions.githubusercontent.com:sub` and so on. */
export const conditionKeys = (issuer: string, claims: JWTPayload): Record<string, string> =>
  Object.fromEntries(
    mapped.flatMap((name) => {
      const claim = claims[name]
      return typeof claim === 'string' ? [[`${new URL(issuer).host}:${name}`, claim]] : []
    }),
  )

const invalid = (message: string, cause: unknown): AwsError =>
  Object.assign(new AwsError('InvalidIdentityToken', message), { cause })

const asStsError = (error: unknown, now: Date): unknown => {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.floor(now.getTime() / 1000)
    const message = `Token expired: current date/time ${seconds} must be before the expiration date/time ${error.payload.exp}`
    return Object.assign(new AwsError('ExpiredTokenException', message), { cause: error })
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return invalid('Incorrect token audience', error)
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
    return invalid(`No OpenIDConnect provider found in your account for ${error.payload.iss}`, error)
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    const message = "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity"
    return invalid(`${message} documentation for requirements`, error)
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalid('The web identity token that was passed could not be validated by AWS', error)
  }
  return error instanceof errors.JOSEError ? invalid('The ID Token provided is not a valid JWT', error) : error
}

/** Verifies signature, issuer, times and audience of a token; throws in STS's words. */
export const verifyWebIdentity = async (token: string, provider: OidcProvider, now: Date): Promise<JWTPayload> => {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(provider.jwks), {
      issuer: provider.issuer,
      audience: provider.clientIds,
      currentDate: now,
      requiredClaims: ['sub', 'exp', 'iat'],
    })
    return payload
  } catch (error) {
    throw asStsError(error, now)
  }
}
