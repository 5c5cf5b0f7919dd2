import { readFileSync } from 'node:fs'

/** What the runner says of the run. Fields are empty strings where an action is started by hand. */
export type RunContext = {
  /** `push`, `workflow_dispatch`, `pull_request`, … */
  event: string
  /** `refs/heads/dev` */
  ref: string
  sha: string
  actor: string
  /** `owner/name` */
  repository: string
  runId: string
  runAttempt: string
  /** Address of GitHub's REST API; GitHub Enterprise Server has one of its own. */
  apiUrl: string
  /** Address of the run's page. */
  runUrl: string
  workspace: string
  /** The folder that the runner empties after the job. */
  temporary: string
  /** The event's payload; an empty object where there is none. */
  payload: Record<string, unknown>
}

export const runContext = (env: NodeJS.ProcessEnv = process.env): RunContext => {
  const read = (name: string): string => env[name] ?? ''
  const repository = read('GITHUB_REPOSITORY')
  const runId = read('GITHUB_RUN_ID')
  return {
    event: read('GITHUB_EVENT_NAME'),
    ref: read('GITHUB_REF'),
    sha: read('GITHUB_SHA'),
    actor: read('GITHUB_ACTOR'),
    repository,
    runId,
    runAttempt: read('GITHUB_RUN_ATTEMPT'),
    apiUrl: read('GITHUB_API_URL'),
    runUrl: runId === '' ? '' : `${read('GITHUB_SERVER_URL') || 'https://github.com'}/${repository}/actions/runs/${runId}`,
    workspace: read('GITHUB_WORKSPACE') || process.cwd(),
    temporary: read('RUNNER_TEMP') || process.cwd(),
    payload: payload(read('GITHUB_EVENT_PATH')),
  }
}

const payload = (path: string): Record<string, unknown> => {
  if (path === '') return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`the event file '${path}' named by GITHUB_EVENT_PATH cannot be read`, { cause })
  }
}
