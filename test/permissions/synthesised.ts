import { ofType, type SynthesisedStack } from '../../infra/templates.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import type { PolicyDocument } from '../../local/aws/policy.ts'

/** A role as CloudFormation would make it. */
export type SynthesisedRole = {
  arn: string
  name: string
  account: string
  trust: PolicyDocument
  policies: PolicyDocument[]
  boundary: PolicyDocument
}

/** Policies of an image's repository, as ECR takes them. */
export type SynthesisedRepository = { name: string; policy: string; lifecycle: string }

export const synthesisedRepositories = (stacks: readonly SynthesisedStack[]): SynthesisedRepository[] =>
  ofType(stacks, 'AWS::ECR::Repository').map(({ resource: { Properties } }) => {
    const { RepositoryName, RepositoryPolicyText, LifecyclePolicy } = Properties as {
      RepositoryName: string
      RepositoryPolicyText: object
      LifecyclePolicy: { LifecyclePolicyText: string }
    }
    return { name: RepositoryName, policy: JSON.stringify(RepositoryPolicyText), lifecycle: LifecyclePolicy.LifecyclePolicyText }
  })

/** The roles of the templates, not of what the templates were made from. */
export const synthesisedRoles = (configuration: Configuration, stacks: readonly SynthesisedStack[]): SynthesisedRole[] => {
  const arns = new Map(identity(configuration).roles.map(({ name, arn }) => [name, arn]))
  return ofType(stacks, 'AWS::IAM::Role').flatMap(({ stack, resource: { Properties } }) => {
    const { RoleName, AssumeRolePolicyDocument, Policies, PermissionsBoundary } = Properties as {
      RoleName: string
      AssumeRolePolicyDocument: PolicyDocument
      Policies: { PolicyDocument: PolicyDocument }[]
      PermissionsBoundary: { Ref: string }
    }
    const arn = arns.get(RoleName)
    if (arn === undefined) return []
    const boundary = stack.resources[PermissionsBoundary.Ref]?.Properties['PolicyDocument'] as PolicyDocument
    const policies = Policies.map(({ PolicyDocument }) => PolicyDocument)
    return [{ arn, name: RoleName, account: stack.account, trust: AssumeRolePolicyDocument, policies, boundary }]
  })
}
