import type { Template } from '../../../lib/infrastructure/template.ts'
import type { Change } from './change.ts'
import { followersOf, withFollowers } from './followers.ts'

/**
 * The changes as the templates have them, where CloudFormation cannot say them: what a template looks up does not exist yet.
 * Whether a resource is made anew is not known from it, so what refers to a changed one may change as well.
 */
export const previewOf = (before: Template | undefined, after: Template): Change[] => {
  const old = before?.Resources ?? {}
  const added = Object.entries(after.Resources).filter(([id]) => !(id in old))
  const removed = Object.entries(old).filter(([id]) => !(id in after.Resources))
  const kept = Object.entries(after.Resources).flatMap(([id, resource]) => {
    const was = old[id]
    return was === undefined ? [] : [{ id, was, resource }]
  })
  const modified = kept.flatMap(({ id, was, resource }) => {
    const properties = differing(was, resource)
    return properties.length === 0
      ? []
      : [{ ...change(id, resource.Type, 'Modify'), replacement: 'unknown' as const, properties }]
  })
  const named = [...added.map(([id]) => id), ...modified.map(({ id }) => id)]
  return [
    ...added.map(([id, { Type }]) => change(id, Type, 'Add')),
    ...withFollowers(
      modified,
      followersOf(after, named).filter(({ id }) => id in old),
    ),
    ...removed.map(([id, { Type, DeletionPolicy }]) => ({
      ...change(id, Type, 'Remove'),
      ...(DeletionPolicy !== undefined && DeletionPolicy !== 'Delete' && { policy: DeletionPolicy }),
    })),
  ]
}

const change = (id: string, type: string, action: string): Change => ({
  id,
  type,
  action,
  replacement: 'no',
  properties: [],
  causes: [],
})

type Sections = { Properties?: Record<string, unknown>; [key: string]: unknown }

const differing = (before: Sections, after: Sections): string[] => {
  const { Properties: old = {}, ...oldRest } = before
  const { Properties: now = {}, ...rest } = after
  return [...keysThatDiffer(old, now), ...keysThatDiffer(oldRest, rest)].toSorted()
}

const keysThatDiffer = (one: Record<string, unknown>, other: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]),
  )
