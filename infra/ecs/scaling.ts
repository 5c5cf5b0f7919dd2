import { CfnCondition, CfnParameter, Fn } from 'aws-cdk-lib'
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling'
import type { CfnService } from 'aws-cdk-lib/aws-ecs'
import type { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { EcsService } from '../../lib/delivery/ecs.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { published } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'

type Autoscaling = NonNullable<EcsService['autoscaling']>
type Props = { cluster: string; serviceName: string; service: CfnService; target?: CfnTargetGroup }

/**
 * How many tasks run, by what they have to do. It waits for the first deployment: to register a service that has no tasks yet
 * "changes the resource's current capacity to a value that is inside of this range" (Application Auto Scaling, API reference,
 * RegisterScalableTarget), which would start the image before its pre-deploy command has run.
 */
export const scaling = (stack: PlaceStack, autoscaling: Autoscaling, { cluster, serviceName, service, target }: Props): void => {
  const delivered = new CfnParameter(stack, 'Delivered', {
    type: 'String',
    allowedValues: ['yes', 'no'],
    default: 'no',
    description: 'yes once a deployment has started the tasks of the service, from when on they are scaled',
  })
  const begins = new CfnCondition(stack, 'IsDelivered', { expression: Fn.conditionEquals(delivered.valueAsString, 'yes') })
  const scalable = new CfnScalableTarget(stack, 'Scaling', {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: `service/${cluster}/${serviceName}`,
    minCapacity: autoscaling.min,
    maxCapacity: autoscaling.max,
  })
  scalable.cfnOptions.condition = begins
  scalable.addResourceDependency(service)
  for (const { id, metric, value, label } of metricsOf(stack, autoscaling, target)) {
    const made = new CfnScalingPolicy(stack, `ScaleBy${id}`, {
      policyName: `${serviceName}-${id.toLowerCase()}`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: scalable.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: value,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        predefinedMetricSpecification: { predefinedMetricType: metric, ...(label !== undefined && { resourceLabel: label }) },
      },
    })
    made.cfnOptions.condition = begins
  }
}

type Metric = { id: string; metric: string; value: number; label?: string }

const metricsOf = (stack: PlaceStack, { cpu, memory, requests }: Autoscaling, target?: CfnTargetGroup): Metric[] => {
  const unsaid = memory === undefined && requests === undefined ? 60 : undefined
  const { loadBalancerName } = outputNames(stack.configuration.project, stack.place).cluster
  return [
    ...each('Cpu', 'ECSServiceAverageCPUUtilization', cpu ?? unsaid),
    ...each('Memory', 'ECSServiceAverageMemoryUtilization', memory),
    ...(target === undefined
      ? []
      : each('Requests', 'ALBRequestCountPerTarget', requests).map((found) => ({
          ...found,
          label: `${published(stack, loadBalancerName)}/${target.attrTargetGroupFullName}`,
        }))),
  ]
}

const each = (id: string, metric: string, value: number | undefined): Metric[] =>
  value === undefined ? [] : [{ id, metric, value }]
