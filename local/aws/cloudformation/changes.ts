import { isDeepStrictEqual } from 'node:util'
import type * as sdk from '@aws-sdk/client-cloudformation'
import { inert } from './inert.ts'
import type { Desired, Engine, Properties, Stack, TemplateResource } from './model.ts'
import { parameterValues } from './parameters.ts'
import { dependenciesOf, presentResources, propertiesOf, referencesIn, type Scope } from './template.ts'

/** What is to be done with one resource. */
export type Step = {
  logicalId: string
  resource: TemplateResource
  action: 'create' | 'update' | 'replace' | 'nothing'
  /** Names of properties whose values differ. */
  changed: string[]
  dependencies: string[]
}

export const scopeOf = (stack: Stack, desired: Desired, resource: Scope['resource']): Scope => ({
  place: stack.place,
  stack: { name: stack.name, id: stack.id },
  template: desired.template,
  parameters: parameterValues(desired),
  resource,
})

/** In an order in which everything comes after what it depends on. Throws on a circle. */
const inOrder = (resources: [string, TemplateResource][], desired: Desired): string[] => {
  const left = new Map(resources.map(([id, resource]) => [id, dependenciesOf(desired.template, resource)]))
  const order: string[] = []
  while (left.size > 0) {
    const next = [...left].filter(([, needs]) => needs.every((each) => !left.has(each))).map(([id]) => id)
    if (next.length === 0) throw new Error(`Circular dependency between resources: [${[...left.keys()].join(', ')}]`)
    for (const id of next) left.delete(id)
    order.push(...next)
  }
  return order
}

const differing = (before: Properties, after: Properties): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isDeepStrictEqual(before[key], after[key]))

/** What has to be done for a stack to be as desired: worked out from what CloudFormation made last, never from what is there. */
export const stepsFor = (engine: Engine, stack: Stack, desired: Desired): Step[] => {
  const renewed = new Set<string>()
  const scope = scopeOf(stack, desired, (id) => (renewed.has(id) ? undefined : stack.resources.get(id)))
  const resources = presentResources(scope)
  const byId = new Map(resources)
  return inOrder(resources, desired).map((logicalId) => {
    const resource = byId.get(logicalId) as TemplateResource
    const made = stack.resources.get(logicalId)
    const dependencies = dependenciesOf(desired.template, resource)
    const after = propertiesOf(resource, scope)
    const changed = made === undefined ? Object.keys(after) : differing(made.properties, after)
    const provisioner = engine.provisioners[resource.Type] ?? inert(resource.Type)
    const replaced = made !== undefined && (made.type !== resource.Type || (changed.length > 0 && provisioner.replaces(changed)))
    const action = made === undefined ? 'create' : replaced ? 'replace' : changed.length > 0 ? 'update' : 'nothing'
    if (action === 'create' || action === 'replace') renewed.add(logicalId)
    return { logicalId, resource, action, changed, dependencies }
  })
}

/** Why a property differs: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html */
const detailsOf = (engine: Engine, stack: Stack, desired: Desired, step: Step, renewed: Set<string>) =>
  step.changed.flatMap((name): sdk.ResourceChangeDetail[] => {
    const provisioner = engine.provisioners[step.resource.Type] ?? inert(step.resource.Type)
    const raw = step.resource.Properties?.[name]
    const rawBefore = stack.desired?.template.Resources[step.logicalId]?.Properties?.[name]
    const values = (of: Desired | undefined) => (of === undefined ? {} : parameterValues(of))
    const [before, after] = [values(stack.desired), values(desired)]
    const target: sdk.ResourceTargetDefinition = {
      Attribute: 'Properties',
      Name: name,
      RequiresRecreation: provisioner.replaces([name]) ? 'Always' : 'Never',
    }
    const causes = referencesIn(raw).flatMap(({ name: cause, attribute }): sdk.ResourceChangeDetail[] => {
      if (cause in after && !isDeepStrictEqual(before[cause], after[cause]))
        return [{ Target: target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: cause }]
      if (!renewed.has(cause)) return []
      const entity = attribute === undefined ? cause : `${cause}.${attribute}`
      const source = attribute === undefined ? 'ResourceReference' : 'ResourceAttribute'
      return [{ Target: target, Evaluation: 'Static', ChangeSource: source, CausingEntity: entity }]
    })
    const direct = !isDeepStrictEqual(raw, rawBefore)
    // A value that comes from elsewhere is listed once more as one that may turn out to be the same.
    const itself: sdk.ResourceChangeDetail = {
      Target: target,
      Evaluation: direct ? 'Static' : 'Dynamic',
      ChangeSource: 'DirectModification',
    }
    return [...causes, itself]
  })

/** The changes as a change set tells them; what stays is not among them. */
export const changesOf = (engine: Engine, stack: Stack, desired: Desired): sdk.Change[] => {
  const steps = stepsFor(engine, stack, desired)
  const renewed = new Set(steps.flatMap(({ action, logicalId }) => (action === 'replace' ? logicalId : [])))
  const modified = steps
    .filter(({ action }) => action !== 'nothing')
    .map((step): sdk.ResourceChange => {
      const { logicalId, resource, action } = step
      if (action === 'create')
        return { Action: 'Add', LogicalResourceId: logicalId, ResourceType: resource.Type, Scope: [], Details: [] }
      const isTags = (name: string): boolean => name === 'Tags'
      return {
        Action: 'Modify',
        LogicalResourceId: logicalId,
        PhysicalResourceId: stack.resources.get(logicalId)?.physicalId,
        ResourceType: resource.Type,
        Replacement: action === 'replace' ? 'True' : 'False',
        Scope: [
          ...(step.changed.some(isTags) ? ['Tags' as const] : []),
          ...(step.changed.every(isTags) ? [] : ['Properties' as const]),
        ],
        Details: detailsOf(engine, stack, desired, step, renewed),
      }
    })
  const kept = new Set(steps.map(({ logicalId }) => logicalId))
  const removed = [...stack.resources]
    .filter(([id]) => !kept.has(id))
    .map(
      ([id, { type, physicalId, policy }]): sdk.ResourceChange => ({
        Action: 'Remove',
        LogicalResourceId: id,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        PolicyAction: policy.startsWith('Retain') ? 'Retain' : 'Delete',
        Scope: [],
        Details: [],
      }),
    )
  return [...modified, ...removed].map((ResourceChange) => ({ Type: 'Resource', ResourceChange }))
}
