import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { allow, policy } from '../identity/permissions/policy.ts'
import { fromAccount, serviceRole, trusts } from '../service-role.ts'
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
  return serviceRole(stack, 'InvokeRole', {
    name: names.invokeRole,
    description: `calls the functions of ${name} of ${configuration.project} in ${place}`,
    trust: [
      ...(service.http === undefined ? [] : [trusts('apigateway')]),
      ...(service.schedule === undefined ? [] : [trusts('scheduler', fromAccount(account))]),
    ],
    policyName: 'invoke',
    permissions,
  })
}
