import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import type { Role } from '../../lib/delivery/identity.ts'
import { startIssuer } from '../../local/github/oidc.ts'
import { installEmulators } from '../../scripts/emulators.ts'
import { launchMiniStack } from '../contract/subjects/ministack.ts'

const region = 'eu-west-1'
const ISSUER = 'https://token.actions.githubusercontent.com'

/** MiniStack takes twelve digits as the key of that account's root. */
export const rootKeys = (account: string) => ({ accessKeyId: account, secretAccessKey: 'test' })

/** MiniStack, which verifies who calls and evaluates policies; without containers. */
export const startMiniStack = async () => {
  const programs = await installEmulators(console.log)
  const { url, stop } = await launchMiniStack(programs)
  const issuer = await startIssuer(() => new Date())
  return {
    url,
    issuer,
    /** Makes GitHub's provider and the roles, as a person does once for each account. */
    seed: async (accounts: string[], roles: Pick<Role, 'account' | 'name' | 'trust'>[]): Promise<void> => {
      for (const account of accounts) {
        const iam = new IAM({ region, endpoint: url, credentials: rootKeys(account) })
        await iam.createOpenIDConnectProvider({ Url: ISSUER, ClientIDList: ['sts.amazonaws.com'] })
        for (const { name, trust } of roles.filter((role) => role.account === account))
          await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) })
      }
    },
    sts: new STS({ region, endpoint: url, credentials: rootKeys('000000000000') }),
    close: async () => {
      await Promise.all([stop(), issuer.close()])
    },
  }
}
