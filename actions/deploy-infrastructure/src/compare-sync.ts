import { CREATED } from '../../../lib/infrastructure/template.ts'
import type { ApprovedStack } from './approved.ts'
import { type Change, causedBy } from './change.ts'
import { lostWith, openKeys } from './compare.ts'
import { isCreated } from './given.ts'
import type { ChangeSet } from './ports.ts'
import type { StandingStack, WantedStack } from './stack.ts'
import type { Values } from './values.ts'

type IsImage = (name: string) => boolean
type There = Pick<StandingStack, 'parameters'>

/** Whether CloudFormation was told of the image that is recorded, and of the end of the stack's creation. */
export const isCurrent = (there: There, values: Values, isImage: IsImage): boolean =>
  isCreated(there) &&
  Object.values(there.parameters).every(
    ({ value, resolved }) => !isImage(value) || resolved === undefined || resolved === (values.get(value) ?? resolved),
  )

export type Sync = {
  there: There
  lookups: WantedStack['lookups']
  /** Made with the template that is there. */
  fresh: Pick<ChangeSet, 'parameters' | 'changes'>
  isImage: IsImage
}

/**
 * What a change set would bring that is only to tell CloudFormation of the recorded image and of the end of a creation, in words;
 * empty where it brings nothing else. CloudFormation looks up everything anew for it, also what keeps its previous value.
 */
export const unsynced = (approved: ApprovedStack, { there, lookups, fresh, isImage }: Sync): string[] => {
  const keys = Object.keys(fresh.parameters)
  const images = keys.filter((key) => isImage(fresh.parameters[key]?.value ?? ''))
  const open = openKeys(approved, { lookups, images })
  const others = keys.filter((key) => !images.includes(key) && key !== CREATED).filter((key) => isOther(key, there, fresh))
  const free = others.filter((key) => open.includes(key) || approved.parameters[key] === meaningOf(key, fresh))
  const ended = isCreated(there) ? [] : fresh.changes.filter(isEndOfCreation).map(({ id }) => id)
  const letThrough = causedBy(fresh.changes, [...images, CREATED, ...free, ...ended])
  return [
    ...others
      .filter((key) => !free.includes(key))
      .map((key) => `${key} was ${meaningOf(key, there)} and is ${meaningOf(key, fresh)} now, which nobody has approved`),
    ...lostWith(approved, fresh.changes, letThrough),
    ...fresh.changes
      .filter(({ id }) => !letThrough.has(id) && !ended.includes(id))
      .map(({ id, type, action }) => `${action} ${id} (${type}) has nothing to do with the recorded image`),
  ]
}

const meaningOf = (key: string, { parameters }: There): string | undefined => {
  const { value, resolved = value } = parameters[key] ?? {}
  return resolved
}

const isOther = (key: string, there: There, fresh: There): boolean =>
  fresh.parameters[key]?.resolved === undefined
    ? there.parameters[key]?.value !== fresh.parameters[key]?.value
    : meaningOf(key, there) !== meaningOf(key, fresh)

/** A condition has no name in a change set, so that the template itself seems to have changed. */
const isEndOfCreation = ({ type, action, replacement, properties }: Change): boolean =>
  type === 'AWS::ECS::Service' &&
  action === 'Modify' &&
  replacement === 'no' &&
  properties.every((property) => property === 'DesiredCount' || property === 'TaskDefinition')
