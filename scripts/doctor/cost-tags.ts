import type { Environment } from '../../lib/delivery/configuration.ts'
import { COST_TAG } from '../../lib/delivery/names.ts'
import type { Account } from './account.ts'
import { type Finding, type Report, whenSeen } from './finding.ts'

/** An environment with an account of its own needs no tag: its costs are those of the account. */
export const checkCostTags = async (account: Account, here: [string, Environment][], report: Report): Promise<Finding[]> => {
  const budgeted = here.filter(([, { budgets = [] }]) => budgets.length > 0).map(([name]) => name)
  if (here.length < 2 || budgeted.length === 0) return []
  const names = here.map(([name]) => name).join(' and ')
  const never = report(
    'weak',
    `${names} share an account, so the budget of ${budgeted.join(' and ')} is never complete: what carries no tag, such as data transfer, is in none`,
  )
  const active = await account.activeCostTags([COST_TAG])
  return [
    never,
    ...whenSeen(active, `whether the cost-allocation tag ${COST_TAG} is active (the payer's account knows)`, report, (keys) => [
      keys.includes(COST_TAG)
        ? report('ok', `the cost-allocation tag ${COST_TAG} is active`)
        : report(
            'wrong',
            `the cost-allocation tag ${COST_TAG} is not active, so a budget by environment stays empty`,
            `aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=${COST_TAG},Status=Active`,
          ),
    ]),
  ]
}
