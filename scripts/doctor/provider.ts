import { oidcProviderArn } from '../../lib/delivery/names.ts'
import type { Account } from './account.ts'
import { type Finding, type Report, SET_UP_ACCOUNT, whenSeen } from './finding.ts'

const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

/** Whether the account knows GitHub's issuer, and takes its tokens for the audience that the actions ask for. */
export const checkProvider = async (
  account: Account,
  place: { account: string; region: string },
  report: Report,
): Promise<Finding[]> => {
  const arn = oidcProviderArn(place, ISSUER)
  return whenSeen(await account.provider(arn), "GitHub's OIDC provider", report, (clientIds) => {
    if (clientIds === undefined) {
      return [report('wrong', "GitHub's OIDC provider is missing", SET_UP_ACCOUNT)]
    }
    if (clientIds.includes(AUDIENCE)) return [report('ok', "GitHub's OIDC provider is there")]
    const add = `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${AUDIENCE}`
    return [report('wrong', `GitHub's OIDC provider does not list ${AUDIENCE}`, add)]
  })
}
