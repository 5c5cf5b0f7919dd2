import { infrastructureNames, partition } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { EC2 } from './adopted.ts'
import { iam, own, rolesNamed, type Scope, verbs } from './scope.ts'

/** Groups of EC2 instances: hosts of services, or what a cluster runs on; and the document that switches hosts. */
export const machines = (scope: Scope): Statement[] => {
  const { place, project, environment } = scope
  const { region } = place
  const here = { StringEquals: { 'aws:RequestedRegion': region } }
  return [
    // EC2 tries what a group would start as whoever makes the group (EC2 Auto Scaling user guide, launch template permissions).
    allow(
      'LaunchTemplates',
      verbs(
        'ec2',
        'CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate DeleteLaunchTemplateVersions GetLaunchTemplateData RunInstances CreateTags',
      ),
      ['*'],
      here,
    ),
    allow(
      'Groups',
      verbs(
        'autoscaling',
        `CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags
         SuspendProcesses ResumeProcesses TerminateInstanceInAutoScalingGroup SetDesiredCapacity SetInstanceProtection
         PutLifecycleHook DeleteLifecycleHook EnableMetricsCollection DisableMetricsCollection`,
      ),
      [arn(place, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${project}-${environment}-*`)],
    ),
    allow('FindGroups', ['autoscaling:Describe*'], ['*']),
    allow(
      'Profiles',
      verbs(
        'iam',
        'CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile TagInstanceProfile UntagInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile',
      ),
      [iam(scope, `instance-profile/${infrastructureNames(project, environment).network}-*`)],
    ),
    allow('PassHostRoles', ['iam:PassRole'], [rolesNamed(scope, '*-host'), rolesNamed(scope, 'instances')], {
      StringEquals: { 'iam:PassedToService': EC2 },
    }),
    allow(
      'Documents',
      verbs(
        'ssm',
        'CreateDocument UpdateDocument DeleteDocument UpdateDocumentDefaultVersion DescribeDocument GetDocument ListDocumentVersions AddTagsToResource RemoveTagsFromResource ListTagsForResource',
      ),
      [own(scope, 'ssm', 'document/')],
    ),
    allow('Systems', ['ssm:GetParameters'], [`arn:${partition(region).name}:ssm:${region}::parameter/aws/service/*`]),
  ]
}
