import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { explain, isNamed } from '../../lib/aws/errors.ts'
import type { Accounts } from './account.ts'
import { awsAccount, awsConfig } from './aws-account.ts'

/** Which accounts the given profiles, or the default credentials where none is given, lead to; and what went wrong on the way. */
export const reachAccounts = async (profiles: string[], region: string): Promise<{ accounts: Accounts; trouble: string[] }> => {
  const accounts: Accounts = new Map()
  const trouble: string[] = []
  for (const profile of profiles.length === 0 ? [undefined] : profiles) {
    const name = profile === undefined ? 'the default credentials' : `the profile ${profile}`
    try {
      const { Account: account = '' } = await new STSClient(awsConfig(region, profile)).send(new GetCallerIdentityCommand({}))
      if (!accounts.has(account)) accounts.set(account, awsAccount(region, profile))
    } catch (error) {
      const isNone = isNamed(error, 'CredentialsProviderError')
      trouble.push(`${name}: ${isNone ? 'there are none, or they need a new login' : explain('sts:GetCallerIdentity', error)}`)
    }
  }
  return { accounts, trouble }
}
