import { Annotations } from 'aws-cdk-lib'
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnListener, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Environment } from '../../lib/delivery/configuration.ts'
import { environmentNames } from '../../lib/delivery/names.ts'
import { networkOf } from '../../lib/delivery/network.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import type { Route } from '../../lib/delivery/routes.ts'
import { NO_ACCESS_LOG, PUBLIC_LOAD_BALANCER } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import { publish, published, publishedList } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'
import { accessLogBucket } from './access-logs.ts'
import { certificateOf, namesInZone } from './domain.ts'

/** TLS 1.3, and 1.2 with forward secrecy for clients that have no newer one (ELB user guide, "Security policies"). */
const TLS = 'ELBSecurityPolicy-TLS13-1-2-2021-06'

type Props = {
  environment: Environment
  routes: readonly Route[]
  /** For how many days requests are recorded. */
  accessLogs: number | false
}

/**
 * The one load balancer of an environment. What no service has asked for is answered with 404.
 *
 * It has no deletion protection of its own: CloudFormation could then neither take back a creation that failed, nor delete it
 * once no service has a port any more. Its stack is protected from deletion where the environment is.
 */
export const loadBalancer = (stack: PlaceStack, { environment, routes, accessLogs }: Props): void => {
  const { project } = stack.configuration
  const { network, cluster } = outputNames(project, stack.place)
  const group = securityGroup(stack, environment)
  const logs = accessLogs === false ? undefined : accessLogBucket(stack, accessLogs)
  const balancer = new CfnLoadBalancer(stack, 'LoadBalancer', {
    name: environmentNames(project, stack.place).loadBalancer,
    type: 'application',
    scheme: 'internet-facing',
    subnets: publishedList(stack, network.publicSubnets),
    securityGroups: [group.attrGroupId],
    loadBalancerAttributes: attributes({
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'access_logs.s3.enabled': String(logs !== undefined),
      ...(logs !== undefined && { 'access_logs.s3.bucket': logs.bucket.ref }),
    }),
  })
  if (logs === undefined) explain(balancer, NO_ACCESS_LOG)
  // AWS writes a first object as soon as it is told of the bucket.
  else balancer.addResourceDependency(logs.policy)
  const listener = environment.domain === undefined ? plainListener(stack, balancer) : tlsListener(stack, balancer, environment)
  if (environment.zone !== undefined) namesInZone(stack, environment.zone, balancer, routes)
  publish(stack, cluster.listener, listener.ref)
  publish(stack, cluster.loadBalancerGroup, group.attrGroupId)
  publish(stack, cluster.loadBalancerAddress, balancer.attrDnsName)
  publish(stack, cluster.loadBalancerZone, balancer.attrCanonicalHostedZoneId)
  publish(stack, cluster.loadBalancerName, balancer.attrLoadBalancerFullName)
}

const attributes = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }))

/** Everybody may ask; the load balancer itself asks nobody but what is in its network. */
const securityGroup = (stack: PlaceStack, environment: Environment): CfnSecurityGroup => {
  const ports = environment.domain === undefined ? [80] : [80, 443]
  const group = new CfnSecurityGroup(stack, 'Group', {
    groupDescription: `load balancer of ${stack.configuration.project} in ${stack.place}`,
    vpcId: published(stack, outputNames(stack.configuration.project, stack.place).network.vpc),
    securityGroupIngress: ports.map((port) => ({
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIp: '0.0.0.0/0',
      description: port === 80 ? 'HTTP' : 'HTTPS',
    })),
    securityGroupEgress: [
      {
        ipProtocol: 'tcp',
        fromPort: 1,
        toPort: 65_535,
        cidrIp: networkOf(environment).cidr,
        description: 'tasks in the network',
      },
    ],
  })
  explain(group, PUBLIC_LOAD_BALANCER)
  return group
}

const NOT_FOUND: CfnListener.ActionProperty = {
  type: 'fixed-response',
  fixedResponseConfig: { statusCode: '404', contentType: 'text/plain', messageBody: 'not found' },
}

const tlsListener = (stack: PlaceStack, balancer: CfnLoadBalancer, environment: Environment): CfnListener => {
  new CfnListener(stack, 'Http', {
    loadBalancerArn: balancer.ref,
    port: 80,
    protocol: 'HTTP',
    defaultActions: [{ type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
  })
  return new CfnListener(stack, 'Https', {
    loadBalancerArn: balancer.ref,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: TLS,
    certificates: [{ certificateArn: certificateOf(stack, environment) }],
    defaultActions: [NOT_FOUND],
  })
}

const plainListener = (stack: PlaceStack, balancer: CfnLoadBalancer): CfnListener => {
  Annotations.of(stack).addWarningV2(
    'slipway:plain-http',
    `${stack.place} has no domain: its load balancer answers by plain HTTP, which anybody on the way can read and change; give the environment a 'domain' with a 'zone' or a 'certificate'`,
  )
  return new CfnListener(stack, 'Http', {
    loadBalancerArn: balancer.ref,
    port: 80,
    protocol: 'HTTP',
    defaultActions: [NOT_FOUND],
  })
}
