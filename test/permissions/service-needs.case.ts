import { type Asked, aws, iam, names, passed, tagged, ZONE } from './service-boundary.case.ts'

/** What roles of services have to be able to do. */
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
