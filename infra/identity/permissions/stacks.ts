import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { stackName } from '../../../lib/delivery/names.ts'
import { serviceIn, stackOf } from '../../../lib/delivery/services.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

/** Whether CloudFormation is at work on a service that is to be deployed; only where stacks of ours make services. */
export const readServiceStacks = ({ project, services }: Configuration, environment: string, place: Place): Statement[] => {
  const isMade = ([name, service]: [string, Configuration['services'][string]]): boolean =>
    stackOf(project, environment, name, serviceIn(service, environment)) !== undefined
  if (!Object.entries(services).some(isMade)) return []
  // Also that of a service that is added later, so that nobody has to widen the role first.
  const stacks = arn(place, 'cloudformation', `stack/${stackName(project, environment, 'service-*')}/*`)
  return [allow('ServiceStacks', ['cloudformation:DescribeStacks'], [stacks])]
}
