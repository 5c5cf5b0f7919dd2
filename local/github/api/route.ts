import type { Level, Permission, TokenOwner } from './permissions.ts'
import type { GitHubState } from './state.ts'

export type FieldError = { resource: string; field?: string; code: string; message?: string; value?: unknown }

/** An answer other than success; `errors` as GitHub puts them beside the message of a 422. */
export class GitHubError extends Error {
  readonly status: 403 | 404 | 405 | 409 | 422 | 501
  readonly errors: (FieldError | string)[] | undefined
  constructor(status: GitHubError['status'], message: string, errors?: (FieldError | string)[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

export const notFound = () => new GitHubError(404, 'Not Found')

export const invalid = (...errors: FieldError[]) => new GitHubError(422, 'Validation Failed', errors)

export type Request = {
  state: GitHubState
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  actor: TokenOwner
  /** Address of this API, for the `url` fields. */
  base: string
}

/** `list` is cut into pages; with `under` it becomes that key of an object beside `total_count`. */
export type Reply = { status?: 200 | 201 | 202 | 204; body?: object } | { list: object[]; under?: string }

/** Types of body fields; with `!` the field is required. */
export type FieldType = 'string' | 'boolean' | 'integer' | 'array' | 'object' | 'any'
export type Fields = Record<string, FieldType | `${FieldType}!`>

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono's pattern; paths of a repository begin with `/repos/:owner/:repo`. */
  path: string
  /** One of these is enough. */
  needs: [Permission, Level][]
  /** Page of GitHub's REST reference, put into errors. */
  docs: string
  fields?: Fields
  run(request: Request): Reply
}

const isOf = (type: string, value: unknown): boolean => {
  if (type === 'any' || value === null) return true
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value)
  return typeof value === type
}

/** What GitHub's check of the body against its schema says; undefined where it passes. */
export const schemaFault = (fields: Fields, body: Record<string, unknown>): string | undefined => {
  for (const [name, declared] of Object.entries(fields)) {
    const type = declared.replace('!', '')
    const value = body[name]
    if (value === undefined && declared.endsWith('!')) return `Invalid request.\n\n"${name}" wasn't supplied.`
    if (value === undefined) continue
    const isMissing = value === null && declared.endsWith('!')
    if (isMissing || !isOf(type, value)) {
      const shown = value === null ? 'nil' : JSON.stringify(value)
      return `Invalid request.\n\nFor 'properties/${name}', ${shown} is not ${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}.`
    }
  }
  return undefined
}
