import { clusterNames, environmentNames, partition } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { own, rolesNamed, type Scope, verbs } from './scope.ts'

/** Clusters, services, load balancers and their record of requests. */
export const containers = (scope: Scope): Statement[] => {
  const { place, project, environment } = scope
  const { cluster, loadBalancer } = environmentNames(project, environment)
  const { accessLogs, capacityProvider } = clusterNames(project, environment, place.account)
  const ecs = (resource: string): string => arn(place, 'ecs', resource)
  const elb = (resource: string): string => arn(place, 'elasticloadbalancing', resource)
  const all = { ecs: ['cluster', 'service', 'service-deployment', 'service-revision', 'capacity-provider'] }
  return [
    allow(
      'Clusters',
      verbs(
        'ecs',
        `CreateCluster UpdateCluster UpdateClusterSettings DeleteCluster DescribeClusters PutClusterCapacityProviders
         CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider DescribeCapacityProviders
         CreateService UpdateService DeleteService DescribeServices ListServiceDeployments DescribeServiceDeployments
         DescribeServiceRevisions TagResource UntagResource`,
      ),
      [
        ecs(`cluster/${cluster}`),
        ecs(`capacity-provider/${capacityProvider}`),
        ...all.ecs.slice(1, 4).map((kind) => ecs(`${kind}/${cluster}/*`)),
      ],
    ),
    allow('Revisions', verbs('ecs', 'RegisterTaskDefinition TagResource UntagResource'), [
      ecs(`task-definition/${project}-${environment}-*:*`),
    ]),
    // AWS knows no narrower resource for these, and no condition for the first (service authorization reference).
    allow('FindRevisions', verbs('ecs', 'DeregisterTaskDefinition DescribeTaskDefinition ListTagsForResource'), ['*']),
    allow('PassTaskRoles', ['iam:PassRole'], [rolesNamed(scope, '*-task'), rolesNamed(scope, '*-execution')], {
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    }),
    allow('FindBalancers', ['elasticloadbalancing:Describe*'], ['*']),
    allow(
      'Balancers',
      verbs(
        'elasticloadbalancing',
        `CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes ModifyIpPools SetSecurityGroups SetSubnets SetIpAddressType
         AddTags RemoveTags CreateListener ModifyListener ModifyListenerAttributes DeleteListener
         AddListenerCertificates RemoveListenerCertificates CreateRule ModifyRule DeleteRule SetRulePriorities
         CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup`,
      ),
      [
        ...['loadbalancer', 'listener', 'listener-rule'].map((kind) => elb(`${kind}/app/${loadBalancer}/*`)),
        own(scope, 'elasticloadbalancing', 'targetgroup/', '/*'),
      ],
    ),
    allow(
      'AccessLogs',
      verbs(
        's3',
        `CreateBucket DeleteBucket PutBucketPolicy GetBucketPolicy DeleteBucketPolicy PutEncryptionConfiguration
         PutBucketPublicAccessBlock PutLifecycleConfiguration PutBucketOwnershipControls PutBucketTagging
         GetBucket* GetEncryptionConfiguration GetLifecycleConfiguration ListTagsForResource TagResource UntagResource`,
      ),
      [`arn:${partition(place.region).name}:s3:::${accessLogs}`],
    ),
    ...scaling(scope, cluster),
  ]
}

/** How many tasks there are follows what they have to do. AWS names the alarms after the service. */
const scaling = ({ place }: Scope, cluster: string): Statement[] => [
  allow(
    'Scaling',
    verbs(
      'application-autoscaling',
      `RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy
       TagResource UntagResource ListTagsForResource`,
    ),
    [arn(place, 'application-autoscaling', 'scalable-target/*')],
    { StringEquals: { 'aws:RequestedRegion': place.region } },
  ),
  allow('FindScaling', ['application-autoscaling:Describe*'], ['*']),
  allow('ScalingAlarms', verbs('cloudwatch', 'PutMetricAlarm DeleteAlarms'), [
    arn(place, 'cloudwatch', `alarm:TargetTracking-service/${cluster}/*`),
  ]),
]
