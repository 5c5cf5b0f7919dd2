import { budgetsRegion } from '../../../../lib/delivery/budgets.ts'
import { partition } from '../../../../lib/delivery/names.ts'
import { arn, type Place } from '../policy.ts'

/** One environment, for which CloudFormation works. */
export type Scope = { place: Place; project: string; environment: string }

/** ARN of what belongs to the environment by the beginning of its name, in its region: `own(scope, 'sqs')`. */
export const own = ({ place, project, environment }: Scope, service: string, before = '', after = ''): string =>
  arn(place, service, `${before}${project}-${environment}-*${after}`)

/** ARN of something of IAM in the account. */
export const iam = ({ place: { account, region } }: Scope, resource: string): string =>
  `arn:${partition(region).name}:iam::${account}:${resource}`

/** Roles of the environment that end so. */
export const rolesNamed = (scope: Scope, ending: string): string =>
  iam(scope, `role/${scope.project}-${scope.environment}-${ending}`)

/** Where the stacks of the environment are: AWS has budgets in some regions only. */
export const regionsOf = ({ region }: Place): string[] => [...new Set([region, budgetsRegion(region) ?? region])]

/** `verbs('sqs', 'CreateQueue DeleteQueue')` */
export const verbs = (service: string, names: string): string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`)
