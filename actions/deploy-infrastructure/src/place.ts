import { budgetsRegion } from '../../../lib/delivery/budgets.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { infrastructureNames, type Purpose, roleArn, roleName, stackName } from '../../../lib/delivery/names.ts'
import { recordNames } from '../../../lib/delivery/records.ts'

/** Everything that follows from `delivery.json` for one environment. */
export type Job = {
  project: string
  environment: string
  branch: string
  account: string
  region: string
  /** Where its stacks may be: its own region first. */
  regions: readonly string[]
  /** ARN of the role that this job assumes. */
  jobRole: string
  /** ARN of the role with which CloudFormation works. */
  role: string
  records: { hold: string; lock: string; release: string; infra: string }
  /** Whether a parameter of Parameter Store is the record of an image. */
  isImage(parameter: string): boolean
}

export const jobOf = ({ project, environments }: Configuration, environment: string, purpose: Purpose): Job => {
  const place = environments[environment]
  if (place === undefined)
    throw new Error(`input 'environment' must be one of ${Object.keys(environments).join(', ')}, got '${environment}'`)
  const { account, region, branch } = place
  const { hold, lock, release, infra, image } = recordNames(project, environment)
  const [before = '', after = ''] = image('*').split('*')
  return {
    project,
    environment,
    branch,
    account,
    region,
    regions: [...new Set([region, budgetsRegion(region) ?? region])],
    jobRole: roleArn(place, roleName(project, environment, purpose)),
    role: roleArn(place, infrastructureNames(project, environment).cloudFormation),
    records: { hold, lock, release, infra },
    isImage: (parameter) =>
      parameter.startsWith(before) && parameter.endsWith(after) && !parameter.slice(before.length, -after.length).includes('/'),
  }
}

/** A stack of the environment or of the administrator begins so. */
export const stackPrefix = ({ project, environment }: Job): string => `${project}-${environment}-`

/** Name of the service whose stack that is. */
export const serviceOf = ({ project, environment }: Job, stack: string): string | undefined => {
  const prefix = stackName(project, environment, 'service-')
  return stack.startsWith(prefix) ? stack.slice(prefix.length) : undefined
}
