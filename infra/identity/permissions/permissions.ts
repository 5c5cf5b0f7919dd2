import type { Configuration } from '../../../lib/delivery/configuration.ts'
import type { Role } from '../../../lib/delivery/identity.ts'
import { REGISTRY } from '../../../lib/delivery/names.ts'
import { budgetPermissions } from './budget.ts'
import { deployToEc2 } from './ec2.ts'
import { deployToEcs, readEcs } from './ecs.ts'
import { infraPermissions } from './infra.ts'
import { deployToLambda, readLambda } from './lambda.ts'
import { allow, type PolicyDocument, policy } from './policy.ts'
import { preparePermissions } from './prepare.ts'
import { readRecords, readWebhook, writeRecords } from './records.ts'
import { buildPermissions, deployedImages, registryReadPermissions } from './registry.ts'
import { readServiceStacks } from './stacks.ts'

/** What a role of `identity(configuration)` may do: exactly the calls that its action makes. */
export const permissionsOf = (
  configuration: Configuration,
  { purpose, environment }: Pick<Role, 'purpose' | 'environment'>,
): PolicyDocument => {
  if (environment === REGISTRY)
    return purpose === 'build' ? buildPermissions(configuration) : registryReadPermissions(configuration)
  const { project, environments } = configuration
  const place = environments[environment]
  if (place === undefined) throw new Error(`no environment ${environment}`)
  switch (purpose) {
    case 'deploy':
      return policy(
        writeRecords(place, project, environment),
        ...readWebhook(place, place.slack),
        ...readServiceStacks(configuration, environment, place),
        deployedImages(configuration),
        // Lambda's are asked for here; ECS asks it of whoever gives a service the alarms that fail a deployment.
        // Composite alarms are told to no narrower resource (CloudWatch API reference, DescribeAlarms).
        allow('Alarms', ['cloudwatch:DescribeAlarms'], ['*']),
        ...deployToEcs(configuration, environment, place),
        ...deployToLambda(configuration, environment, place),
        ...deployToEc2(configuration, environment, place),
      )
    case 'read':
      return policy(
        readRecords(place, project, environment),
        ...readEcs(configuration, environment, place),
        ...readLambda(configuration, environment, place),
      )
    case 'budget':
      return budgetPermissions(place)
    case 'prepare':
      return preparePermissions(place, project, environment)
    case 'infra':
      return infraPermissions(place, project, environment)
    case 'build':
      throw new Error('images are built in the registry only')
  }
}
