import type { Source } from '../../../lib/delivery/images.ts'
import type { LoggedCommit } from '../../../lib/git/history.ts'
import type { Merge } from '../../../lib/git/merge.ts'
import type { Deployments } from '../../../lib/github/deployments.ts'
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

export type Ports = { clone: Clone; pulls: Pulls; statuses: Statuses; deployments: Deployments }
