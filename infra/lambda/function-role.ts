import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { roleArn } from '../../lib/delivery/names.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
import { givenStatements, secretStatements } from '../permissions-of-service.ts'
import { serviceRole, trusts } from '../service-role.ts'
import type { PlaceStack } from '../stack.ts'
import type { LambdaServicePlace } from './place.ts'

/**
 * ARN of the role that the functions of one service run as, and of no other: to write the service's own logs, to leave what
 * failed, and what `delivery.json` says. The image needs no permission of it: the policy of the repository lets Lambda pull.
 */
export const functionRole = (stack: PlaceStack, { service, name, names }: LambdaServicePlace, queue: CfnQueue): string => {
  const { configuration, place, account, region } = stack
  if (service.names?.role !== undefined) return roleArn({ account, region }, service.names.role)
  const permissions = policy(
    allow('FunctionLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(stack, 'logs', `log-group:${names.logGroup}:*`)]),
    allow('LeaveWhatFailed', ['sqs:SendMessage'], [queue.attrArn]),
    ...secretStatements(stack, configuration.project, place, name, service),
    ...(service.tracing === true ? [allow('Tracing', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*'])] : []),
    ...givenStatements(service.permissions),
  )
  return serviceRole(stack, 'FunctionRole', {
    name: names.functionRole,
    description: `functions of ${name} of ${configuration.project} in ${place}`,
    trust: [trusts('lambda')],
    policyName: 'function',
    permissions,
  }).attrArn
}
