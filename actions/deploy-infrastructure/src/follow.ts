import { followersOf, withFollowers } from './followers.ts'
import type { PreparedStack } from './prepare.ts'

/**
 * Stacks in the order in which they are brought. One that looks up what an earlier one may publish anew is part of what is
 * approved, although nothing of it changes yet: its parameter is left open, and what refers to it is shown.
 */
export const withFollowing = (stacks: readonly PreparedStack[]): PreparedStack[] => {
  const makers = new Map<string, string>()
  return stacks.map((stack) => {
    const { lookups, name } = stack.wanted
    const keys = Object.keys(lookups).filter((key) => makers.has(lookups[key] ?? ''))
    const follows = [...new Set(keys.flatMap((key) => makers.get(lookups[key] ?? '') ?? []))]
    const result = keys.length === 0 || stack.kind === 'left-out' ? stack : following(stack, keys, follows)
    for (const parameter of publishedAnew(result)) makers.set(parameter, name)
    return result
  })
}

const following = (stack: PreparedStack, keys: readonly string[], follows: readonly string[]): PreparedStack => {
  const parameters = Object.fromEntries(Object.entries(stack.parameters).filter(([key]) => !keys.includes(key)))
  if (stack.kind === 'create' || stack.kind === 'recreate') return { ...stack, parameters, follows }
  const { changes, wanted, byImage } = stack
  const followers = followersOf(wanted.template, keys)
  const ids = new Set(followers.map(({ id }) => id))
  return {
    ...stack,
    kind: 'update',
    parameters,
    follows,
    changes: withFollowers(changes, followers),
    byImage: new Set([...byImage].filter((id) => !ids.has(id))),
  }
}

/** Names in Parameter Store that get a value, perhaps another one. */
const publishedAnew = ({ changes, wanted, kind }: PreparedStack): string[] => {
  if (kind === 'unchanged' || kind === 'left-out') return []
  const changed = new Set(changes.map(({ id }) => id))
  return Object.entries(wanted.template.Resources).flatMap(([id, { Type, Properties }]) => {
    const name = Type === 'AWS::SSM::Parameter' ? Properties?.['Name'] : undefined
    return typeof name === 'string' && changed.has(id) ? [name] : []
  })
}
