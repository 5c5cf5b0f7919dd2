import type { Label } from './desired.ts'
import type { Rule } from './observed.ts'

/** Everything of a ruleset, as it is written. */
export type RulesetBody = {
  name: string
  enforcement: 'active'
  include: string[]
  exclude: string[]
  rules: Rule[]
  bypassActors: object[] | undefined
}

/** Everything of an environment: GitHub resets what is left out. */
export type EnvironmentBody = {
  waitTimer: number
  preventSelfReview: boolean
  reviewers: { type: 'User' | 'Team'; id: number }[]
}

/** One request that writes, and the line that announces it. */
export type Change = { line: string } & (
  | { kind: 'branch'; name: string; commit: string }
  | { kind: 'ruleset'; id?: number; body: RulesetBody }
  | { kind: 'environment'; name: string; body: EnvironmentBody }
  | { kind: 'branch-policy'; environment: string; branch: string }
  | { kind: 'label'; label: Label }
  | { kind: 'token' }
)

export type Plan = {
  changes: Change[]
  /** What is stricter than needed, and stays. */
  kept: string[]
  /** What differs and is not ours to change, each with what would mend it. */
  open: string[]
}

export const joined = (plans: Plan[]): Plan => ({
  changes: plans.flatMap(({ changes }) => changes),
  kept: plans.flatMap(({ kept }) => kept),
  open: plans.flatMap(({ open }) => open),
})
