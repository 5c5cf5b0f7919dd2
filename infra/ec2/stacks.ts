import type { App } from 'aws-cdk-lib'
import { hostedServices } from '../../lib/delivery/hosts.ts'
import { stackName } from '../../lib/delivery/names.ts'
import type { EnvironmentProps } from '../stack.ts'
import { HostsStack } from './document.ts'
import { Ec2ServiceStack } from './service.ts'

/** A stack for each service on hosts that is not one that exists already, and one for the document that they share. */
export const ec2Stacks = (app: App, props: EnvironmentProps): void => {
  const { configuration, place } = props
  const { project } = configuration
  const services = hostedServices(configuration, place)
  if (services.some(([, { names }]) => names?.document === undefined)) {
    new HostsStack(app, {
      ...props,
      stackName: stackName(project, place, 'hosts'),
      description: `what the hosts of ${project} in ${place} share`,
    })
  }
  for (const [name, service] of services) {
    new Ec2ServiceStack(app, {
      ...props,
      name,
      service,
      stackName: stackName(project, place, `service-${name}`),
      description: `${name} of ${project} in ${place}, on EC2 hosts`,
    })
  }
}
