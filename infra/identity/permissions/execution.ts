import { COST_TAG, infrastructureNames, PROJECT_TAG, partition } from '../../../lib/delivery/names.ts'
import { allow, arn, type Condition, deny, type Place, type PolicyDocument, policy, type Statement } from './policy.ts'

/**
 * What CloudFormation may do in an environment, given to `cdk bootstrap` as its execution policy. What has a name is limited by
 * it; what has none (a network's parts) by the tag: nothing that carries another project's or environment's is touched.
 * `identities` are the names of the account's own roles, which only the administrator changes.
 */
export const executionPolicy = (place: Place, project: string, environment: string, identities: string[]): PolicyDocument =>
  policy(
    ...networkWrites(place),
    ...roleWrites(place, project, environment, identities),
    allow('Logs', ['logs:*'], [arn(place, 'logs', `log-group:/${project}/${environment}/*`)]),
    allow('FindLogs', ['logs:DescribeLogGroups'], ['*']),
    allow(
      'Parameters',
      ['ssm:AddTagsToResource', 'ssm:DeleteParameter', 'ssm:GetParameter*', 'ssm:ListTagsForResource', 'ssm:PutParameter'],
      [arn(place, 'ssm', `parameter/${project}/${environment}/outputs/*`)],
    ),
    allow('Records', ['ssm:GetParameters'], [arn(place, 'ssm', `parameter/${project}/${environment}/*`)]),
    ...[
      { Sid: 'OtherProjects', key: PROJECT_TAG, own: project },
      { Sid: 'OtherEnvironments', key: COST_TAG, own: environment },
    ].map(({ Sid, key, own }) => deny(Sid, ['*'], ['*'], taggedOtherwise(key, own))),
  )

const taggedOtherwise = (key: string, own: string): Condition => ({
  StringNotEquals: { [`aws:ResourceTag/${key}`]: own },
  Null: { [`aws:ResourceTag/${key}`]: 'false' },
})

const networkWrites = ({ region }: Place): Statement[] => [
  allow(
    'Network',
    [
      ...['AllocateAddress', 'ReleaseAddress', 'DisassociateAddress', 'AssociateRouteTable', 'DisassociateRouteTable'],
      ...['AttachInternetGateway', 'DetachInternetGateway', 'CreateFlowLogs', 'DeleteFlowLogs', 'CreateTags', 'DeleteTags'],
      ...['CreateVpc', 'DeleteVpc', 'ModifyVpcAttribute', 'CreateVpcEndpoint', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints'],
      ...['CreateSubnet', 'DeleteSubnet', 'ModifySubnetAttribute', 'CreateRoute', 'ReplaceRoute', 'DeleteRoute'],
      ...['CreateRouteTable', 'DeleteRouteTable', 'CreateInternetGateway', 'DeleteInternetGateway'],
      ...['CreateNatGateway', 'DeleteNatGateway', 'CreateSecurityGroup', 'DeleteSecurityGroup'],
      ...['AuthorizeSecurityGroup*', 'RevokeSecurityGroup*', 'UpdateSecurityGroup*', 'Describe*'],
    ].map((action) => `ec2:${action}`),
    ['*'],
    { StringEquals: { 'aws:RequestedRegion': region } },
  ),
]

/** Roles of services: always below the boundary, never one of those that deliver, build or read. */
const roleWrites = (place: Place, project: string, environment: string, identities: string[]): Statement[] => {
  const { account, region } = place
  const iam = (resource: string): string => `arn:${partition(region).name}:iam::${account}:${resource}`
  const roles = [iam(`role/${project}-${environment}-*`)]
  const { boundary } = infrastructureNames(project, environment)
  const names = ['boundary', 'execution'].map((name) => iam(`policy/${project}-*-${name}`))
  const passed = ['ecs-tasks', 'vpc-flow-logs'].map((service) => `${service}.amazonaws.com`)
  return [
    allow('RolesBelowTheBoundary', ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'], roles, {
      StringEquals: { 'iam:PermissionsBoundary': iam(`policy/${boundary}`) },
    }),
    allow(
      'Roles',
      [
        ...['iam:DeleteRole', 'iam:DeleteRolePolicy', 'iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies'],
        ...['iam:ListRolePolicies', 'iam:TagRole', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole'],
      ],
      roles,
    ),
    allow('PassRoles', ['iam:PassRole'], roles, { StringEquals: { 'iam:PassedToService': passed } }),
    deny('NotItself', ['iam:*'], [...identities.map((name) => iam(`role/${name}`)), iam('role/cdk-*'), ...names]),
    deny('KeepsTheBoundary', ['iam:DeleteRolePermissionsBoundary'], ['*']),
  ]
}
