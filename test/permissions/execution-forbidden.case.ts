import { bounded, certificate, here, type Needed, names, on, own, pass, place, role } from './execution-asks.case.ts'

/** What changes what is there already. */
const DESTROYS =
  'ec2:DeleteVpc ec2:DeleteSubnet ec2:DeleteSecurityGroup ec2:DeleteNatGateway ec2:ReplaceRoute ec2:CreateRoute ec2:DisassociateRouteTable ec2:ReleaseAddress ec2:DeleteTags'

/** What it must never do, whatever a template says. */
export const FORBIDDEN: [string, Needed][] = [
  [
    'the roles that deliver',
    { actions: 'iam:PutRolePolicy iam:UpdateAssumeRolePolicy iam:DeleteRole', on: role('shop-dev-deploy') },
  ],
  [
    'its own role',
    { actions: 'iam:PutRolePolicy iam:PutRolePermissionsBoundary', on: role('shop-dev-cloudformation'), context: bounded },
  ],
  ['a role without a boundary', { actions: 'iam:CreateRole', on: role('shop-dev-api-task') }],
  [
    'a role below the boundary of those that deliver',
    {
      actions: 'iam:CreateRole iam:PutRolePolicy',
      on: role('shop-dev-x-task'),
      context: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/shop-dev-boundary' },
    },
  ],
  [
    'a role below another boundary',
    {
      actions: 'iam:CreateRole',
      on: role('shop-dev-x-task'),
      context: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/mine' },
    },
  ],
  ['a role of another name', { actions: 'iam:CreateRole', on: role('admin'), context: bounded }],
  [
    'boundaries and policies',
    { actions: 'iam:CreatePolicyVersion iam:DeletePolicy', on: 'arn:aws:iam::222222222222:policy/shop-dev-boundary' },
  ],
  ['users', { actions: 'iam:CreateUser iam:CreateAccessKey', on: 'arn:aws:iam::222222222222:user/shop-dev-x' }],
  ['a role to another service', pass('shop-dev-api-task', 'ec2')],
  ['the role that delivers to a service', pass('shop-dev-deploy', 'lambda')],
  ['records', on('ssm', 'parameter/shop/dev/api/image', 'PutParameter DeleteParameter')],
  ['the lease', on('ssm', 'parameter/shop/dev/lock', 'PutParameter')],
  ['outputs of another environment', on('ssm', 'parameter/shop/prod/outputs/network/vpc', 'PutParameter')],
  ['functions of another environment', on('lambda', 'function:shop-prod-events', 'UpdateFunctionCode DeleteFunction')],
  ['what gets traffic', on('lambda', 'function:shop-dev-events', 'PublishVersion UpdateAlias CreateAlias')],
  [
    'a network of another environment',
    {
      actions: 'ec2:DeleteVpc',
      on: `arn:aws:ec2:${place}:vpc/v`,
      context: { ...here, ...own, 'aws:ResourceTag/slipway:environment': 'prod' },
    },
  ],
  [
    'a network of another project',
    {
      actions: 'ec2:DeleteVpc',
      on: `arn:aws:ec2:${place}:vpc/v`,
      context: { ...here, ...own, 'aws:ResourceTag/slipway:project': 'other' },
    },
  ],
  ['a network of nobody', { actions: DESTROYS, on: `arn:aws:ec2:${place}:vpc/v`, context: here }],
  ['names beside its domain', names('example.org')],
  ['names beside its domain, among its own', names('dev.example.org', 'api.example.org')],
  ['names of another environment below its own', names('api.inner.dev.example.org')],
  ['certificates of another domain', certificate('dev.example.org', 'example.org')],
  [
    'another region',
    { actions: 'ec2:CreateVpc', on: `arn:aws:ec2:${place}:vpc/v`, context: { 'aws:RequestedRegion': 'us-east-1' } },
  ],
  ['keys that are not its own', on('kms', 'key/1', 'ScheduleKeyDeletion')],
]
