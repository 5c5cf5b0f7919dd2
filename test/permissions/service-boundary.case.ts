import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'

/** Everything in one account: three environments of the project, its registry, and whatever else is there. */
export const oneAccount = (): Configuration => {
  const account = '222222222222'
  const given = example()
  const environments = Object.fromEntries(
    Object.entries(given.environments).map(([name, environment]) => [name, { ...environment, account }]),
  )
  Object.assign(environments['dev'] ?? {}, { domain: 'dev.example.org', zone: 'Z0123456789ABCDEFGHIJ' })
  return { ...given, registry: { account, region: 'eu-west-1' }, environments }
}

/** What a role of a service in dev asks for, whose own policy says `*` on `*`. */
export type Asked = { actions: string; on: string; context?: Record<string, string | string[]> }

const place = 'eu-west-1:222222222222'
const iam = (resource: string): string => `arn:aws:iam::222222222222:${resource}`
const aws = (service: string, resource: string): string => `arn:aws:${service}:${place}:${resource}`
const tagged = (environment: string, project = 'shop') => ({
  'aws:ResourceTag/slipway:project': project,
  'aws:ResourceTag/slipway:environment': environment,
})
const passed = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` })
const names = (...changed: string[]) => ({ 'route53:ChangeResourceRecordSetsNormalizedRecordNames': changed })
const ZONE = 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ'

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

export const NEEDS: [string, Asked][] = [
  [
    'write its logs',
    {
      actions: 'logs:CreateLogStream logs:PutLogEvents',
      on: aws('logs', 'log-group:/shop/dev/api:log-stream:x'),
      context: tagged('dev'),
    },
  ],
  ['read its secret', { actions: 'secretsmanager:GetSecretValue', on: aws('secretsmanager', 'secret:shop/dev/api-AbCdEf') }],
  [
    'read a secret that RDS has made',
    { actions: 'secretsmanager:GetSecretValue', on: aws('secretsmanager', 'secret:rds!db-1-AbCdEf') },
  ],
  [
    'read its variables',
    { actions: 'ssm:GetParametersByPath ssm:GetParameter', on: aws('ssm', 'parameter/shop/dev/api/env/KEY') },
  ],
  ['read what is recorded', { actions: 'ssm:GetParameters', on: aws('ssm', 'parameter/shop/dev/release') }],
  [
    'keep parameters of its own',
    { actions: 'ssm:PutParameter ssm:DeleteParameter', on: aws('ssm', 'parameter/shop/dev/api/state') },
  ],
  ['read a parameter of all', { actions: 'ssm:GetParameter', on: aws('ssm', 'parameter/shop/slack') }],
  [
    'pull its image',
    {
      actions: 'ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability',
      on: aws('ecr', 'repository/shop/app'),
      context: tagged('registry'),
    },
  ],
  ['speak to the registry', { actions: 'ecr:GetAuthorizationToken', on: '*' }],
  [
    'be reached by Systems Manager',
    { actions: 'ssm:UpdateInstanceInformation', on: aws('ec2', 'instance/i-1'), context: tagged('dev') },
  ],
  ['open the channels of a shell', { actions: 'ssmmessages:CreateControlChannel ssmmessages:OpenDataChannel', on: '*' }],
  [
    'fetch the program of its hosts',
    { actions: 'ssm:GetDocument', on: aws('ssm', 'document/shop-dev-deploy'), context: tagged('dev') },
  ],
  ['take its address', { actions: 'ec2:AssociateAddress', on: aws('ec2', 'elastic-ip/eipalloc-1'), context: tagged('dev') }],
  ['join its cluster', { actions: 'ecs:RegisterContainerInstance', on: aws('ecs', 'cluster/shop-dev'), context: tagged('dev') }],
  [
    'run a scheduled command',
    { actions: 'ecs:RunTask', on: aws('ecs', 'task-definition/shop-dev-api:1'), context: tagged('dev') },
  ],
  ['hand its task a role', { actions: 'iam:PassRole', on: iam('role/shop-dev-api-task'), context: passed('ecs-tasks') }],
  [
    'call its function',
    { actions: 'lambda:InvokeFunction', on: aws('lambda', 'function:shop-dev-events:live'), context: tagged('dev') },
  ],
  [
    'start its state machine',
    { actions: 'states:StartExecution', on: aws('states', 'stateMachine:shop-dev-api'), context: tagged('dev') },
  ],
  ['leave what failed', { actions: 'sqs:SendMessage', on: aws('sqs', 'shop-dev-events-dead-letters'), context: tagged('dev') }],
  ['trace', { actions: 'xray:PutTraceSegments', on: '*' }],
  ['keep objects in a bucket', { actions: 's3:GetObject s3:PutObject s3:DeleteObject', on: 'arn:aws:s3:::shop-uploads/x' }],
  ['list a bucket', { actions: 's3:ListBucket', on: 'arn:aws:s3:::shop-uploads' }],
  [
    'use a table',
    { actions: 'dynamodb:GetItem dynamodb:PutItem dynamodb:DeleteItem dynamodb:Query', on: aws('dynamodb', 'table/orders') },
  ],
  [
    'use a table of the environment',
    { actions: 'dynamodb:UpdateItem', on: aws('dynamodb', 'table/orders'), context: tagged('dev') },
  ],
  ['use a queue', { actions: 'sqs:ReceiveMessage sqs:DeleteMessage sqs:SendMessage', on: aws('sqs', 'orders') }],
  ['tell a topic', { actions: 'sns:Publish', on: aws('sns', 'orders') }],
  ['send mail', { actions: 'ses:SendEmail', on: aws('ses', 'identity/example.org') }],
  ['put events', { actions: 'events:PutEvents', on: aws('events', 'event-bus/default') }],
  ['decrypt with a key', { actions: 'kms:Decrypt kms:GenerateDataKey', on: aws('kms', 'key/1') }],
  ['log in to a database by IAM', { actions: 'rds-db:connect', on: aws('rds-db', 'dbuser:db-1/app') }],
  ['see databases', { actions: 'rds:DescribeDBInstances', on: aws('rds', 'db:shop') }],
  ['ask a model', { actions: 'bedrock:InvokeModel', on: 'arn:aws:bedrock:eu-west-1::foundation-model/x' }],
  [
    'change names of its own',
    { actions: 'route53:ChangeResourceRecordSets', on: ZONE, context: names('_acme-challenge.dev.example.org') },
  ],
  ['say who it is', { actions: 'sts:GetCallerIdentity', on: '*' }],
]
