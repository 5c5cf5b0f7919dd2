import { Refusal } from '../refusal.ts'
import { call, isPassing } from './errors.ts'
import { requestLimits } from './request-limits.ts'

export type RoleCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }

type AssumeRequest = {
  account: string
  region: string
  sessionName: string
  requestTimeout: number
  idToken(audience: string): Promise<string>
}

const AUDIENCE = 'sts.amazonaws.com'
const HOUR = 3600

/** Exchanges this job's OIDC token for credentials of a role, valid for an hour. */
export const assumeRole = async (request: AssumeRequest, role: string): Promise<RoleCredentials> => {
  const token = await request.idToken(AUDIENCE)
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const sts = new STSClient({ region: request.region, requestHandler: requestLimits(request.requestTimeout) })
  const input = { RoleArn: role, RoleSessionName: request.sessionName, WebIdentityToken: token, DurationSeconds: HOUR }
  const send = () => sts.send(new AssumeRoleWithWebIdentityCommand(input))
  const answer = await call('sts:AssumeRoleWithWebIdentity', send).catch((error: Error) => {
    if (isPassing(error)) throw error
    const cause = error.cause as Error
    throw new Refusal(explainRefusal(role, token, cause), { cause })
  })
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration = new Date(0) } = answer.Credentials ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration }
}

/** The claims that AWS maps to condition keys (service authorization reference of STS, January 2026), and `exp`. */
const CLAIMS = [
  'sub',
  'aud',
  'ref',
  'environment',
  'job_workflow_ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'exp',
]

const CHECKS: Record<string, string> = {
  AccessDenied:
    'check that the role exists in this account and that each condition of its trust policy equals the claim above, upper and lower case included',
  ExpiredToken: "the token had expired before STS saw it: run the job again, and check the runner's clock",
  InvalidIdentityToken: `check that the account has GitHub's OIDC provider, and that its client ids list ${AUDIENCE}`,
  IDPCommunicationError: 'AWS could not reach the issuer of the token; run the job again',
}

/** STS never says which condition failed, so this shows what it saw. The token itself is not part of the text. */
const explainRefusal = (role: string, token: string, error: Error): string => {
  const claims = decodeClaims(token)
  const seen = CLAIMS.flatMap((name) => (claims[name] === undefined ? [] : [`  ${name}: ${show(name, claims[name])}`]))
  return [
    `STS refused to let this job assume ${role}: ${error.name}: ${error.message}`,
    "the token's claims were:",
    ...(seen.length > 0 ? seen : ['  (none that could be read)']),
    CHECKS[error.name.replace(/Exception$/, '')] ?? 'check the network between this runner and STS, and the region',
  ].join('\n')
}

const show = (name: string, value: unknown): string =>
  name === 'exp' && typeof value === 'number' ? new Date(value * 1000).toISOString() : String(value)

const decodeClaims = (token: string): Record<string, unknown> => {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  } catch {
    return {}
  }
}
