import type { Source } from '../../../lib/delivery/images.ts'
import type { LoggedCommit } from '../../../lib/git/history.ts'
import type { Merge } from '../../../lib/git/merge.ts'
import type { DeploymentPayload } from '../../../lib/github/deployment-status.ts'
import type { Pulls } from '../../../lib/github/pulls.ts'
import type { Statuses } from '../../../lib/github/statuses.ts'

/** The clone that the job has checked out. Commits are given by their full ids. */
export interface Clone {
  branchHead(branch: string): Promise<string | undefined>
  /** Those of these commits that are here. */
  known(commits: string[]): Promise<Set<string>>
  parents(commit: string): Promise<string[]>
  treesOf(commits: string[]): Promise<Map<string, string>>
  merge(base: string, head: string): Promise<Merge>
  /** What `to` has and `from` has not, newest first, `most` at most. */
  between(from: string, to: string, most: number): Promise<LoggedCommit[]>
  isAncestor(ancestor: string, commit: string): Promise<boolean>
  /** `what` names the tree in messages. */
  source(tree: string, what: string): Source
}

/** One time that a service was brought to an environment, as GitHub keeps it. */
export type Brought = DeploymentPayload & { id: number }

/** How that ended. */
export type Ended = {
  /** `success`, `failure`, `error`, `in_progress`, …: the last that was said of it. */
  state: string
  /** When that was said, ISO 8601. */
  at: string
  /** When it was verified, ISO 8601; absent where it never was. That others came after it takes nothing away. */
  verifiedAt?: string
}

export interface Deployments {
  /** What GitHub still tells of, newest first. One request for each hundred; asked once for each environment. */
  brought(environment: string): Promise<Brought[]>
  ended(id: number): Promise<Ended>
}

export type Ports = { clone: Clone; pulls: Pulls; statuses: Statuses; deployments: Deployments }
