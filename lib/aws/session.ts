import { Refusal } from '../refusal.ts'
import { assumeRole, type RoleCredentials } from './assume.ts'
import { call } from './errors.ts'
import { type RequestLimits, requestLimits } from './request-limits.ts'

/** What every client is made with. The SDK reads `AWS_ENDPOINT_URL` and `AWS_MAX_ATTEMPTS` by itself. */
export type ClientConfig = {
  region: string
  credentials?: () => Promise<RoleCredentials>
  profile?: string
  requestHandler: RequestLimits
  maxAttempts?: number
}

export type SessionRequest = {
  /** The account that the caller must belong to. */
  account: string
  region: string
  /** ARN of a role that trusts this job's OIDC token; without it the SDK's default credential chain is used. */
  role?: string | undefined
  /** Profile of the AWS configuration files that the default credential chain is to use; on a laptop with several accounts. */
  profile?: string | undefined
  /** Shown in CloudTrail: which run did this. */
  sessionName: string
  /** Milliseconds without an answer, or in the middle of one, after which a request is given up; the SDK itself would wait for ever. */
  requestTimeout: number
  idToken(audience: string): Promise<string>
  /** Milliseconds since the epoch. */
  now(): number
}

const RENEW_BEFORE = 300_000

/** One identity in one account and region. The only maker of AWS clients. */
export type Session = {
  readonly account: string
  readonly region: string
  /** Milliseconds, as given; for the few requests that no client makes. */
  readonly requestTimeout: number
  /**
   * Resolves once AWS confirmed that the caller belongs to `account`, rejects with a `Refusal` otherwise. Every action
   * awaits it before its first write. Asked of AWS once.
   */
  guard(): Promise<void>
  /** `region` where it is not the session's, as for a registry elsewhere. */
  client<C>(Client: new (config: ClientConfig) => C, region?: string): C
  /** For calls without an idempotency token: sent once, so that an answer that got lost is not a second change. */
  clientWithoutRetry<C>(Client: new (config: ClientConfig) => C): C
}

/** Credentials stay in this process: nothing is exported, written, or passed on. */
export const openSession = async (request: SessionRequest): Promise<Session> => {
  const credentials = request.role === undefined ? undefined : await roleCredentials(request, request.role)
  const config: ClientConfig = {
    region: request.region,
    requestHandler: requestLimits(request.requestTimeout),
    ...(credentials && { credentials }),
    ...(request.profile !== undefined && { profile: request.profile }),
  }
  let confirmed: Promise<void> | undefined
  return {
    account: request.account,
    region: request.region,
    requestTimeout: request.requestTimeout,
    guard: () =>
      (confirmed ??= confirmAccount(config, request).catch((error) => {
        // What AWS has decided stands; a question that got no answer may be asked again.
        if (!(error instanceof Refusal)) confirmed = undefined
        throw error
      })),
    client: (Client, region = config.region) => new Client({ ...config, region }),
    clientWithoutRetry: (Client) => new Client({ ...config, maxAttempts: 1 }),
  }
}

const confirmAccount = async (config: ClientConfig, { account }: SessionRequest): Promise<void> => {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const caller = await call('sts:GetCallerIdentity', () => new STSClient(config).send(new GetCallerIdentityCommand({})))
  if (caller.Account === account) return
  throw new Refusal(
    `wrong account: these credentials belong to ${caller.Account} (${caller.Arn}), expected ${account}; ` +
      "nothing was changed. Correct 'aws-account-id', or the credentials of this job",
  )
}

/** Assumes the role now, so that a refusal is seen at once, and again whenever less than five minutes are left. */
const roleCredentials = async (request: SessionRequest, role: string) => {
  const owner = role.split(':')[4]
  if (owner !== request.account) {
    throw new Refusal(`wrong account: the role ${role} belongs to ${owner}, expected ${request.account}; nothing was changed`)
  }
  let current = await assumeRole(request, role)
  let renewal: Promise<RoleCredentials> | undefined
  return async (): Promise<RoleCredentials> => {
    if (current.expiration.getTime() - request.now() > RENEW_BEFORE) return current
    renewal ??= assumeRole(request, role).finally(() => {
      renewal = undefined
    })
    current = await renewal
    return current
  }
}
