import type * as sdk from '@aws-sdk/client-ecs'
import type { Authorization, Call } from '../service.ts'
import { clusterArn, ecsArn, findDefinition, lastSegment, placeOf, resourcePath, serviceArn } from './find.ts'
import type { TaskDefinition, Wire } from './model.ts'
import type { Authorize } from './operations.ts'

/**
 * What IAM is asked, by the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html).
 */
export const onAnything = (action: string): Authorization[] => [{ action: `ecs:${action}`, resource: '*' }]

type InCluster = { cluster?: string | undefined }

/** For actions whose only useful limit is the cluster. */
export const inCluster: Authorize<InCluster> = (action, { cluster }, call) => [
  { action: `ecs:${action}`, resource: '*', context: { 'ecs:cluster': clusterArn(placeOf(call), cluster) } },
]

const aboutService = (
  action: string,
  call: Call,
  cluster: string | undefined,
  service: string | undefined,
  context: Record<string, string> = {},
): Authorization => {
  const resource = serviceArn(placeOf(call), cluster, service)
  const [named = ''] = resourcePath(resource).split('/')
  return { action: `ecs:${action}`, resource, context: { 'ecs:cluster': clusterArn(placeOf(call), named), ...context } }
}

export const onService: Authorize<InCluster & { service?: string | undefined }> = (action, { cluster, service }, call) => [
  aboutService(action, call, cluster, service),
]

export const onServices: Authorize<InCluster & { services?: string[] | undefined }> = (
  action,
  { cluster, services = [] },
  call,
) => services.map((service) => aboutService(action, call, cluster, service))

/** Service deployments and revisions: both they and their service are asked about. */
export const withService =
  <I>(arnsOf: (input: I) => string[] | undefined): Authorize<I> =>
  (action, input, call) =>
    (arnsOf(input) ?? []).flatMap((arn) => {
      const [cluster, service = ''] = resourcePath(arn).split('/')
      const about = aboutService(action, call, cluster, service, { 'ecs:service': serviceArn(placeOf(call), cluster, service) })
      return [about, { ...about, resource: arn }]
    })

/** A service that is created or changed: with its task definition, whose roles are passed on, and its tags. */
export const onDeployed: Authorize<{
  cluster?: string | undefined
  service?: string | undefined
  serviceName?: string | undefined
  taskDefinition?: string | undefined
  enableExecuteCommand?: boolean | undefined
  tags?: Wire<sdk.Tag>[] | undefined
}> = (action, { cluster, serviceName, service = serviceName, taskDefinition, enableExecuteCommand, tags }, call, region) => {
  const definition = findDefinition(region, taskDefinition)
  const context = {
    ...(definition && { 'ecs:task-definition': definition.taskDefinitionArn }),
    ...(enableExecuteCommand !== undefined && { 'ecs:enable-execute-command': String(enableExecuteCommand) }),
  }
  return [
    aboutService(action, call, cluster, service, context),
    ...passRoles(definition),
    ...(tags?.length ? [aboutService('TagResource', call, cluster, service, tagContext(tags))] : []),
  ]
}

export const onResource = (
  action: string,
  { resourceArn = '', tags }: { resourceArn?: string | undefined; tags?: Wire<sdk.Tag>[] | undefined },
): Authorization[] => [{ action: `ecs:${action}`, resource: resourceArn, ...(tags && { context: tagContext(tags) }) }]

export const taskArn = (call: Call, cluster: string | undefined, task = ''): string =>
  task.startsWith('arn:') ? task : ecsArn(placeOf(call), `task/${lastSegment(clusterArn(placeOf(call), cluster))}/${task}`)

export const onTasks: Authorize<InCluster & { task?: string | undefined; tasks?: string[] | undefined }> = (
  action,
  input,
  call,
) =>
  (input.tasks ?? [input.task]).map((task) => ({
    action: `ecs:${action}`,
    resource: taskArn(call, input.cluster, task),
    context: { 'ecs:cluster': clusterArn(placeOf(call), input.cluster) },
  }))

type Roles = { taskRoleArn?: string | undefined; executionRoleArn?: string | undefined }

/** Whoever starts or registers tasks hands their roles to ECS. */
export const passRoles = (...given: (Roles | TaskDefinition | undefined)[]): Authorization[] => {
  const roles = new Set(given.flatMap((each) => [each?.taskRoleArn, each?.executionRoleArn]))
  return [...roles].flatMap((resource) =>
    resource ? [{ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }] : [],
  )
}

export const tagContext = (tags: Wire<sdk.Tag>[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ key, value }) => [`aws:RequestTag/${key}`, value ?? '']))
