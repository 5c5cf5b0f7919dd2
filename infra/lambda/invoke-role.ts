import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { allow, policy } from '../identity/permissions/policy.ts'
import type { PlaceStack } from '../stack.ts'
import type { LambdaServicePlace } from './place.ts'

/**
 * The role by which the service's API and its schedule invoke the aliases of its functions, and nothing else. Not a permission
 * of the function: Lambda gives none on an alias that is not there yet, and the first deployment makes it.
 */
export const invokeRole = (
  stack: PlaceStack,
  { service, name, names, functions }: LambdaServicePlace,
  queue: CfnQueue,
): CfnRole => {
  const { configuration, place, account } = stack
  const aliases = functions.map(({ aliasArn }) => aliasArn)
  const permissions = policy(
    allow('InvokeByAlias', ['lambda:InvokeFunction'], aliases),
    ...(service.schedule === undefined ? [] : [allow('LeaveWhatFailed', ['sqs:SendMessage'], [queue.attrArn])]),
  )
  return new CfnRole(stack, 'InvokeRole', {
    roleName: names.invokeRole,
    description: `calls the functions of ${name} of ${configuration.project} in ${place}`,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        ...(service.http === undefined ? [] : [trusts('apigateway.amazonaws.com')]),
        ...(service.schedule === undefined
          ? []
          : [{ ...trusts('scheduler.amazonaws.com'), Condition: { StringEquals: { 'aws:SourceAccount': account } } }]),
      ],
    },
    policies: [{ policyName: 'invoke', policyDocument: permissions }],
  })
}

const trusts = (service: string) => ({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })
