import type { Role } from '../../lib/delivery/identity.ts'
import type { Account } from './account.ts'
import { type Finding, type Report, SET_UP_ACCOUNT, whenSeen } from './finding.ts'
import { trustDifferences } from './trust-difference.ts'

/** Whether a role is there and trusts exactly what is derived for it. */
export const checkRole = async (account: Account, { name, trust }: Role, report: Report): Promise<Finding[]> => {
  const print = `npm run --silent oidc-explain -- --trust ${name} > trust.json`
  return whenSeen(await account.trust(name), `the role ${name}`, report, (standing) => {
    if (standing === undefined) {
      return [report('wrong', `the role ${name} is missing`, SET_UP_ACCOUNT)]
    }
    const differences = trustDifferences(standing, trust)
    if (differences.length === 0) return [report('ok', `the role ${name} trusts what is derived for it`)]
    const update = `aws iam update-assume-role-policy --role-name ${name} --policy-document file://trust.json`
    return [report('wrong', `the trust policy of ${name} differs: ${differences.join('; ')}`, `${print} && ${update}`)]
  })
}
