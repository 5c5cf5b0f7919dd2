import { Fn, Tags } from 'aws-cdk-lib'
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling'
import { CfnLaunchTemplate, CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnCapacityProvider, type CfnCluster } from 'aws-cdk-lib/aws-ecs'
import { CfnInstanceProfile, type CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Architecture } from '../../lib/delivery/ecs.ts'
import { COST_TAG, clusterNames, environmentNames, PROJECT_TAG } from '../../lib/delivery/names.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { OWN_PACE } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
import { published, publishedList } from '../outputs.ts'
import { serviceRole, trusts } from '../service-role.ts'
import type { PlaceStack } from '../stack.ts'

type Props = { architecture: Architecture; type: string; most: number }

/** Looked up whenever an instance is started, so that a new one has the newest that AWS maintains. */
const IMAGE = {
  X86_64: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  ARM64: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
} as const

/** No instance gets older than its system may be: 14 days. ECS moves the tasks away before one goes. */
const LIFETIME = 14 * 24 * 60 * 60

/** As many instances as the tasks need, without a key, without an open port, and with IMDSv2 only. Name of their capacity. */
export const containerInstances = (stack: PlaceStack, { architecture, type, most }: Props, cluster: CfnCluster): string => {
  const { project } = stack.configuration
  const names = clusterNames(project, stack.place, stack.account)
  const { network } = outputNames(project, stack.place)
  const tags = Object.entries({ ...stack.configuration.tags, [PROJECT_TAG]: project, [COST_TAG]: stack.place }).map(
    ([key, value]) => ({ key, value }),
  )
  const group = new CfnSecurityGroup(stack, 'InstanceGroup', {
    groupDescription: `container instances of ${project} in ${stack.place}: nothing comes in`,
    vpcId: published(stack, network.vpc),
  })
  const profile = new CfnInstanceProfile(stack, 'InstanceProfile', {
    instanceProfileName: names.instances,
    roles: [instanceRole(stack, names.instances).ref],
  })
  const template = new CfnLaunchTemplate(stack, 'LaunchTemplate', {
    launchTemplateName: names.instances,
    tagSpecifications: [{ resourceType: 'launch-template', tags }],
    launchTemplateData: {
      // The group tags its instances, and not what belongs to them.
      tagSpecifications: ['volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
      imageId: IMAGE[architecture],
      instanceType: type,
      iamInstanceProfile: { arn: profile.attrArn },
      securityGroupIds: [group.attrGroupId],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 30, volumeType: 'gp3', encrypted: true } }],
      userData: Fn.base64(configure(environmentNames(project, stack.place).cluster)),
    },
  })
  const instances = new CfnAutoScalingGroup(stack, 'Instances', {
    autoScalingGroupName: names.instances,
    minSize: '0',
    maxSize: String(most),
    maxInstanceLifetime: LIFETIME,
    vpcZoneIdentifier: publishedList(stack, network.serviceSubnets),
    launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
  })
  explain(instances, OWN_PACE)
  // ECS puts it on a group that it manages; without it here the next update would take it away.
  Tags.of(instances).add('AmazonECSManaged', 'true')
  // Instances leave before their cluster goes: ECS deletes none that has any.
  instances.addResourceDependency(cluster)
  return new CfnCapacityProvider(stack, 'InstanceCapacity', {
    name: names.capacityProvider,
    autoScalingGroupProvider: {
      autoScalingGroupArn: instances.ref,
      managedScaling: { status: 'ENABLED', targetCapacity: 100 },
      managedTerminationProtection: 'DISABLED',
      managedDraining: 'ENABLED',
    },
  }).ref
}

/** The agent joins the cluster; tasks get credentials from it and none from the instance. */
const configure = (cluster: string): string =>
  [
    '#!/bin/bash',
    `echo ECS_CLUSTER=${cluster} >> /etc/ecs/ecs.config`,
    'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
    '',
  ].join('\n')

/** What the agent does; images, logs and secrets are the business of each service's execution role. */
const instanceRole = (stack: PlaceStack, name: string): CfnRole => {
  const { cluster } = environmentNames(stack.configuration.project, stack.place)
  const permissions = policy(
    allow('JoinCluster', ['ecs:DiscoverPollEndpoint'], ['*']),
    allow(
      'OwnCluster',
      [
        ...['ecs:DeregisterContainerInstance', 'ecs:RegisterContainerInstance', 'ecs:SubmitAttachmentStateChanges'],
        ...['ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange'],
      ],
      [arn(stack, 'ecs', `cluster/${cluster}`)],
    ),
    allow(
      'ContainerInstances',
      ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:TagResource', 'ecs:UpdateContainerInstancesState'],
      [arn(stack, 'ecs', `container-instance/${cluster}/*`)],
    ),
  )
  return serviceRole(stack, 'InstanceRole', {
    name,
    description: `container instances of ${stack.configuration.project} in ${stack.place}`,
    trust: [trusts('ec2')],
    policyName: 'instances',
    permissions,
  })
}
