import { partition } from './names.ts'

/**
 * Budgets with their names in AWS, which must be unique in the account. Those without a name of their own are counted, so that
 * another limit is another limit and not another budget. budget-report finds them by the beginning of their names.
 */
export const budgetsOf = <B extends { name?: string | undefined }>(
  project: string,
  environment: string,
  budgets: readonly B[] = [],
): (B & { name: string })[] => {
  const unnamed = budgets.filter(({ name }) => name === undefined)
  const place = `${project}-${environment}`
  const suffix = (budget: B): string => {
    const index = unnamed.indexOf(budget)
    if (index === 0) return ''
    return `-${budget.name ?? index + 1}`
  }
  return budgets.map((budget) => ({ ...budget, name: `${place}${suffix(budget)}` }))
}

/** Regions of AWS whose CloudFormation knows `AWS::Budgets::Budget` (its registry, as cfn-lint has it in November 2026). */
const KNOWING = [
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'cn-north-1'],
  ...['cn-northwest-1', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eusc-de-east-1', 'sa-east-1'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
]

/**
 * Where the stack with the budgets of an environment is. Budgets belong to an account, not to a region, and their topic may be
 * in any. Undefined in GovCloud, whose costs are billed to another account.
 */
export const budgetsRegion = (region: string): string | undefined => {
  if (KNOWING.includes(region)) return region
  return partition(region).name === 'aws' ? 'us-east-1' : undefined
}
