import type { Pull } from '../../local/github/api/state.ts'
import type { GitHubJob } from '../../local/github/claims.ts'
import { type Definition, needsOf } from './definition.ts'
import type { Contexts } from './expressions.ts'
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
  /** This job and what it needs, nothing else. */
  job?: string
  /** Called before a job in a deployment environment starts, where GitHub would wait for reviewers. */
  approval?: (environment: string) => Promise<void>
  /** Defaults to a number of its own; an attempt is another run of the same. */
  runId?: number
  attempt?: number
}

/** What GitHub checks out for the event. */
export const refOf = (world: WorkflowWorld, { event, branch, pull }: RunOptions): { ref: string; sha: string } => {
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

/** The file without the jobs that are not asked for. */
export const only = (definition: Definition, job: string | undefined): Definition => {
  if (job === undefined) return definition
  const asked = definition.jobs[job]
  if (asked === undefined) throw new Error(`${definition.file} has no job ${job}`)
  const kept = [job, ...needsOf(asked)]
  return { ...definition, jobs: Object.fromEntries(Object.entries(definition.jobs).filter(([id]) => kept.includes(id))) }
}

/** Inputs as GitHub gives them: those left out have their default, booleans are booleans. */
export const inputsOf = ({ on }: Definition, given: Record<string, string | boolean> = {}): Contexts => {
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

/** The event's payload, as far as something reads it. */
export const payloadOf = (
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
  // The payload of GitHub has every input as text; only the context `inputs` knows types.
  const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]))
  if (pull === undefined) return { ...shared, ref, after: sha, inputs: texts }
  const side = (name: string) => ({ ref: name, sha: world.scratch.head(name), repo: repository })
  const { number, title, body } = pull
  return {
    ...shared,
    action: 'synchronize',
    number,
    pull_request: { number, title, body, base: side(pull.base), head: side(pull.head) },
  }
}
