import type { Hold } from '../records.ts'

/**
 * What runs where, since when, by whom; against what is recorded and what the branches say. Plain JSON that a script may
 * rely on: a later version adds keys and changes none. Times are ISO 8601 in UTC.
 */
export type Board = {
  version: 1
  project: string
  at: string
  /** A service runs something else than is recorded. */
  drift: boolean
  /** What could not be read, and why; where this is empty the board is complete. */
  unreadable: string[]
  /** Branches whose promotion waits for nothing but to be started. */
  ready: string[]
  /** In the order of `delivery.json`. */
  environments: EnvironmentBoard[]
}

export type EnvironmentBoard = {
  environment: string
  account: string
  region: string
  unreadable?: string
  release?: ReleaseBoard
  hold?: Hold
  lock?: LockBoard
  services: ServiceBoard[]
  branch: BranchBoard
  next: Next
  /** What somebody should look at. */
  findings: Finding[]
}

export type ReleaseBoard = {
  id: string
  commit: string
  /** When it came to stand here: when it was proven first, or brought back by a rollback. */
  since: string
  by: string
  /** Address of the workflow run; empty where it was brought by hand. */
  run: string
  kind?: 'hotfix' | 'rollback'
  reason?: string
  partial?: true
  /** Release that `rollback` brings back. */
  previous?: string
  images: Record<string, { digest: string; tag: string }>
}

export type LockBoard = { owner: string; purpose: string; expires: string; stuck: boolean }

export type ServiceState =
  /** What is recorded runs, in all copies. */
  | 'as-recorded'
  /** Something else runs than is recorded. */
  | 'drift'
  /** A deployment is under way. */
  | 'changing'
  /** What is recorded runs, in fewer copies than are asked for. */
  | 'incomplete'
  /** No copy is asked for. */
  | 'stopped'
  /** The platform has no such service. */
  | 'missing'
  /** It runs, and nothing was ever delivered. */
  | 'unrecorded'
  /** Nothing was ever delivered, and nothing is there. */
  | 'not-delivered'
  /** Nobody can tell. */
  | 'not-seen'

export type ServiceBoard = {
  service: string
  target: string
  state: ServiceState
  /** Digest on record. */
  recorded?: string
  /** Digest to running copies. */
  running: Record<string, number>
  desired?: number
  /** What is odd, in words. */
  note?: string
}

export type BranchBoard = {
  name: string
  /** Where its head was read, and which commit that is; absent where the clone does not have the branch. */
  ref?: string
  commit?: string
  /**
   * `level`: the branch wants what is recorded. `behind`: the environment has less than the branch. `ahead`: it has what
   * the branch does not have yet. `diverged`: both. `unknown`: the clone lacks commits.
   */
  position: 'level' | 'behind' | 'ahead' | 'diverged' | 'unknown'
  /** Commits that the branch has and the environment has not, and the other way round. */
  behind?: number
  ahead?: number
  note?: string
}

export type Next = {
  /**
   * `none`: nothing waits. `merge`: upstream, or the environment itself, has something newer that the branch does not have.
   * `undelivered`: the first environment has not got what its branch wants. `ready`, `pending` and `refused` are what the gates
   * of a promotion say; `unknown`: not everything could be read.
   */
  state: 'none' | 'merge' | 'undelivered' | 'ready' | 'pending' | 'refused' | 'unknown'
  reason: string
  /** When a pending promotion opens, where that can be said. */
  opens?: string
  /** Every gate that says no, or that waits. */
  gates?: { gate: string; reason: string }[]
}

export type Finding = {
  kind:
    | 'drift'
    | 'records'
    | 'partial'
    | 'hold'
    | 'lock'
    | 'image-missing'
    | 'image-unprotected'
    | 'deployment'
    | 'configuration'
    | 'unreadable'
  /** What is wrong and what to do, on one line. */
  message: string
}
