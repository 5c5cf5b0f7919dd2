import { CfnEIP, CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import type { Environment } from '../../lib/delivery/configuration.ts'
import { type Ec2Service, isPublished } from '../../lib/delivery/hosts.ts'
import { networkOf } from '../../lib/delivery/network.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { explainOpen } from '../checks/checks.ts'
import { published } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'

type Reached = { name: string; service: Ec2Service; environment: Environment; domain: string | undefined }

const EVERYBODY = '0.0.0.0/0'

/** Who may reach the hosts: nobody a worker, the network what is not published, everybody the web ports of what is. */
export const securityGroup = (stack: PlaceStack, { name, service, environment, domain }: Reached): CfnSecurityGroup => {
  const ports = service.port === undefined ? [] : domain === undefined ? [80] : [80, 443]
  const open = isPublished(service)
  const group = new CfnSecurityGroup(stack, 'Group', {
    groupDescription: `hosts of ${name} of ${stack.configuration.project} in ${stack.place}`,
    vpcId: published(stack, outputNames(stack.configuration.project, stack.place).network.vpc),
    securityGroupIngress: ports.map((port) => ({
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIp: open ? EVERYBODY : networkOf(environment).cidr,
      description: {
        80: domain === undefined ? 'HTTP' : 'HTTP, redirected to HTTPS, and the proof for the certificate',
        443: 'HTTPS',
      }[port] as string,
    })),
  })
  if (open) explainOpen(group)
  return group
}

/** The address that stays when the host is replaced, with its name where the zone is in this account. */
export const publicAddress = (stack: PlaceStack, { environment, domain }: Reached) => {
  const address = new CfnEIP(stack, 'Address', { domain: 'vpc' })
  if (domain === undefined || environment.zone === undefined) return { address, record: undefined }
  const record = new CfnRecordSet(stack, 'Name', {
    hostedZoneId: environment.zone,
    name: `${domain}.`,
    type: 'A',
    ttl: '60',
    resourceRecords: [address.ref],
  })
  return { address, record }
}
