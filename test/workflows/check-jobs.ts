import { type Definition, needsOf } from './definition.ts'
import { runs, type Standing } from './expressions.ts'
import { inputsAt, needsContext, outcomeOf, type Place, places, runsOf, type Started } from './run-state.ts'

/** All jobs that a job needs, directly or through others: GitHub's `success()` asks for every one of them. */
const ancestors = (jobs: Definition['jobs'], id: string): string[] => {
  const direct = needsOf(jobs[id] ?? {})
  return [...new Set([...direct, ...direct.flatMap((each) => ancestors(jobs, each))])]
}

/** Whether GitHub would have run it, from its condition and from what became of the jobs that it needs. */
export const shouldRun = (started: Started, place: Place): boolean => {
  const needs = needsContext(started, place.definition, place.job, place.caller)
  const standings = ancestors(place.definition.jobs, place.id).map(
    (id) => outcomeOf(started, place.definition, id, place.caller).result,
  )
  return runs(place.job.if, { needs, inputs: inputsAt(started, place), github: started.github }, standings)
}

/**
 * act skips silently: a label that it does not know, a condition that it reads otherwise. So each job is judged once more
 * with GitHub's own expressions; what ran and should not have, or should have and did not, is named.
 */
export const deviations = (started: Started): string[] =>
  places(started).flatMap((place) => {
    const { definition, id, caller } = place
    const callerRuns = caller === undefined || shouldRun(started, { definition: started.definition, ...caller })
    const expected = callerRuns && shouldRun(started, place)
    const found = runsOf(started, place)
    const name = caller === undefined ? id : `${caller.id} / ${id} of ${definition.file}`
    if (expected && found.length === 0) return [`${name} did not run, though its condition holds`]
    if (!expected && found.length > 0) return [`${name} ran, though its condition does not hold`]
    return found.filter(({ result }) => result === undefined).map(({ path }) => `${path} has no result`)
  })

/** How each job of the started file ended; a called workflow counts as one. */
export const results = (started: Started): Record<string, Standing> =>
  Object.fromEntries(Object.keys(started.definition.jobs).map((id) => [id, outcomeOf(started, started.definition, id).result]))
