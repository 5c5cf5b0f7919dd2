import { CfnListenerRule, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { type EcsService, stopSeconds } from '../../lib/delivery/ecs.ts'
import { serviceNames } from '../../lib/delivery/names.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import type { Route } from '../../lib/delivery/routes.ts'
import { seconds } from '../../lib/delivery/schema/fields.ts'
import { published } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'

/** The tasks of a service as the load balancer sees them, and the rule that sends them their requests. */
export const targets = (
  stack: PlaceStack,
  name: string,
  service: EcsService,
  route: Route,
): { group: CfnTargetGroup; rule: CfnListenerRule } => {
  const { project } = stack.configuration
  const { network, cluster } = outputNames(project, stack.place)
  const group = new CfnTargetGroup(stack, 'Targets', {
    name: serviceNames(project, stack.place, name).targetGroup,
    vpcId: published(stack, network.vpc),
    targetType: 'ip',
    protocol: 'HTTP',
    // ECS registers each task with its own port. To change this one would be to replace the group, whose name is taken.
    port: 80,
    healthCheckPath: service.health ?? '/',
    healthCheckIntervalSeconds: 10,
    healthCheckTimeoutSeconds: 5,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 3,
    matcher: { httpCode: '200' },
    targetGroupAttributes: [
      // ECS asks the task to stop only after this time (developer guide, "Optimize load balancer connection draining").
      { key: 'deregistration_delay.timeout_seconds', value: String(stopSeconds(service)) },
      ...stickiness(service),
    ],
  })
  const rule = new CfnListenerRule(stack, 'Rule', {
    listenerArn: published(stack, cluster.listener),
    priority: route.priority,
    conditions: conditionsOf(route),
    actions: [{ type: 'forward', targetGroupArn: group.ref }],
  })
  return { group, rule }
}

/** By a cookie of the load balancer. It is also said that there is none: what a template leaves out stays as it is. */
const stickiness = ({ stickiness: time }: EcsService): CfnTargetGroup.TargetGroupAttributeProperty[] =>
  time === undefined
    ? [{ key: 'stickiness.enabled', value: 'false' }]
    : [
        { key: 'stickiness.enabled', value: 'true' },
        { key: 'stickiness.type', value: 'lb_cookie' },
        { key: 'stickiness.lb_cookie.duration_seconds', value: String(seconds(time)) },
      ]

const conditionsOf = ({ host, path }: Route): CfnListenerRule.RuleConditionProperty[] => {
  const patterns = path === undefined ? (host === undefined ? ['*'] : []) : [path, `${path}/*`]
  return [
    ...(host === undefined ? [] : [{ field: 'host-header', hostHeaderConfig: { values: [host] } }]),
    ...(patterns.length === 0 ? [] : [{ field: 'path-pattern', pathPatternConfig: { values: patterns } }]),
  ]
}
