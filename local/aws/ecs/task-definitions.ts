import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { onAnything, passRoles, tagContext } from './authorizations.ts'
import { type Engine, seconds } from './engine.ts'
import { ecsArn, findDefinition } from './find.ts'
import { type Authorize, type Input, inRegion } from './operations.ts'
import { checkRegistration, register } from './task-definition.ts'

const onRegistration: Authorize<Input<'RegisterTaskDefinition'>> = (action, input, _, { place }) => {
  const { family = '', cpu, memory, requiresCompatibilities: [compatibility] = [], containerDefinitions = [], tags } = input
  const resource = ecsArn(place, `task-definition/${family}:*`)
  const context = {
    ...(cpu && { 'ecs:task-cpu': cpu }),
    ...(memory && { 'ecs:task-memory': memory }),
    ...(compatibility && { 'ecs:compute-compatibility': compatibility }),
    'ecs:privileged': containerDefinitions.some(({ privileged }) => privileged) ? 'enabled' : 'disabled',
    ...tagContext(tags),
  }
  const tagging = { 'ecs:CreateAction': action, ...tagContext(tags) }
  return [
    { action: `ecs:${action}`, resource, context },
    ...(tags?.length ? [{ action: 'ecs:TagResource', resource, context: tagging }] : []),
    ...passRoles(input),
  ]
}

export const taskDefinitionOperations = (engine: Engine): Record<string, Operation> => {
  const on = inRegion(engine)
  return {
    ...on('RegisterTaskDefinition', onRegistration, (input, region, call) => {
      checkRegistration(input)
      const { family = '', tags = [] } = input
      const revisions = region.families.get(family) ?? []
      const revision = revisions.length + 1
      const arn = ecsArn(region.place, `task-definition/${family}:${revision}`)
      const taskDefinition = register(input, { arn, revision, at: seconds(engine), by: call.principal.arn })
      region.families.set(family, [...revisions, taskDefinition])
      if (tags.length > 0) region.tags.set(arn, tags)
      return { taskDefinition, tags }
    }),

    ...on('DescribeTaskDefinition', onAnything, (input, region) => {
      const taskDefinition = findDefinition(region, input.taskDefinition)
      if (!taskDefinition) throw new AwsError('ClientException', 'Unable to describe task definition.')
      const tags = region.tags.get(taskDefinition.taskDefinitionArn) ?? []
      return { taskDefinition, ...(input.include?.includes('TAGS') && { tags }) }
    }),

    ...on('DeregisterTaskDefinition', onAnything, (input, region) => {
      const taskDefinition = input.taskDefinition?.includes(':') && findDefinition(region, input.taskDefinition)
      if (!taskDefinition) throw new AwsError('ClientException', 'The specified task definition does not exist.')
      if (taskDefinition.status === 'ACTIVE')
        Object.assign(taskDefinition, { status: 'INACTIVE', deregisteredAt: seconds(engine) })
      return { taskDefinition }
    }),

    ...on('ListTaskDefinitions', onAnything, ({ familyPrefix, status = 'ACTIVE', sort, maxResults = 100, nextToken }, region) => {
      const arns = [...region.families]
        .filter(([family]) => familyPrefix === undefined || family === familyPrefix)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .flatMap(([, each]) => each)
        .filter((each) => each.status === status)
        .map((each) => each.taskDefinitionArn)
      const { items, ...rest } = page(sort === 'DESC' ? arns.toReversed() : arns, maxResults, nextToken)
      return { taskDefinitionArns: items, ...rest }
    }),
  }
}
