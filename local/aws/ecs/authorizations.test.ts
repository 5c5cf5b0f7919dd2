import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { account, call, type Ecs, imageOf, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const arn = (resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`
const fargate = {
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
} satisfies Partial<RegisterTaskDefinitionCommandInput>
const app = { name: 'app', image: imageOf('v1') }

const roles = { taskRoleArn: `arn:aws:iam::${account}:role/task`, executionRoleArn: `arn:aws:iam::${account}:role/execution` }
const passRole = Object.values(roles).map((resource) => ({
  action: 'iam:PassRole',
  resource,
  context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
}))
const inCluster = { 'ecs:cluster': arn('cluster/shop') }
const service = arn('service/shop/api')
const deployment = arn('service-deployment/shop/api/abc')

test.each<[string, object, object[]]>([
  [
    'DescribeServices',
    { cluster: 'shop', services: ['api'] },
    [{ action: 'ecs:DescribeServices', resource: service, context: inCluster }],
  ],
  ['ListServiceDeployments', { service }, [{ action: 'ecs:ListServiceDeployments', resource: service, context: inCluster }]],
  [
    'UpdateService',
    { cluster: 'shop', service: 'api', taskDefinition: 'app:1' },
    [
      {
        action: 'ecs:UpdateService',
        resource: service,
        context: { ...inCluster, 'ecs:task-definition': arn('task-definition/app:1') },
      },
      ...passRole,
    ],
  ],
  [
    'UpdateService',
    { cluster: 'shop', service: 'api', desiredCount: 1 },
    [{ action: 'ecs:UpdateService', resource: service, context: inCluster }],
  ],
  [
    'StopServiceDeployment',
    { serviceDeploymentArn: deployment },
    [service, deployment].map((resource) => ({
      action: 'ecs:StopServiceDeployment',
      resource,
      context: { ...inCluster, 'ecs:service': service },
    })),
  ],
  [
    'RegisterTaskDefinition',
    { family: 'app', ...fargate, ...roles, containerDefinitions: [app] },
    [
      {
        action: 'ecs:RegisterTaskDefinition',
        resource: arn('task-definition/app:*'),
        context: {
          'ecs:task-cpu': '256',
          'ecs:task-memory': '512',
          'ecs:compute-compatibility': 'FARGATE',
          'ecs:privileged': 'disabled',
        },
      },
      ...passRole,
    ],
  ],
  [
    'RunTask',
    { cluster: 'shop', taskDefinition: 'app' },
    [{ action: 'ecs:RunTask', resource: arn('task-definition/app:1'), context: inCluster }, ...passRole],
  ],
  ['DescribeTaskDefinition', { taskDefinition: 'app' }, [{ action: 'ecs:DescribeTaskDefinition', resource: '*' }]],
  ['ListTasks', { cluster: 'shop' }, [{ action: 'ecs:ListTasks', resource: '*', context: inCluster }]],
  [
    'StopTask',
    { cluster: 'shop', task: 'abc' },
    [{ action: 'ecs:StopTask', resource: arn('task/shop/abc'), context: inCluster }],
  ],
])('%s of %o asks IAM about its exact resources', async (operation, input, expected) => {
  ecs = startEcs({ v1: {} })
  await ecs.ask('RegisterTaskDefinition', { family: 'app', ...fargate, ...roles, containerDefinitions: [app] })
  expect(ecs.operations[operation]?.authorize(input as never, call(operation))).toEqual(expected)
})
