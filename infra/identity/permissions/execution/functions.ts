import type { Configuration } from '../../../../lib/delivery/configuration.ts'
import { partition, repositoryName } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { own, rolesNamed, type Scope, verbs } from './scope.ts'

/** Functions without versions, aliases and permissions, which belong to deployments; their queues, APIs and schedules. */
export const functions = (scope: Scope, { registry, project }: Configuration): Statement[] => {
  const { region } = scope.place
  const api = (resource: string): string => `arn:${partition(region).name}:apigateway:${region}::/${resource}`
  return [
    lambdaFunctions(scope),
    allow('FunctionImages', verbs('ecr', 'BatchGetImage GetDownloadUrlForLayer'), [
      arn(registry, 'ecr', `repository/${repositoryName(project, '*')}`),
    ]),
    queues(scope),
    allow(
      'Apis',
      verbs('apigateway', 'DELETE GET PATCH POST PUT'),
      ['apis', 'apis/*', 'domainnames', 'domainnames/*', 'tags/*'].map(api),
    ),
    // Who gives an API's stage an access log writes the delivery of it (API Gateway developer guide).
    allow(
      'ApiLogs',
      verbs(
        'logs',
        'CreateLogDelivery DeleteLogDelivery DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery',
      ),
      ['*'],
    ),
    schedules(scope),
    passRole(scope, 'PassFunctionRoles', '*-function', 'lambda'),
    allow('PassInvokeRoles', ['iam:PassRole'], [rolesNamed(scope, '*-invoke')], {
      StringEquals: { 'iam:PassedToService': ['apigateway.amazonaws.com', 'scheduler.amazonaws.com'] },
    }),
  ]
}

export const lambdaFunctions = (scope: Scope): Statement =>
  allow(
    'Functions',
    verbs(
      'lambda',
      `CreateFunction DeleteFunction GetFunction* GetRuntimeManagementConfig UpdateFunctionCode UpdateFunctionConfiguration
       PutFunctionConcurrency DeleteFunctionConcurrency PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig
       DeleteFunctionEventInvokeConfig PutFunctionRecursionConfig ListTags TagResource UntagResource`,
    ),
    [own(scope, 'lambda', 'function:')],
  )

export const queues = (scope: Scope): Statement =>
  allow(
    'Queues',
    verbs('sqs', 'CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl ListQueueTags TagQueue UntagQueue'),
    [own(scope, 'sqs')],
  )

export const schedules = (scope: Scope): Statement =>
  allow(
    'Schedules',
    verbs(
      'scheduler',
      `CreateSchedule DeleteSchedule GetSchedule UpdateSchedule CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup
       ListTagsForResource TagResource UntagResource`,
    ),
    [own(scope, 'scheduler', 'schedule/', '/*'), own(scope, 'scheduler', 'schedule-group/')],
  )

export const passRole = (scope: Scope, sid: string, ending: string, service: string): Statement =>
  allow(sid, ['iam:PassRole'], [rolesNamed(scope, ending)], {
    StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` },
  })
