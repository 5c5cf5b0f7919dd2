import type { EcsService } from '../../lib/delivery/ecs.ts'
import { clusterNames, partition, repositoryName, roleArn, serviceNames } from '../../lib/delivery/names.ts'
import { allow, arn, policy, type Statement } from '../identity/permissions/policy.ts'
import { givenStatements, secretStatements } from '../permissions-of-service.ts'
import { serviceRole, trusts } from '../service-role.ts'
import type { PlaceStack } from '../stack.ts'

/** ARN of the role that the containers of a service have: nothing but what `delivery.json` says, and a shell where it says so. */
export const taskRole = (stack: PlaceStack, name: string, service: EcsService): string => {
  const { role } = service.names ?? {}
  if (role !== undefined) return roleArn(stack, role)
  const { project } = stack.configuration
  const { shellLogs } = clusterNames(project, stack.place, stack.account)
  return makeRole(stack, 'Task', serviceNames(project, stack.place, name).taskRole, `what ${name} may do`, [
    ...givenStatements(service.permissions),
    ...(service.shell === true
      ? [
          allow(
            'Shell',
            [
              ...['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel'],
              ...['ssmmessages:OpenDataChannel', 'logs:DescribeLogGroups'],
            ],
            ['*'],
          ),
          allow(
            'ShellLogs',
            ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            [arn(stack, 'logs', `log-group:${shellLogs}:*`)],
          ),
        ]
      : []),
  ])
}

/** ARN of the role that starts the containers: to pull this image, to write these logs, to read this secret. */
export const executionRole = (stack: PlaceStack, name: string, service: EcsService): string => {
  const { executionRole: given } = service.names ?? {}
  if (given !== undefined) return roleArn(stack, given)
  const { project, registry } = stack.configuration
  const names = serviceNames(project, stack.place, name)
  return makeRole(stack, 'Execution', names.executionRole, `starts the tasks of ${name}`, [
    allow('RegistryToken', ['ecr:GetAuthorizationToken'], ['*']),
    allow(
      'PullImage',
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [arn(registry, 'ecr', `repository/${repositoryName(project, service.image)}`)],
    ),
    allow('TaskLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(stack, 'logs', `log-group:${names.logGroup}:*`)]),
    ...secretStatements(stack, project, stack.place, name, service),
  ])
}

const makeRole = (stack: PlaceStack, id: 'Task' | 'Execution', name: string, what: string, statements: Statement[]): string =>
  serviceRole(stack, `${id}Role`, {
    name,
    description: `${what}: ${stack.configuration.project} in ${stack.place}`,
    trust: [trusts('ecs-tasks', id === 'Task' ? onlyForTasksOf(stack) : undefined)],
    policyName: id.toLowerCase(),
    permissions: policy(...statements),
  }).attrArn

/** ECS names its source for the role of a task, and not where it starts one (developer guide, "Task IAM role"). */
const onlyForTasksOf = ({ account, region }: PlaceStack) => ({
  ArnLike: { 'aws:SourceArn': `arn:${partition(region).name}:ecs:${region}:${account}:*` },
  StringEquals: { 'aws:SourceAccount': account },
})
