import type { GitHubClient } from './client.ts'
import { inWords, limited } from './explain.ts'

export type StatusState = 'success' | 'failure' | 'pending'

export type CommitStatus = {
  /** GitHub keeps one status for a commit and a context: the newest. */
  context: string
  state: StatusState
  /** At most 140 characters, or GitHub refuses it. */
  description: string
  /** Page with the details; left out where it is empty. */
  targetUrl: string
}

export interface Statuses {
  /** What the context says of a commit now; undefined where it never said anything. */
  latest(commit: string, context: string): Promise<{ state: string; description: string } | undefined>
  post(commit: string, status: CommitStatus): Promise<void>
}

/** Commit statuses of a repository. Rejects with a `Refusal` in words. */
export const commitStatuses = ({ rest, owner, repo }: GitHubClient): Statuses => ({
  latest: (commit, context) =>
    inWords(`the commit statuses of ${commit.slice(0, 12)} cannot be read`, 'statuses: write', async () => {
      // One entry a context, where a list of all statuses would be as long as the commit's life.
      const { data } = await rest.repos.getCombinedStatusForRef({ owner, repo, ref: commit, per_page: 100, ...limited() })
      const found = data.statuses.find((status) => status.context === context)
      return found && { state: found.state, description: found.description ?? '' }
    }),
  post: (sha, { context, state, description, targetUrl }) =>
    inWords(`the commit status '${context}' cannot be posted`, 'statuses: write', async () => {
      const target = targetUrl === '' ? {} : { target_url: targetUrl }
      await rest.repos.createCommitStatus({ owner, repo, sha, state, context, description, ...target, ...limited() })
    }),
})
