import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { serviceNames } from '../../lib/delivery/names.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { explainWildcards } from '../checks/checks.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
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
  const role = roleFor(
    stack,
    'SchedulesRole',
    names.schedulesRole,
    'states',
    `runs the scheduled commands of ${name}`,
    permissions,
  )
  explainWildcards(role, permissions)
  return role
}

/** The role by which EventBridge starts runs of that state machine, and nothing else. */
export const schedulerRole = (
  stack: PlaceStack,
  { name, machine, queue }: { name: string; machine: string; queue: CfnQueue },
): CfnRole =>
  roleFor(
    stack,
    'InvokeRole',
    serviceNames(stack.configuration.project, stack.place, name).invokeRole,
    'scheduler',
    `starts the scheduled commands of ${name}`,
    policy(
      allow('StartRuns', ['states:StartExecution'], [arn(stack, 'states', `stateMachine:${machine}`)]),
      allow('LeaveWhatFailed', ['sqs:SendMessage'], [queue.attrArn]),
    ),
  )

const roleFor = (
  stack: PlaceStack,
  id: string,
  name: string,
  service: string,
  what: string,
  permissions: ReturnType<typeof policy>,
): CfnRole =>
  new CfnRole(stack, id, {
    roleName: name,
    description: `${what}: ${stack.configuration.project} in ${stack.place}`,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: `${service}.amazonaws.com` },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': stack.account } },
        },
      ],
    },
    policies: [{ policyName: 'schedules', policyDocument: permissions }],
  })
