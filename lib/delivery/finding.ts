import { nearest } from './nearest.ts'

/** What a check found wrong. `at` says whether the name or the value of the entry is meant. */
export type Finding = { path: readonly (string | number)[]; at: 'key' | 'value'; message: string }

export const unknownName = (
  path: Finding['path'],
  noun: 'an environment' | 'an image' | 'a service',
  got: string,
  known: string[],
): Finding => {
  const meant = nearest(got, known)
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`
  const allowed = known.length === 0 ? 'there is none' : `one of ${known.join(', ')}`
  return { path, at: 'value', message: `must name ${noun} of this file (${allowed}), got "${got}"${remedy}` }
}

export const cycle = (path: Finding['path'], loop: string[]): Finding => ({
  path,
  at: 'value',
  message: `makes a circle: ${loop.join(' → ')}; remove one of these`,
})
