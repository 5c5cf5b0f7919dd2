import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { explainWildcards } from './checks/checks.ts'
import type { Condition, PolicyDocument } from './identity/permissions/policy.ts'

type ServiceRole = {
  name: string
  description: string
  /** Who of AWS takes the role: statements of `trusts`. */
  trust: object[]
  /** Name of the inline policy. Without statements there is none. */
  policyName: string
  permissions: PolicyDocument
}

/** A role for a service of AWS, below the boundary that its stack puts on all of them. */
export const serviceRole = (
  scope: Construct,
  id: string,
  { name, description, trust, policyName, permissions }: ServiceRole,
): CfnRole => {
  const role = new CfnRole(scope, id, {
    roleName: name,
    description,
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust },
    ...(permissions.Statement.length > 0 && { policies: [{ policyName, policyDocument: permissions }] }),
  })
  explainWildcards(role, permissions)
  return role
}

/** Lets one service take the role: `trusts('lambda')`. */
export const trusts = (service: string, condition?: Condition): object => ({
  Effect: 'Allow',
  Principal: { Service: `${service}.amazonaws.com` },
  Action: 'sts:AssumeRole',
  ...(condition && { Condition: condition }),
})

/** The condition where a service says on whose behalf it comes: on that of this account. */
export const fromAccount = (account: string): Condition => ({ StringEquals: { 'aws:SourceAccount': account } })
