import { bootstrapQualifier, partition } from '../../../lib/delivery/names.ts'
import { allow, type Place, type PolicyDocument, policy } from './policy.ts'
import { readRecords, writeLock } from './records.ts'

/** The roles of `cdk bootstrap` that a deployment without container assets takes. */
const BOOTSTRAP = ['deploy', 'file-publishing', 'lookup']

/**
 * Infrastructure itself is changed by the roles of `cdk bootstrap`, and there by CloudFormation with its limited execution role;
 * of the records this role writes the lease alone.
 */
export const infraPermissions = (place: Place, project: string, environment: string): PolicyDocument =>
  policy(
    allow('BootstrapRoles', ['sts:AssumeRole'], bootstrapRoles(place, project, environment)),
    readRecords(place, project, environment),
    writeLock(place, project, environment),
  )

const bootstrapRoles = ({ account, region }: Place, project: string, environment: string): string[] => {
  const qualifier = bootstrapQualifier(project, environment)
  return BOOTSTRAP.map(
    (name) => `arn:${partition(region).name}:iam::${account}:role/cdk-${qualifier}-${name}-role-${account}-${region}`,
  )
}
