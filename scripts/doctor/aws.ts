import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { REGISTRY } from '../../lib/delivery/names.ts'
import type { Account, Accounts } from './account.ts'
import { checkCostTags } from './cost-tags.ts'
import { type Finding, type Report, reporter } from './finding.ts'
import { checkProvider } from './provider.ts'
import { checkRecords } from './records.ts'
import { checkRepositories } from './repositories.ts'
import { checkRole } from './role.ts'

/** What of the accounts is not as `delivery.json` says. An account that cannot be reached is unseen as a whole. */
export const checkAws = async (configuration: Configuration, accounts: Accounts, trouble: string[]): Promise<Finding[]> => {
  const why = trouble.map((line) => ` (${line})`).join('')
  const found = await Promise.all(
    identity(configuration).accounts.map(async (number): Promise<Finding[]> => {
      const report = reporter(`AWS ${number} (${placesIn(configuration, number).join(', ')})`)
      const account = accounts.get(number)
      if (account !== undefined) return checkAccount(configuration, number, account, report)
      const mend = 'npm run doctor -- --profile NAME, once for each account'
      return [report('unseen', `no credentials lead to this account${why}`, mend)]
    }),
  )
  return found.flat()
}

/** Names of what is in an account: the registry, and environments. */
const placesIn = ({ registry, environments }: Configuration, number: string): string[] => [
  ...(registry.account === number ? [REGISTRY] : []),
  ...Object.entries(environments).flatMap(([name, place]) => (place.account === number ? [name] : [])),
]

const checkAccount = async (
  configuration: Configuration,
  number: string,
  account: Account,
  report: Report,
): Promise<Finding[]> => {
  const { registry, environments } = configuration
  const here = Object.entries(environments).filter(([, place]) => place.account === number)
  const region = here[0]?.[1].region ?? registry.region
  const roles = identity(configuration).roles.filter((role) => role.account === number)
  const found = await Promise.all([
    checkProvider(account, { account: number, region }, report),
    ...roles.map((role) => checkRole(account, role, report)),
    ...(registry.account === number ? [checkRepositories(account, configuration, report)] : []),
    ...here.map(([name]) => checkRecords(account, configuration, name, report)),
    checkCostTags(account, here, report),
  ])
  return found.flat()
}
