import type { ApprovedStack } from './approved.ts'
import { type Change, causedBy, makesMoreAnew } from './change.ts'
import type { ChangeSet } from './ports.ts'

export type Fresh = {
  fingerprint: string
  kind: ApprovedStack['kind']
  /** Template parameters that are looked up, images among them: their key, and the name in Parameter Store. */
  lookups: Readonly<Record<string, string>>
  /** What they stand for now, without images: best what the change set itself says, see `resolvedOf`. */
  parameters: Record<string, string>
  /** Keys of the template parameters that stand for images. */
  images: readonly string[]
  changes: readonly Change[]
}

/** What a change set has looked up itself, without images. */
export const resolvedOf = (parameters: ChangeSet['parameters'], isImage: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([key, { value, resolved }]) =>
      resolved === undefined || isImage(value) ? [] : [[key, resolved]],
    ),
  )

/** Keys whose value was not there yet, or was still to change, when the stack was approved. */
export const openKeys = (
  { parameters }: Pick<ApprovedStack, 'parameters'>,
  { lookups, images }: Pick<Fresh, 'lookups' | 'images'>,
): string[] => Object.keys(lookups).filter((key) => parameters[key] === undefined && !images.includes(key))

/** What is looked up and is not what it was when it was approved, in words. */
export const moved = (approved: Pick<ApprovedStack, 'parameters'>, parameters: Fresh['parameters']): string[] =>
  Object.entries(approved.parameters)
    .filter(([key, value]) => parameters[key] !== undefined && parameters[key] !== value)
    .map(([key, value]) => `${key} was ${value} when it was approved and is ${parameters[key]} now`)

/**
 * What is to be done now and was not approved, in words; empty where nothing is. Only the image may differ, because a
 * deployment may have brought another one since. Less than what was approved is approved as well.
 */
export const unapproved = (approved: ApprovedStack, fresh: Fresh): string[] => {
  if (approved.fingerprint !== fresh.fingerprint)
    return ['its template, its tags or its protection are not those that were approved']
  const others = moved(approved, fresh.parameters)
  if (approved.kind === 'create') {
    const more = fresh.changes.filter(({ action }) => action !== 'Add')
    return fresh.kind === 'update' && fresh.changes.length > 0
      ? [...others, 'its creation was approved, and it exists by now']
      : [...others, ...more.map(({ id, action }) => `${action} ${id} in a stack that is created`)]
  }
  if (fresh.kind === 'create') return [...others, 'a change of it was approved, and it does not exist any more']
  const known = new Map(approved.changes.map((change) => [change[0], change]))
  const letThrough = causedBy(fresh.changes, [...fresh.images, ...openKeys(approved, fresh)])
  return [
    ...others,
    ...lostWith(approved, fresh.changes, letThrough),
    ...fresh.changes
      .filter(({ id }) => !letThrough.has(id))
      .flatMap((change) => beyond(known.get(change.id), change, fresh.images)),
  ]
}

/**
 * What is let through because of a value, and would be made anew without what it holds, in words. It was not known when the
 * change was approved, except where the approved change says so itself.
 */
export const lostWith = (approved: ApprovedStack, changes: readonly Change[], letThrough: ReadonlySet<string>): string[] => {
  const shown = new Set(approved.changes.flatMap(([id, , , replacement]) => (replacement === 'yes' ? [id] : [])))
  return changes
    .filter(({ id, type, replacement }) => letThrough.has(id) && !shown.has(id) && makesMoreAnew(replacement, 'unknown', type))
    .map(({ id, type, action }) => `${action} ${id} (${type}) makes it anew, and that was not part of it`)
}

const beyond = (approved: ApprovedStack['changes'][number] | undefined, change: Change, images: readonly string[]): string[] => {
  const { id, type, action, replacement, properties, causes } = change
  const what = `${action} ${id} (${type})`
  if (approved === undefined) return [`${what} was not part of it`]
  const [, knownType, knownAction, knownReplacement, knownProperties] = approved
  if (knownType !== type || knownAction !== action) return [`${what} was approved as ${knownAction} of a ${knownType}`]
  const more = properties.filter((property) => !knownProperties.includes(property))
  return [
    ...(makesMoreAnew(replacement, knownReplacement, type) ? [`${what} makes it anew, and that was not part of it`] : []),
    ...(more.length > 0 && !causes.some((cause) => images.includes(cause))
      ? [`${what} changes ${more.join(', ')} too, and that was not part of it`]
      : []),
  ]
}
