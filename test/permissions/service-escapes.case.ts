import { type Asked, aws, iam, names, passed, tagged, ZONE } from './service-boundary.case.ts'

/** What no role of a service may ever do, although its policy allows everything. */
export const ESCAPES: [string, Asked][] = [
  [
    'the secret of another environment',
    { actions: 'secretsmanager:GetSecretValue', on: aws('secretsmanager', 'secret:shop/prod/api-AbCdEf') },
  ],
  [
    'a parameter of another environment',
    { actions: 'ssm:GetParameter ssm:GetParametersByPath', on: aws('ssm', 'parameter/shop/prod/api/env/KEY') },
  ],
  [
    'CloudFormation’s role of another environment',
    { actions: 'iam:PassRole', on: iam('role/shop-prod-cloudformation'), context: passed('cloudformation') },
  ],
  [
    'CloudFormation’s role of its own',
    { actions: 'iam:PassRole', on: iam('role/shop-dev-cloudformation'), context: passed('cloudformation') },
  ],
  [
    'the role that delivers to its own environment',
    { actions: 'iam:PassRole', on: iam('role/shop-dev-deploy'), context: passed('ecs-tasks') },
  ],
  [
    'the role of cdk bootstrap, an administrator',
    {
      actions: 'iam:PassRole',
      on: iam('role/cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1'),
      context: passed('cloudformation'),
    },
  ],
  [
    'a stack, wherever',
    {
      actions: 'cloudformation:CreateStack cloudformation:UpdateStack cloudformation:CreateChangeSet',
      on: aws('cloudformation', 'stack/mine/1'),
    },
  ],
  [
    'the stack of its own roles',
    { actions: 'cloudformation:UpdateStack', on: aws('cloudformation', 'stack/shop-dev-identity/1') },
  ],
  ['a resource by Cloud Control', { actions: 'cloudformation:CreateResource', on: '*' }],
  [
    'a function of another environment',
    {
      actions: 'lambda:UpdateFunctionCode lambda:InvokeFunction',
      on: aws('lambda', 'function:shop-prod-events'),
      context: tagged('prod'),
    },
  ],
  [
    'a function of another environment, of whose tags nothing is told',
    { actions: 'lambda:UpdateFunctionCode', on: aws('lambda', 'function:shop-prod-events') },
  ],
  [
    'a function of another project',
    { actions: 'lambda:UpdateFunctionCode', on: aws('lambda', 'function:other-dev-x'), context: tagged('dev', 'other') },
  ],
  ['the role of the organization’s administrators', { actions: 'sts:AssumeRole', on: iam('role/OrganizationAccountAccessRole') }],
  ['any role of another account', { actions: 'sts:AssumeRole', on: 'arn:aws:iam::999999999999:role/theirs' }],
  ['a database', { actions: 'rds:DeleteDBInstance rds:ModifyDBInstance', on: aws('rds', 'db:shop') }],
  ['a copy of a database', { actions: 'rds:CreateDBSnapshot rds:ModifyDBSnapshotAttribute', on: aws('rds', 'snapshot:shop') }],
  ['a table', { actions: 'dynamodb:DeleteTable', on: aws('dynamodb', 'table/orders') }],
  [
    'the items of another environment',
    { actions: 'dynamodb:GetItem', on: aws('dynamodb', 'table/orders'), context: tagged('prod') },
  ],
  ['buckets by their policies', { actions: 's3:PutBucketPolicy s3:DeleteBucket', on: 'arn:aws:s3:::shop-uploads' }],
  ['objects of another environment', { actions: 's3:GetObject', on: 'arn:aws:s3:::shop-prod-access-logs-222222222222/x' }],
  [
    'templates that somebody’s cdk deploys',
    { actions: 's3:PutObject', on: 'arn:aws:s3:::cdk-hnb659fds-assets-222222222222-eu-west-1/x' },
  ],
  ['its own release', { actions: 'ssm:PutParameter ssm:DeleteParameter', on: aws('ssm', 'parameter/shop/dev/release') }],
  ['its own hold', { actions: 'ssm:PutParameter', on: aws('ssm', 'parameter/shop/dev/hold') }],
  ['the lease', { actions: 'ssm:PutParameter', on: aws('ssm', 'parameter/shop/dev/lock') }],
  ['which infrastructure stands', { actions: 'ssm:PutParameter', on: aws('ssm', 'parameter/shop/dev/infra') }],
  [
    'the image that is to run',
    { actions: 'ssm:PutParameter ssm:LabelParameterVersion', on: aws('ssm', 'parameter/shop/dev/api/image') },
  ],
  ['what stacks look up', { actions: 'ssm:PutParameter', on: aws('ssm', 'parameter/shop/dev/outputs/network/vpc') }],
  ['the records of another environment', { actions: 'ssm:PutParameter', on: aws('ssm', 'parameter/shop/prod/release') }],
  [
    'hosts of another environment',
    { actions: 'ssm:SendCommand ssm:StartSession', on: aws('ec2', 'instance/i-1'), context: tagged('prod') },
  ],
  [
    'tasks of another environment',
    { actions: 'ecs:RunTask', on: aws('ecs', 'task-definition/shop-prod-api:1'), context: tagged('prod') },
  ],
  ['logs of another environment', { actions: 'logs:GetLogEvents', on: aws('logs', 'log-group:/shop/prod/api:log-stream:x') }],
  [
    'images',
    { actions: 'ecr:PutImage ecr:BatchDeleteImage', on: aws('ecr', 'repository/shop/app'), context: tagged('registry') },
  ],
  ['names of another environment', { actions: 'route53:ChangeResourceRecordSets', on: ZONE, context: names('api.example.org') }],
  [
    'names of another environment among its own',
    { actions: 'route53:ChangeResourceRecordSets', on: ZONE, context: names('api.dev.example.org', 'example.org') },
  ],
  [
    'identities',
    {
      actions:
        'iam:CreateRole iam:PutRolePolicy iam:AttachRolePolicy iam:UpdateAssumeRolePolicy iam:DeleteRolePermissionsBoundary',
      on: iam('role/shop-dev-x-task'),
    },
  ],
  ['its boundary', { actions: 'iam:CreatePolicyVersion', on: iam('policy/shop-dev-service-boundary') }],
  ['a lasting key', { actions: 'iam:CreateUser iam:CreateAccessKey', on: iam('user/me') }],
  ['accounts', { actions: 'organizations:LeaveOrganization account:PutAlternateContact', on: '*' }],
  ['the audit trail', { actions: 'cloudtrail:StopLogging', on: aws('cloudtrail', 'trail/all') }],
]
