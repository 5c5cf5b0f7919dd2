import { references, type Template } from '../../../lib/infrastructure/template.ts'
import type { Change } from './change.ts'

/**
 * What may change in a stack because these have other values: keys of template parameters, or ids of resources that may be made
 * anew. What refers to something that may change may change itself.
 */
export const followersOf = (template: Template, causes: readonly string[]): Change[] => {
  const parts = Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
    id,
    type: Type,
    properties: Object.entries(Properties).map(([name, value]) => ({ name, refers: references(value) })),
  }))
  const open = new Set(causes)
  const found = new Map<string, Change>()
  for (let grown = true; grown; ) {
    const before = [...found.values()].reduce((sum, { properties }) => sum + properties.length, 0)
    for (const { id, type, properties } of parts) {
      const following = properties.filter(({ refers }) => refers.some((name) => open.has(name)))
      if (following.length === 0) continue
      open.add(id)
      found.set(id, {
        id,
        type,
        action: 'Modify',
        replacement: 'unknown',
        properties: following.map(({ name }) => name).toSorted(),
        causes: [...new Set(following.flatMap(({ refers }) => refers.filter((name) => open.has(name))))].toSorted(),
      })
    }
    grown = [...found.values()].reduce((sum, { properties }) => sum + properties.length, 0) > before
  }
  return [...found.values()]
}

/** Changes that are known, with those that may come to them. What changes anyway keeps its own reason. */
export const withFollowers = (changes: readonly Change[], followers: readonly Change[]): Change[] => {
  const known = new Set(changes.map(({ id }) => id))
  const more = new Map(followers.map((follower) => [follower.id, follower]))
  return [
    ...changes.map((change) => {
      const follower = more.get(change.id)
      if (follower === undefined || change.action !== 'Modify') return change
      const properties = [...new Set([...change.properties, ...follower.properties])].toSorted()
      return { ...change, properties, replacement: change.replacement === 'yes' ? ('yes' as const) : ('unknown' as const) }
    }),
    ...followers.filter(({ id }) => !known.has(id)),
  ]
}
