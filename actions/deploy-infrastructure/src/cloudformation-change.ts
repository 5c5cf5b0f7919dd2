import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation'
import type { Change } from './change.ts'

const REPLACEMENT = { True: 'yes', Conditional: 'may', False: 'no' } as const

/** What is looked at of a resource in a change set. */
export const changeOf = (change: ResourceChange): Change => {
  const {
    LogicalResourceId: id = '',
    ResourceType: type = '',
    Action: action = '',
    Replacement,
    PolicyAction,
    Details = [],
  } = change
  return {
    id,
    type,
    action,
    replacement: Replacement === undefined ? 'no' : (REPLACEMENT[Replacement as keyof typeof REPLACEMENT] ?? 'may'),
    properties: [...new Set(Details.map(targetOf))].toSorted(),
    causes: causesOf(Details),
    ...(PolicyAction && PolicyAction !== 'Delete' && { policy: PolicyAction }),
  }
}

/** A property by its name; what else can change in a resource by the name that CloudFormation gives it. */
const targetOf = ({ Target }: ResourceChangeDetail): string =>
  Target?.Attribute === 'Properties' ? (Target.Name ?? '?') : (Target?.Attribute ?? '?')

/**
 * A property that follows a parameter is named twice: statically for the parameter, and dynamically as if the template had
 * changed, because CloudFormation has not evaluated it (API reference, ResourceChangeDetail).
 */
const causesOf = (details: readonly ResourceChangeDetail[]): string[] => {
  const explained = new Set(details.filter(({ CausingEntity }) => CausingEntity).map(targetOf))
  const direct = details.some(
    (detail) => !detail.CausingEntity && !(detail.Evaluation === 'Dynamic' && explained.has(targetOf(detail))),
  )
  if (direct) return []
  // A resource is caused by another one as `ID` or by one of its attributes, `ID.Arn`.
  return [
    ...new Set(details.flatMap(({ CausingEntity }) => (CausingEntity ? [CausingEntity.replace(/\..*/, '')] : []))),
  ].toSorted()
}
