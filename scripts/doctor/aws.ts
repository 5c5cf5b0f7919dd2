import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { oidcProviderArn, REGISTRY, repositoryName } from '../../lib/delivery/names.ts'
import type { Accounts } from './account.ts'
import { checkCostTags } from './cost-tags.ts'
import { type Finding, reporter, whenSeen } from './finding.ts'
import { checkRecords } from './records.ts'
import { checkRole } from './role.ts'

const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

/** What of the accounts is not as `delivery.json` says. An account that cannot be reached is unseen as a whole. */
export const checkAws = async (configuration: Configuration, accounts: Accounts, trouble: string[]): Promise<Finding[]> => {
  const why = trouble.map((line) => ` (${line})`).join('')
  const numbers = identity(configuration).accounts
  const found = await Promise.all(
    numbers.map(async (account): Promise<Finding[]> => {
      const report = reporter(`AWS ${account} (${placesOf(configuration, account).join(', ')})`)
      if (accounts.has(account)) return checkAccount(configuration, account, accounts)
      return [
        report('unseen', `no credentials lead to this account${why}`, 'npm run doctor -- --profile NAME, once for each account'),
      ]
    }),
  )
  return found.flat()
}

/** Names of what is in an account: the registry, and environments. */
const placesOf = ({ registry, environments }: Configuration, account: string): string[] => [
  ...(registry.account === account ? [REGISTRY] : []),
  ...Object.entries(environments).flatMap(([name, place]) => (place.account === account ? [name] : [])),
]

const checkAccount = async (configuration: Configuration, number: string, accounts: Accounts): Promise<Finding[]> => {
  const account = accounts.get(number)
  if (account === undefined) return []
  const report = reporter(`AWS ${number} (${placesOf(configuration, number).join(', ')})`)
  const { registry, environments } = configuration
  const roles = identity(configuration).roles.filter((role) => role.account === number)
  const region =
    placesOf(configuration, number).map((name) => environments[name]?.region ?? registry.region)[0] ?? registry.region
  const here = Object.entries(environments).filter(([, place]) => place.account === number)
  const provider = await account.provider(oidcProviderArn({ account: number, region }, ISSUER))
  const [ofRoles, ofRecords, ofTags] = await Promise.all([
    Promise.all(roles.map((role) => checkRole(account, role, report))),
    Promise.all(here.map(([name]) => checkRecords(account, configuration, name, report))),
    checkCostTags(account, here, report),
  ])
  const images = registry.account === number ? Object.keys(configuration.images) : []
  const ofImages = await Promise.all(
    images.map(async (image) => {
      const name = repositoryName(configuration.project, image)
      const mutability = await account.tagMutability(registry.region, name)
      const at = `--repository-name ${name} --region ${registry.region}`
      return whenSeen(mutability, `the repository ${name}`, report, (found) => {
        if (found === undefined)
          return [
            report(
              'wrong',
              `the repository ${name} is missing`,
              `aws ecr create-repository ${at} --image-tag-mutability IMMUTABLE`,
            ),
          ]
        if (found !== 'IMMUTABLE')
          return [
            report(
              'wrong',
              `tags of the repository ${name} can be moved`,
              `aws ecr put-image-tag-mutability ${at} --image-tag-mutability IMMUTABLE`,
            ),
          ]
        return [report('ok', `the repository ${name} is there, and its tags stay`)]
      })
    }),
  )
  return [
    ...whenSeen(provider, "GitHub's OIDC provider", report, (clientIds) => {
      if (clientIds === undefined)
        return [
          report(
            'wrong',
            "GitHub's OIDC provider is missing",
            `aws iam create-open-id-connect-provider --url https://${ISSUER} --client-id-list ${AUDIENCE}`,
          ),
        ]
      if (clientIds.includes(AUDIENCE)) return [report('ok', "GitHub's OIDC provider is there")]
      const arn = oidcProviderArn({ account: number, region }, ISSUER)
      return [
        report(
          'wrong',
          `GitHub's OIDC provider does not list ${AUDIENCE}`,
          `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${AUDIENCE}`,
        ),
      ]
    }),
    ...ofRoles.flat(),
    ...ofImages.flat(),
    ...ofRecords.flat(),
    ...ofTags,
  ]
}
