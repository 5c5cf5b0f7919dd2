import type { App } from 'aws-cdk-lib'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { type LambdaService, lambdaServices } from '../../lib/delivery/functions.ts'
import { stackName } from '../../lib/delivery/names.ts'
import { deadLetters } from '../dead-letters.ts'
import { boundByName } from '../identity/bound.ts'
import { type EnvironmentProps, PlaceStack } from '../stack.ts'
import { functionOf } from './function.ts'
import { functionRole } from './function-role.ts'
import { httpApi } from './http-api.ts'
import { invokeRole } from './invoke-role.ts'
import { keptDays, placeOf } from './place.ts'
import { schedules } from './schedules.ts'

/** A stack for each service on Lambda that does not exist already. */
export const lambdaStacks = (app: App, props: EnvironmentProps): void => {
  for (const [name, service] of lambdaServices(props.configuration, props.place)) {
    if (service.names?.function === undefined) new LambdaServiceStack(app, props, name, service)
  }
}

/**
 * The functions of a service, and what calls them: an HTTP API, a schedule. All of it is outside of a network, so that the
 * functions reach what is public, and nothing reaches them but by their alias.
 *
 * The alias, its versions, and whatever would need them to be there are not in the template: deployments make and move them.
 * So no update of this stack, and no rollback of one, can bring another image into the traffic.
 */
class LambdaServiceStack extends PlaceStack {
  constructor(app: App, props: EnvironmentProps, name: string, service: LambdaService) {
    const { configuration, place } = props
    super(app, {
      ...props,
      stackName: stackName(configuration.project, place, `service-${name}`),
      description: `functions of ${name} of ${configuration.project} in ${place}`,
    })
    boundByName(this)
    const here = placeOf(this, name, service)
    const logs = new CfnLogGroup(this, 'Logs', {
      logGroupName: here.names.logGroup,
      retentionInDays: keptDays(service, this),
    })
    logs.applyRemovalPolicy(this.removal)
    const queue = deadLetters(this, here.names.deadLetters)
    queue.applyRemovalPolicy(this.removal)
    const role = functionRole(this, here, queue)
    for (const each of here.functions) functionOf(this, here, each, { logs, queue, role })
    if (service.http === undefined && service.schedule === undefined) return
    const caller = invokeRole(this, here, queue)
    if (service.http !== undefined) httpApi(this, here, service.http, { caller, environment: props.environment })
    if (service.schedule !== undefined) schedules(this, here, service.schedule, { caller, queue })
  }
}
