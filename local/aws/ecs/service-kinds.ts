import { AwsError } from '../service.ts'
import { invalid } from './find.ts'
import type { RevisionSettings, Service } from './model.ts'

/** What AWS runs without instances of the customer's own: both are the same here, and a Spot task is never taken back. */
const PROVIDERS = ['FARGATE', 'FARGATE_SPOT']

type Capacity = Pick<RevisionSettings, 'launchType' | 'capacityProviderStrategy'>

const notImplemented = (operation: string, what: string): AwsError =>
  new AwsError('NotImplemented', `NotImplemented: ecs:${operation} with ${what}`, 501)

/** A service or a run has a launch type or a strategy. Refused in words is what would need container instances: there are none. */
export const checkCapacity = (operation: string, { launchType, capacityProviderStrategy = [] }: Capacity): void => {
  if (launchType !== undefined && capacityProviderStrategy.length > 0) {
    throw invalid('Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.')
  }
  const other = capacityProviderStrategy.find(({ capacityProvider }) => !PROVIDERS.includes(capacityProvider ?? ''))
  if (other) {
    const what = `capacity provider '${other.capacityProvider}': the local engine has no container instances, only ${PROVIDERS.join(' and ')}`
    throw notImplemented(operation, what)
  }
  if (launchType !== undefined && launchType !== 'FARGATE') {
    throw notImplemented(operation, `launch type ${launchType}: the local engine has no container instances, only FARGATE`)
  }
}

/** Refuses services that are not deployed by rolling updates of replicas, which is all that the engine does. */
export const checkKind = (
  operation: string,
  {
    schedulingStrategy = 'REPLICA',
    deploymentController,
  }: Pick<Service['settings'], 'schedulingStrategy' | 'deploymentController'>,
): void => {
  if (schedulingStrategy !== 'REPLICA') {
    throw notImplemented(operation, `scheduling strategy ${schedulingStrategy}: the local engine runs REPLICA services only`)
  }
  const controller = deploymentController?.type ?? 'ECS'
  if (controller !== 'ECS') {
    throw notImplemented(operation, `deployment controller ${controller}: the local engine runs rolling updates of ECS only`)
  }
}
