import type { MergeMethod } from './desired.ts'

/** What was read, or why it could not be: never taken as fine, and never as missing. */
export type Seen<T> = { value: T } | { unseen: string }

export type Rule = { type: string; parameters?: Record<string, unknown> }

export type ObservedRuleset = {
  id: number
  name: string
  enforcement: string
  /** Patterns of refs, `refs/heads/main`, `~ALL`, `~DEFAULT_BRANCH`. */
  include: string[]
  exclude: string[]
  rules: Rule[]
  /** As GitHub gave them, to be given back; undefined where it shows them only to those who could change them. */
  bypassActors: object[] | undefined
}

export type Reviewer = { type: 'User' | 'Team'; id: number; name: string }

export type ObservedEnvironment = {
  name: string
  waitTimer: number
  preventSelfReview: boolean
  adminsMayBypass: boolean
  reviewers: Reviewer[]
  /** Which refs may deploy: all, those of protected branches, or these patterns. */
  refs: 'all' | 'protected' | { id: number; name: string; type: string }[]
}

export type ObservedRepository = {
  owner: string
  ownerId: number
  isOrganization: boolean
  name: string
  id: number
  isPrivate: boolean
  defaultBranch: string
  mergeMethods: MergeMethod[]
}

export type Observed = {
  repository: ObservedRepository
  /** Branch to commit. */
  branches: Record<string, string>
  rulesets: Seen<ObservedRuleset[]>
  environments: Seen<ObservedEnvironment[]>
  labels: Seen<string[]>
  token: Seen<{ default: string; mayApprove: boolean }>
  /** The reviewers of `delivery.json` by the name that they have there. */
  reviewers: Record<string, Seen<Reviewer>>
}
