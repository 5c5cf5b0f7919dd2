import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { ecsArn } from './arns.ts'
import { onAnything, onFamily, passRoles, tagContext } from './authorizations.ts'
import { type Engine, seconds } from './engine.ts'
import { findDefinition, placeOf } from './find.ts'
import type { Wire } from './model.ts'
import { checkRegistration, type Registration, register } from './task-definition.ts'

export const taskDefinitionOperations = (engine: Engine): Record<string, Operation> => {
  const registerTaskDefinition: Operation<Registration> = {
    authorize(input, call) {
      const { family = '', cpu, memory, requiresCompatibilities: [compatibility] = [], containerDefinitions = [], tags } = input
      const context = {
        ...(cpu && { 'ecs:task-cpu': cpu }),
        ...(memory && { 'ecs:task-memory': memory }),
        ...(compatibility && { 'ecs:compute-compatibility': compatibility }),
        'ecs:privileged': containerDefinitions.some(({ privileged }) => privileged) ? 'enabled' : 'disabled',
        ...tagContext(tags),
      }
      const tagging = { 'ecs:CreateAction': 'RegisterTaskDefinition', ...tagContext(tags) }
      return [
        onFamily('RegisterTaskDefinition', placeOf(call), family, context),
        ...(tags?.length ? [onFamily('TagResource', placeOf(call), family, tagging)] : []),
        ...passRoles(input),
      ]
    },
    run(input, call) {
      checkRegistration(input)
      const region = engine.region(placeOf(call))
      const { family = '', tags = [] } = input
      const revisions = region.families.get(family) ?? []
      const revision = revisions.length + 1
      const arn = ecsArn(region.place, `task-definition/${family}:${revision}`)
      const taskDefinition = register(input, { arn, revision, at: seconds(engine), by: call.principal.arn })
      region.families.set(family, [...revisions, taskDefinition])
      if (tags.length > 0) region.tags.set(arn, tags)
      return { taskDefinition, tags }
    },
  }

  const describeTaskDefinition: Operation<Wire<sdk.DescribeTaskDefinitionCommandInput>> = {
    authorize: () => onAnything('DescribeTaskDefinition'),
    run(input, call) {
      const region = engine.region(placeOf(call))
      const taskDefinition = findDefinition(region, input.taskDefinition)
      if (!taskDefinition) throw new AwsError('ClientException', 'Unable to describe task definition.')
      const tags = region.tags.get(taskDefinition.taskDefinitionArn) ?? []
      return { taskDefinition, ...(input.include?.includes('TAGS') && { tags }) }
    },
  }

  const deregisterTaskDefinition: Operation<Wire<sdk.DeregisterTaskDefinitionCommandInput>> = {
    authorize: () => onAnything('DeregisterTaskDefinition'),
    run(input, call) {
      const taskDefinition =
        input.taskDefinition?.includes(':') && findDefinition(engine.region(placeOf(call)), input.taskDefinition)
      if (!taskDefinition) throw new AwsError('ClientException', 'The specified task definition does not exist.')
      if (taskDefinition.status === 'ACTIVE')
        Object.assign(taskDefinition, { status: 'INACTIVE', deregisteredAt: seconds(engine) })
      return { taskDefinition }
    },
  }

  const listTaskDefinitions: Operation<Wire<sdk.ListTaskDefinitionsCommandInput>> = {
    authorize: () => onAnything('ListTaskDefinitions'),
    run(input, call) {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input
      const revisions = [...engine.region(placeOf(call)).families.entries()]
        .filter(([family]) => familyPrefix === undefined || family === familyPrefix)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .flatMap(([, each]) => each)
        .filter((each) => each.status === status)
        .map((each) => each.taskDefinitionArn)
      const { items, nextToken } = page(
        sort === 'DESC' ? revisions.toReversed() : revisions,
        input.maxResults ?? 100,
        input.nextToken,
      )
      return { taskDefinitionArns: items, nextToken }
    },
  }

  return {
    RegisterTaskDefinition: registerTaskDefinition,
    DescribeTaskDefinition: describeTaskDefinition,
    DeregisterTaskDefinition: deregisterTaskDefinition,
    ListTaskDefinitions: listTaskDefinitions,
  }
}
