import type { GitSource } from './git.ts'
import { memoryGit } from './memory-git.ts'

export type Deployment = {
  id: number
  sha: string
  ref: string
  task: string
  environment: string
  payload: unknown
  description: string | null
  transient_environment: boolean
  production_environment: boolean
  creator: string
  created_at: string
  /** Newest last. */
  statuses: DeploymentStatus[]
}
export type DeploymentStatus = {
  id: number
  state: 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success'
  description: string
  environment_url: string
  log_url: string
  creator: string
  created_at: string
}
export type CommitStatus = {
  id: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  target_url: string | null
  creator: string
  created_at: string
}
export type Pull = {
  number: number
  title: string
  body: string | null
  /** Branch names; their commits are those that the branches are on, until the pull request is closed. */
  base: string
  head: string
  /** Commits at the time it was closed. */
  closedAt?: { base: string; head: string; at: string }
  merged?: { sha: string; by: string }
  state: 'open' | 'closed'
  draft: boolean
  labels: string[]
  author: string
  created_at: string
}
/** On a pull request, by its number. */
export type Comment = {
  id: number
  pull: number
  body: string
  author: string
  created_at: string
  updated_at: string
}
/** A workflow file; `inputs` where it can be dispatched. `required` and `options` as the file declares them. */
export type Workflow = {
  id: number
  path: string
  name: string
  inputs?: Record<string, { required?: boolean; default?: unknown; type?: string; options?: string[] }>
}
export type Dispatch = { workflow: string; ref: string; inputs: Record<string, string>; by: string; at: string }
export type Run = {
  id: number
  path: string
  event: string
  head_branch: string
  head_sha: string
  status: 'queued' | 'in_progress' | 'completed' | 'waiting'
  conclusion: string | null
  created_at: string
}
/** Of the newest attempt of a run; the job of a called workflow is named `caller / called`. */
export type Job = {
  id: number
  run_id: number
  name: string
  status: 'queued' | 'in_progress' | 'completed' | 'waiting'
  conclusion: string | null
}
export type BranchPolicy = { id: number; name: string; type: 'branch' | 'tag' }
export type Reviewer = { type: 'User' | 'Team'; id: number }
export type Environment = {
  id: number
  name: string
  wait_timer: number
  prevent_self_review: boolean
  reviewers: Reviewer[]
  branch_policy: { protected_branches: boolean; custom_branch_policies: boolean } | null
  branch_policies: BranchPolicy[]
  created_at: string
}
export type Ruleset = {
  id: number
  name: string
  target: string
  enforcement: 'active' | 'disabled' | 'evaluate'
  conditions: { ref_name?: { include: string[]; exclude: string[] } }
  rules: { type: string; parameters?: object }[]
  bypass_actors: object[]
}
export type Label = { id: number; name: string; color: string; description: string | null }

export type GitHubOptions = {
  owner?: string
  ownerId?: number
  ownerType?: 'Organization' | 'User'
  repository?: string
  repositoryId?: number
  private?: boolean
  /** What the owner pays for: required reviewers of a private repository need `enterprise`, its rulesets `team`. */
  plan?: 'free' | 'team' | 'enterprise'
  defaultBranch?: string
  git?: GitSource
  users?: { login: string; id: number }[]
  teams?: { slug: string; id: number }[]
}

/**
 * Everything that the stand-in knows, as data: a test may read and change it at any time. Fields carry GitHub's names
 * where GitHub has them.
 */
export const createState = (options: GitHubOptions = {}, now: () => Date = () => new Date()) => {
  let lastId = 1000
  return {
    owner: { login: options.owner ?? 'acme', id: options.ownerId ?? 1, type: options.ownerType ?? 'Organization' },
    repository: { name: options.repository ?? 'shop', id: options.repositoryId ?? 2, private: options.private ?? true },
    plan: options.plan ?? 'enterprise',
    defaultBranch: options.defaultBranch ?? 'main',
    /** Merge methods and the like, as `GET /repos` shows them. */
    settings: {
      allow_merge_commit: true,
      allow_squash_merge: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      allow_update_branch: false,
      delete_branch_on_merge: false,
    } as Record<string, unknown>,
    git: options.git ?? memoryGit(),
    deployments: [] as Deployment[],
    statuses: [] as CommitStatus[],
    pulls: [] as Pull[],
    comments: [] as Comment[],
    workflows: [] as Workflow[],
    dispatches: [] as Dispatch[],
    runs: [] as Run[],
    jobs: [] as Job[],
    environments: [] as Environment[],
    rulesets: [] as Ruleset[],
    labels: [] as Label[],
    users: [...(options.users ?? [{ login: 'octocat', id: 583231 }])],
    teams: [...(options.teams ?? [])],
    oidc: { use_default: true, use_immutable_subject: true } as {
      use_default: boolean
      include_claim_keys?: string[]
      use_immutable_subject: boolean
    },
    actions: { enabled: true, allowed_actions: 'all', sha_pinning_required: false } as {
      enabled: boolean
      allowed_actions: string
      sha_pinning_required: boolean
    },
    workflowPermissions: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    /** Every request and its answer, in order. */
    calls: [] as { method: string; path: string; status: number; by: string | undefined; body: unknown }[],
    nextId: () => ++lastId,
    time: () =>
      now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
  }
}

export type GitHubState = ReturnType<typeof createState>
