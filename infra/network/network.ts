import type { App } from 'aws-cdk-lib'
import {
  CfnFlowLog,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Environment } from '../../lib/delivery/configuration.ts'
import { infrastructureNames, stackName } from '../../lib/delivery/names.ts'
import { inNetwork, networkOf } from '../../lib/delivery/network.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { explainUnrecorded } from '../checks/checks.ts'
import { boundByName } from '../identity/bound.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
import { publish } from '../outputs.ts'
import { fromAccount, serviceRole, trusts } from '../service-role.ts'
import { type EnvironmentProps, type PlaceProps, PlaceStack } from '../stack.ts'

type NetworkProps = PlaceProps & {
  /** `network` says how many zones and NAT gateways there are, which endpoints, and how long connections are recorded. */
  environment: Environment
}

const MOST_ZONES = 3

/**
 * Each subnet is an eighth of the network: three public ones, three private ones behind them, and two that are left. So a
 * range belongs to a kind and a zone, and what is added later overlaps nothing that is there.
 */
const EIGHTH = 3

/** A network, where a service on ecs or ec2 is not one that exists already. */
export const networkStacks = (app: App, props: EnvironmentProps): void => {
  const { configuration, place } = props
  if (inNetwork(configuration, place).length === 0) return
  const stackNamed = stackName(configuration.project, place, 'network')
  new NetworkStack(app, { ...props, stackName: stackNamed, description: `network of ${configuration.project} in ${place}` })
}

/** The network of an environment: public subnets, private ones where services run in them, ways out, a record of connections. */
class NetworkStack extends PlaceStack {
  private readonly vpc: Vpc

  constructor(app: App, props: NetworkProps) {
    super(app, props)
    const { cidr, zones, subnets, nat, endpoints, flowLogs } = networkOf(props.environment)
    const names = infrastructureNames(this.configuration.project, this.place)
    const cidrMask = Number(cidr.split('/')[1]) + EIGHTH
    boundByName(this)
    this.vpc = new Vpc(this, 'Network', {
      vpcName: names.network,
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: zones,
      reservedAzs: MOST_ZONES - zones,
      natGateways: { none: 0, one: 1, 'per-zone': zones }[nat],
      // It takes a Lambda function that rewrites the default group; nothing here uses that group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      subnetConfiguration: [
        { name: 'public', cidrMask, subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: subnets === 'public' },
        ...(subnets === 'public'
          ? []
          : [
              {
                name: 'private',
                cidrMask,
                subnetType: nat === 'none' ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
              },
            ]),
      ],
    })
    if (endpoints.length > 0) this.addEndpoints(endpoints, cidr)
    if (flowLogs === false) explainUnrecorded(this.vpc)
    else this.recordConnections(flowLogs)
    const ids = (found: ISubnet[]): string[] => found.map(({ subnetId }) => subnetId)
    const outputs = outputNames(this.configuration.project, this.place).network
    publish(this, outputs.vpc, this.vpc.vpcId)
    publish(this, outputs.publicSubnets, ids(this.vpc.publicSubnets))
    publish(
      this,
      outputs.serviceSubnets,
      ids([this.vpc.publicSubnets, this.vpc.isolatedSubnets, this.vpc.privateSubnets].findLast((kind) => kind.length > 0) ?? []),
    )
  }

  private addEndpoints(services: readonly string[], cidr: string): void {
    const group = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc as IVpc,
      description: 'endpoints of AWS services, reached from inside the network',
      allowAllOutbound: false,
    })
    group.addIngressRule(Peer.ipv4(cidr), Port.HTTPS, 'HTTPS from inside the network')
    for (const name of services) {
      const service = new InterfaceVpcEndpointAwsService(name)
      this.vpc.addInterfaceEndpoint(name, { service, securityGroups: [group], open: false })
    }
  }

  private recordConnections(days: RetentionDays): void {
    const { flowLogs, flowLogRole } = infrastructureNames(this.configuration.project, this.place)
    const group = new LogGroup(this, 'FlowLogs', { logGroupName: flowLogs, retention: days, removalPolicy: this.removal })
    const logArn = arn(this, 'logs', `log-group:${flowLogs}:*`)
    const permissions = policy(
      allow('WriteFlowLogs', ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [logArn]),
    )
    const role = serviceRole(this, 'FlowLogRole', {
      name: flowLogRole,
      description: `writes the record of connections of ${this.place}`,
      trust: [trusts('vpc-flow-logs', fromAccount(this.account))],
      policyName: 'flow-logs',
      permissions,
    })
    new CfnFlowLog(this, 'Connections', {
      resourceId: this.vpc.vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logGroupName: group.logGroupName,
      deliverLogsPermissionArn: role.attrArn,
    })
  }
}
