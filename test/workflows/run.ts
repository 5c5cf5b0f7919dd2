import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Pull } from '../../local/github/api/state.ts'
import { type GitHubJob, gitHubClaims } from '../../local/github/claims.ts'
import { act } from './act.ts'
import { actLog, type JobRun } from './act-log.ts'
import { deviations, results } from './check-jobs.ts'
import { type Definition, readDefinitions } from './definition.ts'
import type { Contexts, Standing } from './expressions.ts'
import { apiPermissions } from './grants.ts'
import { environmentAt, grantsAt, outcomeOf, placeOf, places, type Started } from './run-state.ts'
import { type StepEnvironment, stepServer } from './steps.ts'
import type { WorkflowWorld } from './world.ts'

export type RunOptions = {
  /** `deliver.yml` */
  file: string
  event: GitHubJob['event']
  /** Branch; with a pull request its base is taken, with a schedule the default branch. */
  branch?: string
  pull?: Pull
  inputs?: Record<string, string | boolean>
  actor?: string
  /** Defaults to a number of its own; an attempt is another run of the same. */
  runId?: number
  attempt?: number
}

export type WorkflowRun = {
  runId: number
  /** How each job of the file ended; one that calls a workflow counts as one. */
  jobs: Record<string, Standing>
  outputs: Record<string, Contexts>
  log: string
  summaries: string
  /** What act said of each job, those of called workflows under `calling job/workflow/job`. */
  runs: JobRun[]
  milliseconds: number
}

/** Stands for GITHUB_TOKEN in act, which knows only one; each job's own takes its place. */
const PLACEHOLDER = 'ghs_placeholder_for_the_token_of_a_job'

const refOf = (world: WorkflowWorld, { event, branch, pull }: RunOptions): { ref: string; sha: string } => {
  const { state } = world.cloud.github
  if (pull !== undefined) {
    const ref = `refs/pull/${pull.number}/merge`
    const sha = state.git.refs()[ref]
    if (sha === undefined) throw new Error(`pull request ${pull.number} has conflicts; GitHub starts no workflow for it`)
    return { ref, sha }
  }
  const name = event === 'schedule' ? state.defaultBranch : (branch ?? state.defaultBranch)
  return { ref: `refs/heads/${name}`, sha: world.scratch.head(name) }
}

/** Inputs as GitHub gives them: those left out have their default, booleans are booleans. */
const inputsOf = ({ on }: Definition, given: Record<string, string | boolean> = {}): Contexts => {
  const declared = on.workflow_dispatch?.inputs ?? {}
  const unknown = Object.keys(given).filter((name) => declared[name] === undefined)
  if (unknown.length > 0) throw new Error(`the workflow has no input ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type, default: fallback }]) => {
      const value = given[name] ?? fallback ?? (type === 'boolean' ? false : '')
      return [name, type === 'boolean' ? String(value) === 'true' : String(value)]
    }),
  )
}

const payloadOf = (
  world: WorkflowWorld,
  { ref, sha }: { ref: string; sha: string },
  { pull, actor }: RunOptions,
  inputs: Contexts,
): object => {
  const { state } = world.cloud.github
  const repository = {
    id: state.repository.id,
    name: state.repository.name,
    full_name: `${state.owner.login}/${state.repository.name}`,
  }
  const shared = {
    repository: { ...repository, default_branch: state.defaultBranch, owner: state.owner },
    sender: { login: actor },
  }
  if (pull === undefined) return { ...shared, ref, after: sha, inputs }
  const side = (name: string) => ({ ref: name, sha: world.scratch.head(name), repo: repository })
  const { number, title, body } = pull
  return {
    ...shared,
    action: 'synchronize',
    number,
    pull_request: { number, title, body, base: side(pull.base), head: side(pull.head) },
  }
}

/** What one job has that no other has: its token, its identity, and what the runner says of the run. */
const environmentOf = (world: WorkflowWorld, started: Started, job: Omit<GitHubJob, 'jobWorkflowFile' | 'environment'>) => {
  const tokens = new Map<string, string>()
  return (run: JobRun, env: Record<string, string>): StepEnvironment => {
    const place = placeOf(started, run)
    const grants = grantsAt(started, place)
    const token = tokens.get(run.path) ?? world.cloud.github.tokens.forJob(apiPermissions(grants))
    tokens.set(run.path, token)
    const environment = environmentAt(started, place)
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

/**
 * Runs a workflow file of the scratch repository as GitHub would: the file of the commit, one identity and one token a job.
 * Rejects where act ran other jobs than GitHub's own expressions say, where a permission is asked for that a calling job does
 * not have, and where a workflow of a pull request conflicts. A red run resolves.
 */
export const runWorkflow = async (world: WorkflowWorld, options: RunOptions): Promise<WorkflowRun> => {
  const begun = performance.now()
  const { file, event, actor = 'octocat', attempt = 1 } = options
  const runId = options.runId ?? world.nextRun++
  const folder = join(world.folder, 'runs', `${runId}-${attempt}-${Math.round(begun)}`)
  mkdirSync(folder)
  const at = refOf(world, options)
  const workflows = world.scratch.workflowsOf(at.sha, join(folder, 'files'))
  const definitions = readDefinitions(workflows)
  const definition = definitions.get(file)
  if (definition === undefined) throw new Error(`${at.ref} has no workflow ${file}`)
  if (!(event in definition.on)) throw new Error(`${file} does not start at ${event}`)
  const { repository: place } = world.setting
  const inputs = inputsOf(definition, options.inputs)
  const log = actLog()
  const payload = payloadOf(world, at, { ...options, actor }, inputs)
  const branchName = at.ref.replace(/^refs\/(heads|tags|pull)\//, '')
  const github = {
    event_name: event,
    ref: at.ref,
    ref_name: branchName,
    sha: at.sha,
    event: payload,
    run_id: String(runId),
    actor,
  }
  const started: Started = { definition, definitions, inputs, github, log }
  for (const each of places(started)) grantsAt(started, each)
  const env = {
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    SLIPWAY_ORIGIN: `file://${world.scratch.origin}`,
    GITHUB_ACTOR: actor,
    GITHUB_API_URL: world.cloud.github.url,
    GITHUB_EVENT_NAME: event,
    GITHUB_REF: at.ref,
    GITHUB_REF_NAME: branchName,
    GITHUB_REPOSITORY: `${place.owner}/${place.repository}`,
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_RUN_ID: String(runId),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: at.sha,
    GITHUB_WORKFLOW: definition.name,
  }
  const job = { ...place, ...at, event, workflowFile: file, runId, runAttempt: attempt, actor }
  const give = environmentOf(world, started, job)
  const steps = await stepServer(log.jobOf, (run) => give(run, env))
  try {
    const path = [world.docker.folder]
    const given = { ...env, SLIPWAY_STEPS: steps.url }
    const exit = await act({ folder, workflows, file, event, payload, env: given, path, token: PLACEHOLDER, log })
    const runs = [...log.jobs.values()]
    if (runs.length === 0) throw new Error(`act ran no job and ended with ${exit}:\n${log.rest.join('\n')}`)
    const wrong = deviations(started)
    if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n${runs.map((run) => run.log).join('\n')}\n${log.rest.join('\n')}`)
    const ids = Object.keys(definition.jobs)
    return {
      runId,
      jobs: results(started),
      outputs: Object.fromEntries(ids.map((id) => [id, outcomeOf(started, definition, id).outputs])),
      log: runs.map((run) => run.log).join('\n'),
      summaries: runs.map((run) => run.summary).join('\n'),
      runs,
      milliseconds: performance.now() - begun,
    }
  } finally {
    await steps.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
