import { resolve } from './git.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { page, repositoryUrl, text } from './shown.ts'
import type { Dispatch, Job, Run, Workflow } from './state.ts'

const find = ({ state, params }: Request): Workflow => {
  const asked = params['workflow'] ?? ''
  const found = state.workflows.find(({ id, path }) => String(id) === asked || path.split('/').at(-1) === asked)
  if (found === undefined) throw notFound()
  return found
}

const show = ({ state, base }: Request, { id, name, path }: Workflow) => ({
  id,
  node_id: `W_${id}`,
  name,
  path,
  state: 'active',
  url: `${repositoryUrl(state, base)}/actions/workflows/${id}`,
  html_url: `${page(state)}/blob/${state.defaultBranch}/${path}`,
})

const showRun = ({ state, base }: Request, run: Run) => ({
  ...run,
  node_id: `WFR_${run.id}`,
  name: state.workflows.find(({ path }) => path === run.path)?.name ?? run.path,
  run_attempt: 1,
  url: `${repositoryUrl(state, base)}/actions/runs/${run.id}`,
  html_url: `${page(state)}/actions/runs/${run.id}`,
  updated_at: run.created_at,
})

const showJob = ({ state, base }: Request, job: Job, { id, head_branch, head_sha, created_at }: Run) => ({
  ...job,
  node_id: `CR_${job.id}`,
  head_branch,
  head_sha,
  run_attempt: 1,
  run_url: `${repositoryUrl(state, base)}/actions/runs/${id}`,
  url: `${repositoryUrl(state, base)}/actions/jobs/${job.id}`,
  html_url: `${page(state)}/actions/runs/${id}/job/${job.id}`,
  created_at,
  steps: [],
})

/** GitHub checks names, required inputs and choices before it starts anything; values arrive as text. */
const inputsOf = (workflow: Workflow, given: Record<string, unknown>): Record<string, string> => {
  const declared = workflow.inputs
  if (declared === undefined) throw new GitHubError(422, "Workflow does not have 'workflow_dispatch' trigger")
  const unexpected = Object.keys(given).filter((name) => declared[name] === undefined)
  if (unexpected.length > 0) throw new GitHubError(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  return Object.fromEntries(
    Object.entries(declared).map(([name, { required, default: fallback, options }]) => {
      const value = given[name] ?? fallback
      if (value === undefined && required) throw new GitHubError(422, `Required input '${name}' not provided`)
      if (options && value !== undefined && !options.includes(String(value)))
        throw new GitHubError(422, `Provided value '${value}' for input '${name}' not in the list of allowed values`)
      return [name, value === undefined ? '' : String(value)]
    }),
  )
}

const dispatch = (request: Request): Dispatch => {
  const { state, body, actor } = request
  const workflow = find(request)
  const ref = text(body, 'ref') ?? ''
  if (resolve(state.git, ref) === undefined) throw new GitHubError(422, `No ref found for: ${ref}`)
  const inputs = inputsOf(workflow, (body['inputs'] ?? {}) as Record<string, unknown>)
  const made = { workflow: workflow.path.split('/').at(-1) ?? '', ref, inputs, by: actor.login, at: state.time() }
  state.dispatches.push(made)
  return made
}

const path = '/repos/:owner/:repo/actions'
const docs = 'actions/workflows#'
const runDocs = 'actions/workflow-runs#'
const read: Route['needs'] = [['actions', 'read']]

export const workflowRoutes: Route[] = [
  {
    method: 'GET',
    path: `${path}/workflows/:workflow`,
    needs: read,
    docs: `${docs}get-a-workflow`,
    run: (request) => ({ body: show(request, find(request)) }),
  },
  {
    method: 'POST',
    path: `${path}/workflows/:workflow/dispatches`,
    needs: [['actions', 'write']],
    docs: `${docs}create-a-workflow-dispatch-event`,
    fields: { ref: 'string!', inputs: 'object' },
    run: (request) => {
      dispatch(request)
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${path}/runs`,
    needs: read,
    docs: `${runDocs}list-workflow-runs-for-a-repository`,
    run: (request) => {
      const { branch, event, status, head_sha } = request.query
      const is = (asked: string | undefined, ...values: (string | null)[]) => asked === undefined || values.includes(asked)
      const found = request.state.runs.filter(
        (run) =>
          is(branch, run.head_branch) &&
          is(event, run.event) &&
          is(status, run.status, run.conclusion) &&
          is(head_sha, run.head_sha),
      )
      return { list: found.toReversed().map((run) => showRun(request, run)), under: 'workflow_runs' }
    },
  },
  {
    method: 'GET',
    path: `${path}/runs/:run/jobs`,
    needs: read,
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run',
    run: (request) => {
      const { state, params } = request
      const found = state.runs.find(({ id }) => String(id) === params['run'])
      if (found === undefined) throw notFound()
      const jobs = state.jobs.filter(({ run_id }) => run_id === found.id)
      return { list: jobs.map((job) => showJob(request, job, found)), under: 'jobs' }
    },
  },
]
