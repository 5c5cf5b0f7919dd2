import type { z } from 'zod'
import type { Finding } from './finding.ts'
import { nearest } from './nearest.ts'
import { targetsWith } from './schema/service.ts'

/** An issue of the schema in the user's words: what must be there, what was found, what to change. */
export const explainIssue = (issue: z.core.$ZodIssue, document: unknown): Finding[] => {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...path, key], key, issue.message.split(','), document))
  if (issue.code === 'invalid_key') {
    return [{ path, at: 'key', message: `must be ${issue.issues[0]?.message ?? issue.message}, got "${path.at(-1)}"` }]
  }
  const received = at(document, path)
  if (received === undefined) return [{ path, at: 'value', message: `is required: ${issue.message}` }]
  return [{ path, at: 'value', message: `must be ${issue.message}, got ${show(received)}` }]
}

const unknownKey = (path: (string | number)[], key: string, known: string[], document: unknown): Finding => ({
  path,
  at: 'key',
  message: `${unknownKeyProblem(path, key, document)}; ${keyRemedy(key, known)}`,
})

const unknownKeyProblem = (path: (string | number)[], key: string, document: unknown): string => {
  const isOfService = path[0] === 'services' && (path.length === 3 || (path[2] === 'in' && path.length === 5))
  const targets = isOfService ? targetsWith(key) : []
  if (targets.length === 0) return 'is not a known key'
  const own = at(document, [...path.slice(0, 2), 'target'])
  if (targets.some((target) => target === own)) return 'cannot differ between environments'
  return `is a key of services with the target ${targets.join(' or ')} only`
}

const keyRemedy = (key: string, known: string[]): string => {
  const near = nearest(key, known)
  return near === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${near}"?`
}

const at = (document: unknown, path: (string | number)[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined,
    document,
  )

/** JSON as in the file, cut where it is long. */
const show = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`
}
