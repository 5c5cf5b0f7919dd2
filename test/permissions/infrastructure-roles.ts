import { ofType, type SynthesisedStack } from '../../infra/templates.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { infrastructureNames, roleArn } from '../../lib/delivery/names.ts'
import type { PolicyDocument } from '../../local/aws/policy.ts'
import { account, region } from '../cloud-world.ts'
import { type SynthesisedRole, synthesisedRoles } from './synthesised.ts'

type Properties = {
  AssumeRolePolicyDocument: PolicyDocument
  ManagedPolicyArns: { Ref: string }[]
  PermissionsBoundary: { Ref: string }
}

/** The role with which CloudFormation works in an environment, with the managed policies of its template. */
const workerOf = ({ project }: Configuration, stacks: readonly SynthesisedStack[]): SynthesisedRole => {
  const name = infrastructureNames(project, 'dev').cloudFormation
  const found = ofType(stacks, 'AWS::IAM::Role').find(({ resource }) => resource.Properties['RoleName'] === name)
  if (found === undefined) throw new Error(`no role ${name}`)
  const { stack, resource } = found
  const { AssumeRolePolicyDocument: trust, ManagedPolicyArns, PermissionsBoundary } = resource.Properties as Properties
  const documentOf = ({ Ref }: { Ref: string }) => stack.resources[Ref]?.Properties['PolicyDocument'] as PolicyDocument
  const policies = ManagedPolicyArns.map(documentOf)
  return { arn: roleArn({ account, region }, name), name, account, trust, policies, boundary: documentOf(PermissionsBoundary) }
}

/** The roles of dev that have to do with infrastructure, as their templates make them. */
export const infrastructureRoles = (configuration: Configuration, stacks: readonly SynthesisedStack[]) => {
  const all = synthesisedRoles(configuration, stacks)
  const named = (purpose: string): SynthesisedRole => {
    const found = all.find(({ name }) => name === `${configuration.project}-dev-${purpose}`)
    if (found === undefined) throw new Error(`no role for ${purpose}`)
    return found
  }
  return { prepare: named('prepare'), infra: named('infra'), deploy: named('deploy'), worker: workerOf(configuration, stacks) }
}
