import type { PolicyDocument } from '../identity/permissions/policy.ts'

/**
 * Why a statement has a wildcard in it, by its Sid. A statement of a policy that is not here may have none; whatever else
 * cdk-nag finds fails the synthesis.
 */
const WILDCARDS: Record<string, string> = {
  // Roles of GitHub Actions
  RegistryToken: 'ecr:GetAuthorizationToken knows no narrower resource',
  PushImages: 'every repository of the project',
  FindImages: 'every repository of the project',
  Images: 'every repository of the project',
  ReadRecords: 'the image record of every service of the environment, also of one that is gone by now',
  WriteRecords: 'the image record of every service of the environment, also of one that is gone by now',
  EcsServices: 'every service of the environment’s own cluster',
  EcsDeployments: 'every deployment and revision of these services: AWS gives them their ids',
  EcsRevisions: 'every family of the environment’s services, and every revision of it',
  EcsReadRevisions: 'ecs:DescribeTaskDefinition knows no narrower resource',
  EcsRun: 'every family of the environment’s services, and every revision of it',
  EcsTasks: 'every task of these clusters: AWS gives them their ids',
  EcsListTasks: 'held to the clusters by a condition, as AWS knows no narrower resource',
  Alarms: 'cloudwatch:DescribeAlarms tells of composite alarms to no narrower resource; they are only looked at',
  EcsPassRoles:
    'the roles of the environment’s services, told from all others by the last word of their name; to ECS tasks alone',
  EcsLogs: 'every stream of the environment’s log groups',
  LambdaFunctions: 'every function of the environment’s services, its versions and aliases',
  LambdaVersions: 'every version of these functions, and not the functions',
  LambdaErrors: 'cloudwatch:GetMetricData knows no narrower resource',
  Ec2Hosts: 'every instance that carries the tag of the service, by a condition',
  Ec2Read: 'the lists of instances and of the answers of Run Command know no narrower resource',
  Budgets: 'every budget of the account: they have names of the user’s choice',
  Costs: 'Cost Explorer knows no resources',
  // Boundary, which grants nothing by itself
  WhatItsPoliciesSay: 'a boundary allows what the policies of a role say, and denies what none may do',
  // CloudFormation's policy
  Network:
    'the parts of a network have no names: held to the region, and denied on what carries the tag of another project or environment',
  RolesBelowTheBoundary: 'every role of the environment’s services, below its boundary',
  Roles: 'every role of the environment’s services; those that deliver, build or read are denied',
  PassRoles: 'every role of the environment’s services, to the services of AWS that run them',
  Logs: 'every log group of the environment',
  FindLogs: 'logs:DescribeLogGroups knows no narrower resource',
  Parameters: 'the published outputs of the environment',
  Records: 'the records of the environment, and the version of its bootstrap stack, to be read',
  // Roles of services
  WriteFlowLogs: 'every stream of the log group',
}

export const UNRECORDED = {
  id: 'AwsSolutions::AwsSolutions-VPC7',
  reason: 'delivery.json says "flowLogs": false for this environment',
}

/** The findings of cdk-nag that are explained, with their reasons, for a policy. */
export const explained = ({ Statement }: PolicyDocument): { id: string; reason: string }[] => {
  const found = new Map<string, Set<string>>()
  for (const statement of Statement.filter(({ Effect }) => Effect === 'Allow')) {
    const reason = WILDCARDS[statement.Sid]
    if (reason === undefined) continue
    const resources = 'Resource' in statement ? statement.Resource : []
    for (const id of [...idsOf('Action', statement.Action), ...idsOf('Resource', resources)]) {
      found.set(id, (found.get(id) ?? new Set()).add(reason))
    }
  }
  return [...found].map(([id, reasons]) => ({ id, reason: [...reasons].join('; ') }))
}

const idsOf = (kind: 'Action' | 'Resource', texts: readonly string[]): string[] =>
  texts.filter((text) => text.includes('*')).map((text) => `AwsSolutions::AwsSolutions-IAM5[${kind}::${text}]`)
