import type { App } from 'aws-cdk-lib'
import { ownEcs } from '../../lib/delivery/ecs.ts'
import { routesOf } from '../../lib/delivery/routes.ts'
import type { EnvironmentProps } from '../stack.ts'
import { ClusterStack } from './cluster.ts'
import { EcsServiceStack } from './service.ts'

/** The cluster of an environment, and a stack for each service on ECS that does not exist already. */
export const ecsStacks = (app: App, props: EnvironmentProps): void => {
  const services = ownEcs(props.configuration, props.place)
  if (services.length === 0) return
  const routes = routesOf(props.configuration, props.place)
  new ClusterStack(app, props, routes)
  for (const [name, service] of services) {
    new EcsServiceStack(
      app,
      props,
      name,
      service,
      routes.find((route) => route.service === name),
    )
  }
}
