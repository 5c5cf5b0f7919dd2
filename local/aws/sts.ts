import { createHash } from 'node:crypto'
import type { ScenarioRole } from '../scenario.ts'
import type { Time } from '../time.ts'
import type { Credentials } from './credentials.ts'
import { accessDenied } from './faults.ts'
import { evaluate, namesOf } from './policy.ts'
import { AwsError, type Call, type Operation, type Principal, type Service } from './service.ts'
import { conditionKeys, type OidcProvider, verifyWebIdentity } from './web-identity.ts'

type StsDependencies = {
  time: Time
  credentials: Credentials
  roles: ScenarioRole[]
  /** GitHub's provider as the account has registered it; undefined when it has none. */
  providerOf(account: string): OidcProvider | undefined
}

/** Query protocol: everything arrives as text. */
type AssumeRoleInput = { RoleArn: string; RoleSessionName: string; DurationSeconds?: string }
type WebIdentityInput = AssumeRoleInput & { WebIdentityToken: string }

const constraint = (value: string, member: string, rule: string): AwsError =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  )

const validate = ({ RoleArn, RoleSessionName, DurationSeconds = '3600' }: AssumeRoleInput): number => {
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(RoleArn ?? '')) throw new AwsError('ValidationError', `${RoleArn} is invalid`)
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName ?? '')) {
    throw constraint(RoleSessionName, 'roleSessionName', 'satisfy regular expression pattern: [\\w+=,.@-]*')
  }
  const seconds = Number(DurationSeconds)
  if (seconds < 900) throw constraint(DurationSeconds, 'durationSeconds', 'have value greater than or equal to 900')
  if (seconds > 43_200) throw constraint(DurationSeconds, 'durationSeconds', 'have value less than or equal to 43200')
  return seconds
}

const accountOf = (arn: string): string => arn.split(':')[4] ?? ''

/** The account for its root; for a session an id of its role, shaped as IAM's, and the session's name. */
const userId = ({ account, arn, role }: Omit<Principal, 'accessKeyId'>): string => {
  if (role === undefined) return account
  const id = createHash('sha256').update(`${account}/${role}`).digest('hex').toUpperCase().slice(0, 17)
  return `AROA${id}:${arn.slice(arn.lastIndexOf('/') + 1)}`
}

export const stsService = ({ time, credentials, roles, providerOf }: StsDependencies): Service => {
  const start = (role: ScenarioRole, sessionName: string, seconds: number) => {
    if (seconds > (role.maxSessionDuration ?? 3600)) {
      throw new AwsError('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
    }
    const name = role.arn.slice(role.arn.lastIndexOf('/') + 1)
    const account = accountOf(role.arn)
    const arn = `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`
    const key = credentials.issue({ account, arn, role: name }, seconds)
    return {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: key.expiration,
      },
      AssumedRoleUser: { AssumedRoleId: userId({ account, arn, role: name }), Arn: arn },
    }
  }

  const assumeRoleWithWebIdentity: Operation<WebIdentityInput> = {
    authorize: ({ RoleArn }) => [{ action: 'sts:AssumeRoleWithWebIdentity', resource: RoleArn }],
    run: async (input) => {
      const seconds = validate(input)
      const account = accountOf(input.RoleArn)
      const provider = providerOf(account)
      if (provider === undefined) {
        throw new AwsError('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for the issuer of the token')
      }
      const claims = await verifyWebIdentity(input.WebIdentityToken, provider, time.now())
      const federated = `arn:aws:iam::${account}:oidc-provider/${new URL(provider.issuer).host}`
      const role = roles.find(({ arn }) => arn === input.RoleArn)
      const request = {
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: input.RoleArn,
        principal: { Federated: [federated] },
        context: conditionKeys(provider.issuer, claims),
      }
      if (role === undefined || evaluate([role.trust], request) !== 'allowed') {
        throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
      }
      return {
        SubjectFromWebIdentityToken: claims.sub,
        ...start(role, input.RoleSessionName, seconds),
        Audience: claims.aud,
        Provider: federated,
      }
    },
  }

  const assumeRole: Operation<AssumeRoleInput> = {
    authorize: ({ RoleArn }) => [{ action: 'sts:AssumeRole', resource: RoleArn }],
    run: (input, call) => {
      const seconds = validate(input)
      const role = roles.find(({ arn }) => arn === input.RoleArn)
      const request = { action: 'sts:AssumeRole', resource: input.RoleArn, principal: { AWS: namesOf(call.principal) } }
      if (role === undefined || evaluate([role.trust], request) !== 'allowed') {
        throw accessDenied(
          'sts',
          `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
        )
      }
      if (call.principal.role !== undefined && seconds > 3600) {
        throw new AwsError(
          'ValidationError',
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        )
      }
      return start(role, input.RoleSessionName, seconds)
    },
  }

  const getCallerIdentity: Operation<unknown> = {
    // Answered even under an explicit deny: IAM is not asked.
    authorize: () => [],
    run: (_, { principal }: Call) => ({ UserId: userId(principal), Account: principal.account, Arn: principal.arn }),
  }

  return {
    name: 'sts',
    operations: {
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
      AssumeRole: assumeRole,
      GetCallerIdentity: getCallerIdentity,
    },
  }
}
