import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { act } from './act.ts'
import { actLog, type JobRun } from './act-log.ts'
import { deviations, results } from './check-jobs.ts'
import { continuation } from './continuation.ts'
import { readDefinitions } from './definition.ts'
import { inputsOf, only, payloadOf, type RunOptions, refOf } from './event.ts'
import type { Contexts, Standing } from './expressions.ts'
import { jobEnvironment, PLACEHOLDER } from './job-environment.ts'
import { grantsAt, outcomeOf, places, STUB, type Started } from './run-state.ts'
import { stepServer } from './steps.ts'
import type { WorkflowWorld } from './world.ts'

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
    base_ref: options.pull?.base ?? '',
    sha: at.sha,
    event: payload,
    run_id: String(runId),
    actor,
  }
  const started: Started = { definition: only(definition, options.job), definitions, inputs, github, log }
  for (const each of places(started)) grantsAt(started, each)
  writeFileSync(join(folder, 'event.json'), JSON.stringify(payload))
  const env = {
    ...world.docker.env,
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    SLIPWAY_ORIGIN: `file://${world.scratch.origin}`,
    GITHUB_ACTOR: actor,
    GITHUB_API_URL: world.cloud.github.url,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
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
  const give = jobEnvironment(world, started, job, options.approval)
  const steps = await stepServer(log.jobOf, (run) => give(run, env))
  try {
    const { path } = world
    const given = { ...env, SLIPWAY_STEPS: steps.url }
    const all = {
      workflows,
      file,
      event,
      ...(options.job !== undefined && { job: options.job }),
      payload,
      env: given,
      path,
      token: PLACEHOLDER,
      log,
    }
    const exit = await act({ ...all, folder: join(folder, 'act') })
    const text = log.jobs.size === 0 ? undefined : continuation(started)
    if (text !== undefined) await act({ ...all, folder: join(folder, 'continued'), text })
    const runs = [...log.jobs.values()].filter(({ path: name }) => !name.startsWith(`${definition.name}/${STUB}`))
    if (runs.length === 0) throw new Error(`act ran no job and ended with ${exit}:\n${log.rest.join('\n')}`)
    const wrong = deviations(started)
    if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n${runs.map((run) => run.log).join('\n')}\n${log.rest.join('\n')}`)
    const ids = Object.keys(started.definition.jobs)
    return {
      runId,
      jobs: results(started),
      outputs: Object.fromEntries(ids.map((id) => [id, outcomeOf(started, started.definition, id).outputs])),
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
