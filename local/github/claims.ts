/** What a job of a workflow run is, as far as its OIDC token says. */
export type GitHubJob = {
  owner: string
  ownerId: number
  repository: string
  repositoryId: number
  /** Full ref: `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  ref: string
  sha: string
  event: 'push' | 'pull_request' | 'workflow_dispatch' | 'schedule'
  /** File of the workflow that was started, `deliver.yml`. */
  workflowFile: string
  /** File of the called workflow that holds the job, `_deploy.yml`; without it the job sits in `workflowFile`. */
  jobWorkflowFile?: string
  /** Name of the deployment environment that the job names. */
  environment?: string
  /** `immutable` embeds the ids (repositories since July 2026); `name` is the older form. */
  subject?: 'immutable' | 'name'
  runId?: number
  runAttempt?: number
  actor?: string
  actorId?: number
}

export type Claims = Record<string, string>

const subjectOf = (job: GitHubJob): string => {
  const repository =
    job.subject === 'name'
      ? `${job.owner}/${job.repository}`
      : `${job.owner}@${job.ownerId}/${job.repository}@${job.repositoryId}`
  // GitHub's precedence: the environment hides the event, a pull request hides its ref.
  if (job.environment !== undefined) return `repo:${repository}:environment:${job.environment.replaceAll(':', '%3A')}`
  if (job.event === 'pull_request') return `repo:${repository}:pull_request`
  return `repo:${repository}:ref:${job.ref}`
}

/** The claims of that job's token, all that GitHub sends except the registered times and the audience. */
export const gitHubClaims = (job: GitHubJob): Claims => {
  const repository = `${job.owner}/${job.repository}`
  const workflow = (file: string) => `${repository}/.github/workflows/${file}@${job.ref}`
  return {
    sub: subjectOf(job),
    ref: job.ref,
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'true',
    sha: job.sha,
    repository,
    repository_id: String(job.repositoryId),
    repository_owner: job.owner,
    repository_owner_id: String(job.ownerId),
    repository_visibility: 'private',
    run_id: String(job.runId ?? 1),
    run_number: '1',
    run_attempt: String(job.runAttempt ?? 1),
    actor: job.actor ?? job.owner,
    actor_id: String(job.actorId ?? job.ownerId),
    event_name: job.event,
    workflow: job.workflowFile,
    workflow_ref: workflow(job.workflowFile),
    workflow_sha: job.sha,
    job_workflow_ref: workflow(job.jobWorkflowFile ?? job.workflowFile),
    job_workflow_sha: job.sha,
    runner_environment: 'github-hosted',
    ...(job.environment === undefined ? {} : { environment: job.environment }),
  }
}
