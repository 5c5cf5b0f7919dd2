import { type CfnApi, CfnApiMapping, CfnDomainName, type CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import type { Environment } from '../../lib/delivery/configuration.ts'
import type { PlaceStack } from '../stack.ts'

/**
 * Has an API answer at a host name of our own, by TLS 1.2 at least. The certificate is the one that the environment names, or
 * one of the host alone, made and renewed in the zone. Where the zone is somebody else's, the name is to be pointed by hand.
 */
export const ownDomain = (
  stack: PlaceStack,
  host: string,
  { zone, certificate }: Environment,
  { api, stage }: { api: CfnApi; stage: CfnStage },
): void => {
  const name = new CfnDomainName(stack, 'Domain', {
    domainName: host,
    domainNameConfigurations: [
      {
        certificateArn: certificate ?? certificateOf(stack, host, zone).ref,
        endpointType: 'REGIONAL',
        securityPolicy: 'TLS_1_2',
      },
    ],
  })
  new CfnApiMapping(stack, 'DomainOfApi', { apiId: api.ref, domainName: name.ref, stage: stage.ref })
  if (zone === undefined) return
  new CfnRecordSet(stack, 'Record', {
    hostedZoneId: zone,
    name: host,
    type: 'A',
    aliasTarget: { dnsName: name.attrRegionalDomainName, hostedZoneId: name.attrRegionalHostedZoneId },
  })
}

const certificateOf = (stack: PlaceStack, host: string, zone: string | undefined): CfnCertificate =>
  new CfnCertificate(stack, 'Certificate', {
    domainName: host,
    validationMethod: 'DNS',
    ...(zone !== undefined && { domainValidationOptions: [{ domainName: host, hostedZoneId: zone }] }),
  })
