import type { PullRequest } from './request.ts'

/** The pull request of an event; undefined for every other event. */
export const pullOf = (event: string, payload: Record<string, unknown>): PullRequest | undefined => {
  if (event !== 'pull_request') return undefined
  const base = side(payload, 'base')
  const head = side(payload, 'head')
  if (base.ref === '') throw new Error('the event file names no base branch of the pull request')
  return { base: base.ref, head: head.ref, isFork: head.repository !== base.repository }
}

const side = (payload: Record<string, unknown>, name: 'base' | 'head'): { ref: string; repository: unknown } => {
  const branch = member(member(payload, 'pull_request'), name)
  const ref = member(branch, 'ref')
  return { ref: typeof ref === 'string' ? ref : '', repository: member(member(branch, 'repo'), 'id') }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
