import { Annotations, type App } from 'aws-cdk-lib'
import { CfnInstanceProfile } from 'aws-cdk-lib/aws-iam'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { Environment } from '../../lib/delivery/configuration.ts'
import { type Ec2Service, hostSize, isPublished, publicName } from '../../lib/delivery/hosts.ts'
import { COST_TAG, environmentNames, PROJECT_TAG, serviceNames } from '../../lib/delivery/names.ts'
import { networkOf } from '../../lib/delivery/network.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { ec2Place } from '../../lib/delivery/services.ts'
import { boundByName } from '../identity/bound.ts'
import { arn } from '../identity/permissions/policy.ts'
import { publish, published, publishedList } from '../outputs.ts'
import { serviceRole, trusts } from '../service-role.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'
import { scalingGroup } from './group.ts'
import { publicAddress, securityGroup } from './network.ts'
import { hostPermissions } from './permissions.ts'
import { userData } from './user-data.ts'

type Ec2ServiceProps = PlaceProps & { name: string; service: Ec2Service; environment: Environment }

/**
 * Hosts that run one service: they start the recorded image at every boot, and a deployment switches them through Systems Manager.
 * No image is in this template.
 */
export class Ec2ServiceStack extends PlaceStack {
  constructor(app: App, props: Ec2ServiceProps) {
    super(app, props)
    const { name, service, environment } = props
    const { project, tags = {} } = this.configuration
    const names = serviceNames(project, this.place, name)
    const outputs = outputNames(project, this.place)
    const open = isPublished(service)
    const domain = open ? publicName(name, service, environment) : undefined
    const { tag } = ec2Place(project, this.place, name, service)
    boundByName(this)

    const logs = new CfnLogGroup(this, 'Logs', {
      logGroupName: names.logGroup,
      retentionInDays: service.logs ?? (props.protect === false ? 30 : 365),
    })
    logs.applyRemovalPolicy(this.removal)

    const reached = { name, service, environment, domain }
    const { address, record } = open ? publicAddress(this, reached) : {}
    const document = service.names?.document === undefined ? published(this, outputs.hosts.document) : service.names.document
    const role = service.names?.role ?? this.hostRole(name, service, tag, address?.attrAllocationId)
    const hosts = scalingGroup(this, {
      name: names.hosts,
      tags: { ...tags, [PROJECT_TAG]: project, [COST_TAG]: this.place, [tag.key]: tag.value },
      size: hostSize(this.configuration, service),
      ami: service.ami,
      userData: userData(this, {
        name,
        service,
        document,
        ...(address && { address: address.attrAllocationId }),
        ...(domain !== undefined && { domain }),
      }),
      profile: new CfnInstanceProfile(this, 'Profile', { instanceProfileName: names.hostRole, roles: [role] }).attrArn,
      group: securityGroup(this, reached).attrGroupId,
      subnets: publishedList(this, open ? outputs.network.publicSubnets : outputs.network.serviceSubnets),
      publicAddress: open || networkOf(environment).subnets === 'public',
      roleInContainers: service.permissions !== undefined || service.names?.role !== undefined,
    })
    hosts.addResourceDependency(logs)
    // A certificate is asked for by name.
    if (record !== undefined) hosts.addResourceDependency(record)
    if (address !== undefined) {
      publish(this, outputs.url(name), domain === undefined ? `http://${address.ref}` : `https://${domain}`)
    }
    if (open && domain === undefined) this.sayPlain(name)
  }

  /** Name of the role that the hosts have. */
  private hostRole(name: string, service: Ec2Service, tag: { key: string; value: string }, allocation?: string): string {
    const { project } = this.configuration
    const permissions = hostPermissions(this, {
      name,
      service,
      tag,
      document: service.names?.document ?? environmentNames(project, this.place).document,
      ...(allocation !== undefined && { address: arn(this, 'ec2', `elastic-ip/${allocation}`) }),
    })
    return serviceRole(this, 'Role', {
      name: serviceNames(project, this.place, name).hostRole,
      description: `hosts of ${name} of ${project} in ${this.place}`,
      trust: [trusts('ec2')],
      policyName: 'host',
      permissions,
    }).ref
  }

  private sayPlain(name: string): void {
    Annotations.of(this).addWarningV2(
      'slipway:plain-http',
      `${name} in ${this.place} is reached over plain HTTP, because the environment has no 'domain'`,
    )
  }
}
