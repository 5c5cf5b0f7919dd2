import { isStateful } from './stateful.ts'

/**
 * How much of a resource a change makes anew; `may` where CloudFormation knows only when it comes to it, `unknown` where it was
 * not asked and the templates were compared.
 */
export const REPLACEMENTS = ['no', 'may', 'yes', 'unknown'] as const
export type Replacement = (typeof REPLACEMENTS)[number]

/** One resource in a change set. */
export type Change = {
  id: string
  type: string
  /** `Add`, `Modify`, `Remove`, `Import`, `Dynamic`. */
  action: string
  replacement: Replacement
  /** Names of what changes in it: properties, and `Tags`, `Metadata`, `DeletionPolicy`. Sorted, each once. */
  properties: readonly string[]
  /** Why, where it is said of every property: keys of template parameters and ids of resources. Empty: the template says so. */
  causes: readonly string[]
  /** What is kept although it leaves the stack: `Retain`, `Snapshot`. */
  policy?: string
}

const RANK = { no: 0, may: 1, unknown: 1, yes: 2 }

/**
 * Whether more is made anew now than was approved. Where the templates were all that could be shown, a replacement is part of
 * it, unless something is lost with the resource.
 */
export const makesMoreAnew = (now: Replacement, approved: Replacement, type: string): boolean =>
  approved === 'unknown' ? now === 'yes' && isStateful(type) : RANK[now] > RANK[approved]

/** Ids of the resources that change for no other reason than that these parameters have another value. */
export const causedBy = (changes: readonly Change[], parameters: readonly string[]): Set<string> => {
  const caused = new Set<string>()
  // A resource may follow another one that follows the parameter.
  for (let grown = true; grown; ) {
    const more = changes.filter(
      ({ id, action, causes }) =>
        !caused.has(id) &&
        action === 'Modify' &&
        causes.length > 0 &&
        causes.every((cause) => parameters.includes(cause) || caused.has(cause)),
    )
    for (const { id } of more) caused.add(id)
    grown = more.length > 0
  }
  return caused
}
