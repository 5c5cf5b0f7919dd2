import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import { infrastructureNames } from '../../lib/delivery/names.ts'
import type { PlaceStack } from '../stack.ts'

/** Puts every role of the stack below the boundary for services; without it CloudFormation's role may create none. */
export const boundByName = (stack: PlaceStack): void => {
  const { serviceBoundary } = infrastructureNames(stack.configuration.project, stack.place)
  PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'BoundaryOfAll', serviceBoundary))
}
