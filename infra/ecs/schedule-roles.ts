import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { serviceNames } from '../../lib/delivery/names.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
import { fromAccount, serviceRole, trusts } from '../service-role.ts'
import type { PlaceStack } from '../stack.ts'

type Props = { name: string; cluster: string; service: string; taskRoles: string[]; queue: CfnQueue }

/** The role of the state machine: to run what was proven of one service, to follow it, and to leave what failed. */
export const schedulesRole = (stack: PlaceStack, { name, cluster, service, taskRoles, queue }: Props): CfnRole => {
  const { configuration, place } = stack
  const names = serviceNames(configuration.project, place, name)
  const records = recordNames(configuration.project, place)
  const ofCluster = { ArnEquals: { 'ecs:cluster': arn(stack, 'ecs', `cluster/${cluster}`) } }
  const tasks = [arn(stack, 'ecs', `task/${cluster}/*`)]
  const permissions = policy(
    allow(
      'WhatIsProven',
      ['ssm:GetParameters'],
      [records.release, records.image(name)].map((parameter) => arn(stack, 'ssm', `parameter${parameter}`)),
    ),
    allow('WhatRuns', ['ecs:DescribeServices'], [arn(stack, 'ecs', `service/${cluster}/${service}`)]),
    allow('ReadRevisions', ['ecs:DescribeTaskDefinition'], ['*']),
    allow('FindRunning', ['ecs:ListTasks'], ['*'], ofCluster),
    allow('RunProven', ['ecs:RunTask'], [arn(stack, 'ecs', `task-definition/${names.family}:*`)], ofCluster),
    allow('FollowTasks', ['ecs:DescribeTasks', 'ecs:StopTask'], tasks),
    // Tasks take over the tags of their revision.
    allow('TagTasks', ['ecs:TagResource'], tasks, { StringEquals: { 'ecs:CreateAction': 'RunTask' } }),
    allow('PassToTasks', ['iam:PassRole'], taskRoles, { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
    allow('LeaveWhatFailed', ['sqs:SendMessage'], [queue.attrArn]),
    // AWS knows no narrower resource for these (Step Functions developer guide, "Using CloudWatch Logs").
    allow(
      'ScheduleLogs',
      [
        ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
        ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
      ].map((action) => `logs:${action}`),
      ['*'],
    ),
  )
  return serviceRole(stack, 'SchedulesRole', {
    name: names.schedulesRole,
    description: `runs the scheduled commands of ${name}: ${configuration.project} in ${place}`,
    trust: [trusts('states', fromAccount(stack.account))],
    policyName: 'schedules',
    permissions,
  })
}

/** The role by which EventBridge starts runs of that state machine, and nothing else. */
export const schedulerRole = (
  stack: PlaceStack,
  { name, machine, queue }: { name: string; machine: string; queue: CfnQueue },
): CfnRole =>
  serviceRole(stack, 'InvokeRole', {
    name: serviceNames(stack.configuration.project, stack.place, name).invokeRole,
    description: `starts the scheduled commands of ${name}: ${stack.configuration.project} in ${stack.place}`,
    trust: [trusts('scheduler', fromAccount(stack.account))],
    policyName: 'schedules',
    permissions: policy(
      allow('StartRuns', ['states:StartExecution'], [arn(stack, 'states', `stateMachine:${machine}`)]),
      allow('LeaveWhatFailed', ['sqs:SendMessage'], [queue.attrArn]),
    ),
  })
