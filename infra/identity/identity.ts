import type { App } from 'aws-cdk-lib'
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity, type Role } from '../../lib/delivery/identity.ts'
import { infrastructureNames, REGISTRY } from '../../lib/delivery/names.ts'
import { explainWildcards } from '../checks/checks.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'
import { boundary } from './permissions/boundary.ts'
import { executionBoundary, executionPolicies, executionTrust } from './permissions/execution.ts'
import { permissionsOf } from './permissions/permissions.ts'
import type { PolicyDocument } from './permissions/policy.ts'
import { checkWebhook, serviceBoundary } from './permissions/service-boundary.ts'
import { checkManagedSize, checkSizes } from './permissions/size.ts'

/**
 * The roles of one place (an environment, or `registry`), the boundary above them, and the role with which CloudFormation works
 * there, which has a boundary of its own. Deployed by the administrator of the account; no role in it may change it.
 */
export class IdentityStack extends PlaceStack {
  constructor(app: App, props: PlaceProps) {
    super(app, props)
    const { configuration, place } = this
    const { project } = configuration
    const names = infrastructureNames(project, place)
    const limit = managedPolicy(
      this,
      'boundary',
      names.boundary,
      `the most that a role of GitHub Actions may do for ${project} in ${place}`,
      boundary(props, configuration, place),
    )
    if (place !== REGISTRY) this.cloudFormation(props.account)
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

  private cloudFormation(account: string): void {
    const { configuration, place } = this
    const { project } = configuration
    const { cloudFormation, serviceBoundary: name } = infrastructureNames(project, place)
    checkWebhook(configuration, place)
    const most = `the most that a role may do that a stack of ${project} makes in ${place}`
    managedPolicy(this, 'serviceBoundary', name, most, serviceBoundary(configuration, place))
    const what = `CloudFormation may do for ${project} in ${place}`
    const limit = executionBoundary(configuration, place, namesIn(configuration, account))
    const bounded = managedPolicy(this, 'cloudFormationBoundary', limit.name, `the most that ${what}`, limit.document)
    const policies = executionPolicies(configuration, place).map(({ name, document }) =>
      managedPolicy(this, name.slice(`${project}-${place}-`.length), name, `what ${what}`, document),
    )
    new CfnRole(this, 'cloudFormation', {
      roleName: cloudFormation,
      description: `CloudFormation: makes the infrastructure of ${project} in ${place}`,
      assumeRolePolicyDocument: executionTrust({ account }),
      managedPolicyArns: policies.map(({ ref }) => ref),
      permissionsBoundary: bounded.ref,
    })
  }
}

/** `id` is what it is called in the template. */
const managedPolicy = (
  scope: Construct,
  id: string,
  name: string,
  description: string,
  document: PolicyDocument,
): CfnManagedPolicy => {
  checkManagedSize(name, document)
  const made = new CfnManagedPolicy(scope, id, {
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
