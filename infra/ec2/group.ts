import { Fn } from 'aws-cdk-lib'
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling'
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2'
import { architectureOf } from '../../lib/delivery/hosts.ts'
import { explainQuietGroup } from '../checks/checks.ts'
import type { PlaceStack } from '../stack.ts'

type Group = {
  /** Of the launch template and the group. */
  name: string
  /** On hosts, their volumes and network interfaces. */
  tags: Record<string, string>
  size: { instanceType: string; volume: number; count: number }
  ami: string | undefined
  userData: string
  profile: string
  /** Id of the security group. */
  group: string
  subnets: string[]
  /** Whether the hosts have public addresses of their own until they take that of the service. */
  publicAddress: boolean
  /** Whether containers may use the role of their host. */
  roleInContainers: boolean
}

/** How long CloudFormation waits for a host to run the recorded image. */
const READY = 'PT15M'

/** Hosts by a launch template. A change of it replaces them one by one, the next only when the one before serves. */
export const scalingGroup = (stack: PlaceStack, props: Group): CfnAutoScalingGroup => {
  const { name, tags, size, subnets } = props
  const template = launchTemplate(stack, props)
  const hosts = new CfnAutoScalingGroup(stack, 'Hosts', {
    autoScalingGroupName: name,
    launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
    vpcZoneIdentifier: subnets,
    minSize: String(size.count),
    // Above the least, because hosts are replaced by one more.
    maxSize: String(Math.max(2 * size.count, 1)),
    // Set when `count` changes, and not with other changes, see below: whoever has set another number keeps it until then.
    desiredCapacity: String(size.count),
    healthCheckType: 'EC2',
    healthCheckGracePeriod: 300,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
  })
  if (size.count > 0) {
    hosts.cfnOptions.creationPolicy = { resourceSignal: { count: size.count, timeout: READY } }
  }
  hosts.cfnOptions.updatePolicy = {
    autoScalingRollingUpdate: {
      maxBatchSize: 1,
      // The new host comes before the old one goes.
      minInstancesInService: size.count,
      waitOnResourceSignals: true,
      pauseTime: READY,
      suspendProcesses: ['HealthCheck', 'ReplaceUnhealthy', 'AZRebalance', 'AlarmNotification', 'ScheduledActions'],
    },
    autoScalingScheduledAction: { ignoreUnmodifiedGroupSizeProperties: true },
  }
  explainQuietGroup(hosts)
  return hosts
}

const launchTemplate = (stack: PlaceStack, props: Group): CfnLaunchTemplate => {
  const { name, tags, size, ami, userData, profile, group, publicAddress, roleInContainers } = props
  const { instanceType, volume } = size
  const list = Object.entries({ Name: name, ...tags }).map(([key, value]) => ({ key, value }))
  return new CfnLaunchTemplate(stack, 'Template', {
    launchTemplateName: name,
    tagSpecifications: [{ resourceType: 'launch-template', tags: list }],
    launchTemplateData: {
      imageId: ami ?? newest(instanceType),
      instanceType,
      iamInstanceProfile: { arn: profile },
      userData: Fn.base64(userData),
      networkInterfaces: [
        { deviceIndex: 0, groups: [group], associatePublicIpAddress: publicAddress, deleteOnTermination: true },
      ],
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: volume, encrypted: true, deleteOnTermination: true },
        },
      ],
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        // An answer to a container has one way more to go than one to the host.
        httpPutResponseHopLimit: roleInContainers ? 2 : 1,
      },
      monitoring: { enabled: false },
      // Unlimited, the default of these types, may cost more than the host.
      ...(/^t\d/.test(instanceType) && { creditSpecification: { cpuCredits: 'standard' } }),
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags: list })),
    },
  })
}

/**
 * Found by EC2 when it starts a host, not by CloudFormation: a parameter of the stack would have another value with every image
 * that AWS publishes, and the next change of anything would replace all hosts.
 */
const newest = (instanceType: string): string =>
  `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architectureOf(instanceType)}`
