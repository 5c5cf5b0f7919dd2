/** What each name waits for. Names that are not keys are left out of consideration. */
export type Dependencies = Readonly<Record<string, readonly string[]>>

/**
 * Every name after all that it waits for; otherwise the order of the keys. Names on a cycle come last, in their own
 * order: `cycles` finds them before.
 */
export const inOrder = (dependencies: Dependencies): string[] => {
  const done = new Set<string>()
  const visit = (name: string, path: ReadonlySet<string>): void => {
    if (done.has(name) || path.has(name)) return
    const inside = new Set([...path, name])
    for (const needed of needs(dependencies, name)) visit(needed, inside)
    done.add(name)
  }
  for (const name of Object.keys(dependencies)) visit(name, new Set())
  return [...done]
}

/** Each cycle once, as the names along it, `['a', 'b', 'a']`. */
export const cycles = (dependencies: Dependencies): string[][] => {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name)
    if (start >= 0) found.push([...path.slice(start), name])
    if (start >= 0 || done.has(name)) return
    for (const needed of needs(dependencies, name)) visit(needed, [...path, name])
    done.add(name)
  }
  for (const name of Object.keys(dependencies)) visit(name, [])
  return found
}

const needs = (dependencies: Dependencies, name: string): string[] =>
  (dependencies[name] ?? []).filter((needed) => Object.hasOwn(dependencies, needed))
