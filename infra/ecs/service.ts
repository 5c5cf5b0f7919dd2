import { type App, Aws, CfnCondition, CfnParameter, Fn, Token } from 'aws-cdk-lib'
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnService } from 'aws-cdk-lib/aws-ecs'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { EcsService } from '../../lib/delivery/ecs.ts'
import { clusterNames, partition, serviceNames, stackName } from '../../lib/delivery/names.ts'
import { networkOf } from '../../lib/delivery/network.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { addressOf, type Route } from '../../lib/delivery/routes.ts'
import { ecsPlace } from '../../lib/delivery/services.ts'
import { boundByName } from '../identity/bound.ts'
import { publish, published, publishedList } from '../outputs.ts'
import { type EnvironmentProps, PlaceStack } from '../stack.ts'
import { executionRole, taskRole } from './roles.ts'
import { scaling } from './scaling.ts'
import { schedules } from './schedules.ts'
import { targets } from './targets.ts'
import { taskDefinition } from './task-definition.ts'

/** How long a task may be unhealthy after its start before ECS replaces it. */
const GRACE = 60

/**
 * A service on ECS that deployments and scaling own once it is there: the image is the recorded one, and how many tasks run
 * is said at its creation only.
 */
export class EcsServiceStack extends PlaceStack {
  constructor(app: App, props: EnvironmentProps, name: string, service: EcsService, route: Route | undefined) {
    const { configuration, place, environment } = props
    const { project } = configuration
    super(app, {
      ...props,
      stackName: stackName(project, place, `service-${name}`),
      description: `${name} of ${project} in ${place}, on ECS`,
    })
    boundByName(this)
    const names = serviceNames(project, place, name)
    const { cluster, service: serviceName, container } = ecsPlace(project, place, name, service)
    const keptDays = service.logs ?? (this.terminationProtection ? 365 : 30)
    const logs = new CfnLogGroup(this, 'Logs', { logGroupName: names.logGroup, retentionInDays: keptDays })
    logs.applyRemovalPolicy(this.removal)
    const roles = { taskRole: taskRole(this, name, service), executionRole: executionRole(this, name, service) }
    const definition = taskDefinition(this, name, service, { container, logs, ...roles })
    const outputs = outputNames(project, place)
    const group = new CfnSecurityGroup(this, 'Group', {
      groupDescription: `${name} of ${project} in ${place}: ${route ? 'the load balancer alone comes in' : 'nothing comes in'}`,
      vpcId: published(this, outputs.network.vpc),
      ...(route !== undefined &&
        service.port !== undefined && {
          securityGroupIngress: [
            {
              ipProtocol: 'tcp',
              fromPort: service.port,
              toPort: service.port,
              sourceSecurityGroupId: published(this, outputs.cluster.loadBalancerGroup),
              description: 'load balancer',
            },
          ],
        }),
    })
    const target = route === undefined ? undefined : targets(this, name, service, route)
    const made = new CfnService(this, 'Service', {
      // A stack comes after those that it looks something up from: this one after its cluster, also where it has no port.
      cluster: published(this, outputs.cluster.name),
      serviceName,
      taskDefinition: definition.ref,
      desiredCount: this.countAtCreation(),
      capacityProviderStrategy: capacityOf(service, clusterNames(project, place, this.account).capacityProvider),
      deploymentController: { type: 'ECS' },
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        ...(service.alarms && { alarms: { alarmNames: service.alarms, enable: true, rollback: true } }),
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: publishedList(this, outputs.network.serviceSubnets),
          securityGroups: [group.attrGroupId],
          // Without one there would be no way out of a public subnet.
          assignPublicIp: networkOf(environment).subnets === 'public' ? 'ENABLED' : 'DISABLED',
        },
      },
      ...(target !== undefined &&
        service.port !== undefined && {
          loadBalancers: [{ containerName: container, containerPort: service.port, targetGroupArn: target.group.ref }],
          healthCheckGracePeriodSeconds: GRACE,
        }),
      enableExecuteCommand: service.shell === true,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      ...(partition(this.region).name === 'aws-cn' ? {} : { availabilityZoneRebalancing: 'ENABLED' }),
    })
    // ECS takes a target group only once a load balancer uses it.
    if (target !== undefined) made.addResourceDependency(target.rule)
    if (route !== undefined) publish(this, outputs.url(name), this.addressOf(route))
    if (service.autoscaling !== undefined) {
      scaling(this, service.autoscaling, { cluster, serviceName, service: made, ...(target && { target: target.group }) })
    }
    if (service.schedules !== undefined && Object.keys(service.schedules).length > 0) {
      schedules(this, name, service, { schedules: service.schedules, taskRoles: Object.values(roles), keptDays })
    }
  }

  /** Under its own name, or under the one that AWS gave the load balancer. */
  private addressOf(route: Route): string {
    const { loadBalancerAddress } = outputNames(this.configuration.project, this.place).cluster
    return addressOf(route, () => published(this, loadBalancerAddress))
  }

  /**
   * 0 when the stack is made, so that nothing runs before the first deployment and its pre-deploy command; and then nothing.
   * A count in the template would be set again with every update of the service, and with every rollback of one; without it
   * "it is omitted from the operation" (CloudFormation reference, AWS::ECS::Service, DesiredCount). CloudFormation cannot
   * tell a template which of both it does, so whoever deploys says it, and leaves the creation behind with a second update.
   */
  private countAtCreation(): number {
    const created = new CfnParameter(this, 'Created', {
      type: 'String',
      allowedValues: ['yes', 'no'],
      default: 'yes',
      description: 'no while the stack is made, so that the service begins without tasks',
    })
    const isNew = new CfnCondition(this, 'IsNew', { expression: Fn.conditionEquals(created.valueAsString, 'no') })
    return Token.asNumber(Fn.conditionIf(isNew.logicalId, 0, Aws.NO_VALUE))
  }
}

const capacityOf = ({ capacity = 'fargate' }: EcsService, own: string): CfnService.CapacityProviderStrategyItemProperty[] =>
  ({
    fargate: [{ capacityProvider: 'FARGATE', weight: 1 }],
    'fargate-spot': [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 4 },
    ],
    ec2: [{ capacityProvider: own, weight: 1 }],
  })[capacity]
