import type { ApprovedStack } from './approved.ts'
import { type Change, causedBy, RANK } from './change.ts'

export type Fresh = {
  fingerprint: string
  kind: ApprovedStack['kind']
  /** What the looked-up parameters stand for now, without images. */
  parameters: Record<string, string>
  /** Keys of the template parameters that stand for images. */
  images: readonly string[]
  changes: readonly Change[]
}

/**
 * What is to be done now and was not approved, in words; empty where nothing is. Only the image may differ, because a
 * deployment may have brought another one since. Less than what was approved is approved as well.
 */
export const unapproved = (approved: ApprovedStack, fresh: Fresh): string[] => {
  if (approved.fingerprint !== fresh.fingerprint)
    return ['its template, its tags or its protection are not those that were approved']
  const moved = Object.entries(approved.parameters)
    .filter(([key, value]) => fresh.parameters[key] !== undefined && fresh.parameters[key] !== value)
    .map(([key, value]) => `${key} was ${value} when it was approved and is ${fresh.parameters[key]} now`)
  if (approved.kind === 'create') {
    const others = fresh.changes.filter(({ action }) => action !== 'Add')
    return fresh.kind === 'update' && fresh.changes.length > 0
      ? [...moved, 'its creation was approved, and it exists by now']
      : [...moved, ...others.map(({ id, action }) => `${action} ${id} in a stack that is created`)]
  }
  if (fresh.kind === 'create') return [...moved, 'a change of it was approved, and it does not exist any more']
  const known = new Map(approved.changes.map((change) => [change[0], change]))
  const byImage = causedBy(fresh.changes, fresh.images)
  return [
    ...moved,
    ...fresh.changes.filter(({ id }) => !byImage.has(id)).flatMap((change) => beyond(known.get(change.id), change, fresh.images)),
  ]
}

const beyond = (approved: ApprovedStack['changes'][number] | undefined, change: Change, images: readonly string[]): string[] => {
  const { id, type, action, replacement, properties, causes } = change
  const what = `${action} ${id} (${type})`
  if (approved === undefined) return [`${what} was not part of it`]
  const [, knownType, knownAction, knownReplacement, knownProperties] = approved
  if (knownType !== type || knownAction !== action) return [`${what} was approved as ${knownAction} of a ${knownType}`]
  const more = properties.filter((property) => !knownProperties.includes(property))
  return [
    ...(RANK[replacement] > RANK[knownReplacement] ? [`${what} makes it anew, and that was not part of it`] : []),
    ...(more.length > 0 && !causes.some((cause) => images.includes(cause))
      ? [`${what} changes ${more.join(', ')} too, and that was not part of it`]
      : []),
  ]
}
