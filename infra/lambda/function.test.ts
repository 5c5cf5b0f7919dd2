import { expect, it } from 'vitest'
import { allOf, only, templateOf } from './lambda.case.ts'

const plain = templateOf({})

it('runs the recorded image, which nothing but its record names', () => {
  expect(only(plain, 'AWS::Lambda::Function')).toMatchObject({
    FunctionName: 'shop-dev-events',
    PackageType: 'Image',
    Code: { ImageUri: { Ref: 'OfEventsImage' } },
    ImageConfig: { Command: ['dist/lambda.handler'] },
    Architectures: ['x86_64'],
    MemorySize: 512,
    Timeout: 29,
    Environment: { Variables: { SERVICE: 'events', ENVIRONMENT: 'dev' } },
  })
  expect(plain.Parameters).toEqual({
    OfEventsImage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shop/dev/events/image' },
  })
  expect(JSON.stringify(plain)).not.toMatch(/dkr\.ecr|placeholder/i)
})

it('has no alias, no version, and nothing that would need one to be there', () => {
  const http = { authorizer: { issuer: 'https://login.example.org', audience: ['shop'] } }
  const whole = templateOf({ http, schedule: 'rate(5 minutes)' })
  const types = new Set(Object.values(whole.Resources).map(({ Type }) => Type))
  expect([...types].filter((type) => type.startsWith('AWS::Lambda::'))).toEqual(['AWS::Lambda::Function'])
})

it('is called by its alias only: by the API, by the schedule, and by their role', () => {
  const alias = 'arn:aws:lambda:eu-west-1:222222222222:function:shop-dev-events:live'
  const whole = templateOf({ http: {}, schedule: 'rate(5 minutes)' })
  expect(only(whole, 'AWS::ApiGatewayV2::Integration')).toMatchObject({
    IntegrationUri: alias,
    CredentialsArn: { 'Fn::GetAtt': ['InvokeRole', 'Arn'] },
  })
  expect(only(whole, 'AWS::Scheduler::Schedule')).toMatchObject({
    Target: { Arn: alias, RoleArn: { 'Fn::GetAtt': ['InvokeRole', 'Arn'] } },
  })
  expect(statementsOf(whole, 'shop-dev-events-invoke')).toMatchObject([
    { Action: ['lambda:InvokeFunction'], Resource: [alias] },
    { Action: ['sqs:SendMessage'] },
  ])
  const named = only(templateOf({ http: {}, names: { alias: 'current' } }), 'AWS::ApiGatewayV2::Integration')
  expect(named['IntegrationUri']).toBe('arn:aws:lambda:eu-west-1:222222222222:function:shop-dev-events:current')
  expect(allOf(plain, 'AWS::IAM::Role').map(({ RoleName }) => RoleName)).toEqual(['shop-dev-events-function'])
})

it('may write its own logs, leave what failed, and do what delivery.json says, each by name', () => {
  expect(statementsOf(plain, 'shop-dev-events-function')).toEqual([
    {
      Sid: 'FunctionLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: ['arn:aws:logs:eu-west-1:222222222222:log-group:/shop/dev/events:*'],
    },
    {
      Sid: 'LeaveWhatFailed',
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: [{ 'Fn::GetAtt': ['DeadLetters', 'Arn'] }],
    },
  ])
  const given = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop-uploads/*'] }
  const more = statementsOf(templateOf({ secrets: ['TOKEN'], tracing: true, permissions: [given] }), 'shop-dev-events-function')
  expect(more.slice(2)).toMatchObject([
    {
      Action: ['secretsmanager:GetSecretValue'],
      Resource: ['arn:aws:secretsmanager:eu-west-1:222222222222:secret:shop/dev/events-??????'],
    },
    { Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: ['*'] },
    { Action: given.actions, Resource: given.resources },
  ])
})

it('gets the name of its secret and never a value of it', () => {
  const { Environment } = only(templateOf({ secrets: ['TOKEN'], variables: { LOG_LEVEL: 'debug' } }), 'AWS::Lambda::Function')
  expect(Environment).toEqual({
    Variables: { SERVICE: 'events', ENVIRONMENT: 'dev', LOG_LEVEL: 'debug', SECRET_ID: 'shop/dev/events' },
  })
})

it('logs as JSON to the log group of the service, for 30 days, or a year in prod', () => {
  expect(only(plain, 'AWS::Lambda::Function')['LoggingConfig']).toEqual({ LogFormat: 'JSON', LogGroup: { Ref: 'Logs' } })
  expect(only(plain, 'AWS::Logs::LogGroup')).toMatchObject({ LogGroupName: '/shop/dev/events', RetentionInDays: 30 })
  expect(only(templateOf({}, 'prod'), 'AWS::Logs::LogGroup')['RetentionInDays']).toBe(365)
  expect(only(templateOf({ logs: 7 }, 'prod'), 'AWS::Logs::LogGroup')['RetentionInDays']).toBe(7)
})

it('leaves what it could not take in an encrypted queue that takes no plain connection', () => {
  expect(only(plain, 'AWS::Lambda::Function')['DeadLetterConfig']).toEqual({
    TargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
  })
  expect(only(plain, 'AWS::SQS::Queue')).toMatchObject({
    QueueName: 'shop-dev-events-dead-letters',
    SqsManagedSseEnabled: true,
  })
  expect(JSON.stringify(only(plain, 'AWS::SQS::QueuePolicy'))).toContain('"Bool":{"aws:SecureTransport":"false"}')
})

it('has each its name, command, schedule and alias, where a service has two', () => {
  const functions = { 'read-all': { command: ['a.read'] }, readall: {} }
  const template = templateOf({
    functions,
    schedule: 'cron(0 8 ? * MON-FRI *)',
    memory: 256,
    timeout: '15m',
    reservedConcurrency: 2,
  })
  expect(allOf(template, 'AWS::Lambda::Function')).toMatchObject([
    { FunctionName: 'shop-dev-events-read-all', ImageConfig: { Command: ['a.read'] }, MemorySize: 256, Timeout: 900 },
    { FunctionName: 'shop-dev-events-readall', ReservedConcurrentExecutions: 2 },
  ])
  expect(allOf(template, 'AWS::Scheduler::Schedule')).toMatchObject([
    {
      Name: 'shop-dev-events-read-all',
      GroupName: { Ref: 'Schedules' },
      ScheduleExpression: 'cron(0 8 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: {
        Arn: expect.stringMatching(/:shop-dev-events-read-all:live$/),
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 30 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
      },
    },
    { Name: 'shop-dev-events-readall' },
  ])
})

it('is not made where it exists already, and runs as a role that exists already', () => {
  expect(templateOf({ names: { function: 'old-events' } }).Resources).toEqual({})
  const template = templateOf({ names: { role: 'old-role' } })
  expect(only(template, 'AWS::Lambda::Function')['Role']).toBe('arn:aws:iam::222222222222:role/old-role')
  expect(allOf(template, 'AWS::IAM::Role')).toEqual([])
})

const statementsOf = (template: Parameters<typeof allOf>[0], role: string): object[] => {
  const found = allOf(template, 'AWS::IAM::Role').find(({ RoleName }) => RoleName === role)
  const [policy] = (found?.['Policies'] ?? []) as { PolicyDocument: { Statement: object[] } }[]
  return policy?.PolicyDocument.Statement ?? []
}
