import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import type { Environment } from '../../lib/delivery/configuration.ts'
import type { Route } from '../../lib/delivery/routes.ts'
import type { PlaceStack } from '../stack.ts'

/**
 * ARN of the certificate that the load balancer shows: the given one, or one for the domain and every name before it. So it
 * stays the same when a service is added. AWS renews it as long as its record is in the zone.
 */
export const certificateOf = (stack: PlaceStack, { domain = '', zone = '', certificate }: Environment): string => {
  if (certificate !== undefined) return certificate
  return new CfnCertificate(stack, 'Certificate', {
    domainName: domain,
    subjectAlternativeNames: [`*.${domain}`],
    validationMethod: 'DNS',
    // One record proves both; CloudFormation, told to make it twice, fails.
    domainValidationOptions: [{ domainName: domain, hostedZoneId: zone }],
  }).ref
}

/** A name for each host that a service has. They are made here, since several services may share one. */
export const namesInZone = (stack: PlaceStack, zone: string, balancer: CfnLoadBalancer, routes: readonly Route[]): void => {
  for (const host of new Set(routes.map((route) => route.host))) {
    if (host === undefined) continue
    new CfnRecordSet(stack, `Name${host.replaceAll(/[^a-z0-9]/g, 'X')}`, {
      hostedZoneId: zone,
      name: host,
      type: 'A',
      aliasTarget: { dnsName: balancer.attrDnsName, hostedZoneId: balancer.attrCanonicalHostedZoneId },
    })
  }
}
