import type * as sdk from '@aws-sdk/client-ecs'
import type { Authorization, Call } from '../service.ts'
import { ecsArn, lastSegment, type Place, resourcePath } from './arns.ts'
import { clusterArn, placeOf, serviceArn } from './find.ts'
import type { TaskDefinition, Wire } from './model.ts'

/**
 * What IAM is asked, by the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html).
 */
export const onAnything = (action: string, context?: Record<string, string>): Authorization[] => [
  { action: `ecs:${action}`, resource: '*', ...(context && { context }) },
]

/** For actions whose only useful limit is the cluster. */
export const inCluster = (action: string, call: Call, cluster: string | undefined): Authorization[] =>
  onAnything(action, { 'ecs:cluster': clusterArn(placeOf(call), cluster) })

export const onService = (
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

/** Service deployments and revisions: both they and their service are asked about. */
export const onServiceAnd = (action: string, call: Call, arn: string): Authorization[] => {
  const [cluster, service = ''] = resourcePath(arn).split('/')
  const context = { 'ecs:service': serviceArn(placeOf(call), cluster, service) }
  const about = onService(action, call, cluster, service, context)
  return [about, { ...about, resource: arn }]
}

export const onTask = (action: string, call: Call, cluster: string | undefined, task: string): Authorization => {
  const owner = clusterArn(placeOf(call), cluster)
  const resource = task.startsWith('arn:') ? task : ecsArn(placeOf(call), `task/${lastSegment(owner)}/${task}`)
  return { action: `ecs:${action}`, resource, context: { 'ecs:cluster': owner } }
}

export const onFamily = (action: string, place: Place, family: string, context: Record<string, string>): Authorization => ({
  action: `ecs:${action}`,
  resource: ecsArn(place, `task-definition/${family}:*`),
  context,
})

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
