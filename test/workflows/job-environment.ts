import { type GitHubJob, gitHubClaims } from '../../local/github/claims.ts'
import type { JobRun } from './act-log.ts'
import type { RunOptions } from './event.ts'
import { apiPermissions } from './grants.ts'
import { environmentAt, grantsAt, placeOf, type Started } from './run-state.ts'
import type { StepEnvironment } from './steps.ts'
import type { WorkflowWorld } from './world.ts'

/** Stands for GITHUB_TOKEN in act, which knows only one; each job's own takes its place. */
export const PLACEHOLDER = 'ghs_placeholder_for_the_token_of_a_job'

/** What one job has that no other has: its token, its identity, and what the runner says of the run. */
export const jobEnvironment = (
  world: WorkflowWorld,
  started: Started,
  job: Omit<GitHubJob, 'jobWorkflowFile' | 'environment'>,
  approval: RunOptions['approval'],
) => {
  const tokens = new Map<string, string>()
  return async (run: JobRun, env: Record<string, string>): Promise<StepEnvironment> => {
    const place = placeOf(started, run)
    const grants = grantsAt(started, place)
    const environment = environmentAt(started, place)
    if (!tokens.has(run.path) && environment !== undefined) await approval?.(environment)
    const token = tokens.get(run.path) ?? world.cloud.github.tokens.forJob(apiPermissions(grants))
    tokens.set(run.path, token)
    const claims = gitHubClaims({
      ...job,
      jobWorkflowFile: place.definition.file,
      ...(environment !== undefined && { environment }),
    })
    const oidc = grants['id-token'] === 'write' ? world.cloud.issuer.job(claims) : undefined
    const identity = oidc && { ACTIONS_ID_TOKEN_REQUEST_URL: oidc.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.token }
    return { env: { ...env, ...identity }, replace: { [PLACEHOLDER]: token } }
  }
}
