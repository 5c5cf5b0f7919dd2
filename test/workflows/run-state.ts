import type { ActLog, JobRun } from './act-log.ts'
import { calledFile, type Definition, type Grants, type Job, needsOf, titleOf } from './definition.ts'
import { type Contexts, interpolate, type Standing } from './expressions.ts'
import { grantsOf } from './grants.ts'

/** Where a job of a run is written down: in the file that was started, or in one that it calls. */
export type Place = { definition: Definition; id: string; job: Job; caller?: { id: string; job: Job } }

export type Outcome = { result: Standing; outputs: Contexts }

export type Started = {
  definition: Definition
  definitions: Map<string, Definition>
  inputs: Contexts
  /** The part of the `github` context that conditions and inputs of our files use. */
  github: Contexts
  log: ActLog
}

const definitionOf = ({ definitions }: Started, file: string): Definition => {
  const found = definitions.get(file)
  if (found === undefined) throw new Error(`no workflow is called ${file}`)
  return found
}

/** All jobs with steps, those of called workflows included. */
export const places = (started: Started): Place[] =>
  Object.entries(started.definition.jobs).flatMap(([id, job]): Place[] => {
    const file = calledFile(job)
    if (file === undefined) return [{ definition: started.definition, id, job }]
    const called = definitionOf(started, file)
    return Object.entries(called.jobs).map(([inner, of]) => ({ definition: called, id: inner, job: of, caller: { id, job } }))
  })

/** Begins the name of a job that only repeats how another ended, see `continuation`. */
export const STUB = 'Before: '

/** What act ran of a place: several jobs with a matrix, none where it was skipped. */
export const runsOf = ({ log }: Started, { definition, id, caller }: Place): JobRun[] => {
  const prefix = caller === undefined ? `${definition.name}/` : `${titleOf(caller.id, caller.job)}/${definition.name}/`
  return [...log.jobs.values()].filter(
    (run) => run.id === id && run.path.startsWith(prefix) && !run.path.startsWith(prefix + STUB),
  )
}

export const placeOf = (started: Started, run: JobRun): Place => {
  const found = places(started).filter((place) => runsOf(started, place).includes(run))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`act ran ${run.path}, which is ${found.length} jobs of the file`)
  return only
}

export const grantsAt = ({ definition }: Started, { definition: at, job, caller }: Place): Grants =>
  caller === undefined ? grantsOf(definition, job) : grantsOf(at, job, grantsOf(definition, caller.job))

const resultOf = (runs: JobRun[]): Standing => {
  if (runs.length === 0) return 'skipped'
  return runs.every(({ result }) => result === 'success') ? 'success' : 'failure'
}

/** Inputs of the file that a place is in: those of the run, or what the calling job gives. */
export const inputsAt = (started: Started, { definition, caller }: Place): Contexts => {
  if (caller === undefined) return started.inputs
  const declared = definition.on.workflow_call?.inputs ?? {}
  const defaults = Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input.default ?? '']))
  const { inputs, github } = started
  const contexts = { inputs, github, needs: needsContext(started, started.definition, caller.job) }
  const given = Object.entries(caller.job.with ?? {}).map(([name, value]) => [name, interpolate(value, contexts)])
  return { ...defaults, ...Object.fromEntries(given) }
}

const ownOutputs = (started: Started, place: Place): Contexts => {
  const steps = Object.assign({}, ...runsOf(started, place).map(({ outputs }) => outputs)) as Record<string, object>
  const contexts = {
    steps: Object.fromEntries(Object.entries(steps).map(([id, outputs]) => [id, { outputs }])),
    inputs: inputsAt(started, place),
    needs: needsContext(started, place.definition, place.job, place.caller),
  }
  return Object.fromEntries(Object.entries(place.job.outputs ?? {}).map(([name, value]) => [name, interpolate(value, contexts)]))
}

/** Result and outputs of a job of a file, as `needs` shows them. */
export const outcomeOf = (started: Started, definition: Definition, id: string, caller?: Place['caller']): Outcome => {
  const job = definition.jobs[id] ?? {}
  const file = calledFile(job)
  if (file === undefined) {
    const place: Place = { definition, id, job, ...(caller && { caller }) }
    const result = resultOf(runsOf(started, place))
    return { result, outputs: result === 'skipped' ? {} : ownOutputs(started, place) }
  }
  const called = definitionOf(started, file)
  const inner = Object.keys(called.jobs).map((each) => [each, outcomeOf(started, called, each, { id, job })] as const)
  const ran = inner.filter(([, { result }]) => result !== 'skipped')
  const isGood = ran.every(([, { result }]) => result === 'success')
  const result: Standing = ran.length === 0 ? 'skipped' : isGood ? 'success' : 'failure'
  const contexts = { jobs: Object.fromEntries(inner), inputs: {} }
  const declared = ran.length === 0 ? {} : (called.on.workflow_call?.outputs ?? {})
  return {
    result,
    outputs: Object.fromEntries(Object.entries(declared).map(([name, { value }]) => [name, interpolate(value, contexts)])),
  }
}

export const needsContext = (started: Started, definition: Definition, job: Job, caller?: Place['caller']): Contexts =>
  Object.fromEntries(needsOf(job).map((id) => [id, outcomeOf(started, definition, id, caller)]))

/** The name of the deployment environment that the job's token names. */
export const environmentAt = (started: Started, place: Place): string | undefined => {
  const { environment } = place.job
  const written = typeof environment === 'object' ? environment.name : environment
  if (written === undefined) return undefined
  const needs = needsContext(started, place.definition, place.job, place.caller)
  return String(interpolate(written, { inputs: inputsAt(started, place), needs }))
}
