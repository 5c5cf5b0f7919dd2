import type { App } from 'aws-cdk-lib'
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity, type Role } from '../../lib/delivery/identity.ts'
import { infrastructureNames, REGISTRY } from '../../lib/delivery/names.ts'
import { explainWildcards } from '../checks/checks.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'
import { boundary } from './permissions/boundary.ts'
import { executionPolicy } from './permissions/execution.ts'
import { permissionsOf } from './permissions/permissions.ts'
import type { PolicyDocument } from './permissions/policy.ts'
import { checkManagedSize, checkSizes } from './permissions/size.ts'

/**
 * The roles of one place (an environment, or `registry`), the boundary above them, and the policy that `cdk bootstrap` gives
 * to CloudFormation. Deployed by the administrator of the account; no role in it may change it.
 */
export class IdentityStack extends PlaceStack {
  constructor(app: App, props: PlaceProps) {
    super(app, props)
    const { configuration, place } = this
    const { project } = configuration
    const names = infrastructureNames(project, place)
    const limit = managedPolicy(
      this,
      names.boundary,
      `the most that a role of ${project} in ${place} may do`,
      boundary(props, project, place),
    )
    if (place !== REGISTRY) {
      const policy = executionPolicy(props, project, place, namesIn(configuration, props.account))
      managedPolicy(this, names.execution, `what CloudFormation may do for ${project} in ${place}`, policy)
    }
    for (const role of identity(configuration).roles.filter(({ environment }) => environment === place)) {
      const permissions = permissionsOf(configuration, role)
      checkSizes(role.name, permissions)
      const made = new CfnRole(this, role.purpose, {
        roleName: role.name,
        description: describe(role, project),
        assumeRolePolicyDocument: role.trust,
        policies: [{ policyName: role.purpose, policyDocument: permissions }],
        permissionsBoundary: limit.ref,
        maxSessionDuration: 3600,
      })
      explainWildcards(made, permissions)
    }
  }
}

/** Called in the template as the last word of its name: `boundary`, `execution`. */
const managedPolicy = (scope: Construct, name: string, description: string, document: PolicyDocument): CfnManagedPolicy => {
  checkManagedSize(name, document)
  const made = new CfnManagedPolicy(scope, name.slice(name.lastIndexOf('-') + 1), {
    managedPolicyName: name,
    description,
    policyDocument: document,
  })
  explainWildcards(made, document)
  return made
}

const namesIn = (configuration: Configuration, account: string): string[] =>
  identity(configuration)
    .roles.filter((role) => role.account === account)
    .map(({ name }) => name)

const describe = ({ purpose, environment }: Role, project: string): string =>
  ({
    build: `GitHub Actions: pushes the images of ${project}`,
    deploy: `GitHub Actions: deploys ${project} to ${environment}`,
    prepare: `GitHub Actions: shows what would change in the infrastructure of ${project} in ${environment}`,
    infra: `GitHub Actions: changes the infrastructure of ${project} in ${environment}`,
    read: `GitHub Actions: reads what ${project} has in ${environment}`,
    budget: `GitHub Actions: reports what ${environment} of ${project} costs`,
  })[purpose]
