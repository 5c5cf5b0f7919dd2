import { createHash, randomBytes } from 'node:crypto'
import { expiredToken } from './faults.ts'
import { AwsError, type Principal } from './service.ts'

export type AdminKey = { accessKeyId: string; secretAccessKey: string }

type SessionKey = AdminKey & { sessionToken: string; expiration: Date }

const adminKey = (account: string): AdminKey => ({
  accessKeyId: `AKIAROOT${account}`,
  secretAccessKey: createHash('sha256').update(`administrator of ${account}`).digest('base64').slice(0, 40),
})

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const randomId = (prefix: string): string => prefix + [...randomBytes(16)].map((byte) => base32[byte % 32]).join('')

const unknownKey = (service: string): AwsError => {
  const message = 'The security token included in the request is invalid.'
  return service === 'sts' || service === 'cloudformation'
    ? new AwsError('InvalidClientTokenId', message, 403)
    : new AwsError('UnrecognizedClientException', message)
}

export const createCredentials = (accounts: string[], now: () => Date) => {
  const administrators = new Map(
    accounts.map((account) => {
      const { accessKeyId } = adminKey(account)
      return [accessKeyId, { account, arn: `arn:aws:iam::${account}:root`, accessKeyId }]
    }),
  )
  const sessions = new Map<string, { principal: Principal; key: SessionKey }>()
  return {
    /** Keys of the account's root user, the same in every run: a scenario's hands for setting things up. */
    adminKey(account: string): AdminKey {
      if (!accounts.includes(account)) throw new Error(`no account ${account} in the scenario, only ${accounts.join(', ')}`)
      return adminKey(account)
    },
    /** Issues keys for an assumed role, valid for that many seconds of real time: SDKs compare the expiry to their own clock. */
    issue(principal: Omit<Principal, 'accessKeyId'>, seconds: number): SessionKey {
      const key = {
        accessKeyId: randomId('ASIA'),
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(240).toString('base64'),
        expiration: new Date(now().getTime() + seconds * 1000),
      }
      sessions.set(key.accessKeyId, { principal: { ...principal, accessKeyId: key.accessKeyId }, key })
      return key
    },
    /** Who signed with this key. Throws AWS's errors for keys that are unknown or expired. */
    identify(service: string, accessKeyId: string, sessionToken: string | undefined): Principal {
      const administrator = administrators.get(accessKeyId)
      if (administrator !== undefined) return administrator
      const session = sessions.get(accessKeyId)
      if (session === undefined || session.key.sessionToken !== sessionToken) throw unknownKey(service)
      if (session.key.expiration <= now()) throw expiredToken(service)
      return session.principal
    },
    /** All secrets that `issue` has handed out. */
    secrets: (): string[] =>
      [...sessions.values()].flatMap(({ key }) => [key.accessKeyId, key.secretAccessKey, key.sessionToken]),
  }
}

export type Credentials = ReturnType<typeof createCredentials>
