import { stringify } from 'yaml'
import { shouldRun } from './check-jobs.ts'
import { guard } from './data-in-act.ts'
import { calledFile, needsOf } from './definition.ts'
import { outcomeOf, STUB, type Started } from './run-state.ts'

/** Jobs of the started file that have not run and would, or that wait for one of those. */
const remaining = (started: Started): string[] => {
  const { definition } = started
  const { jobs } = definition
  const left: string[] = []
  const judge = (id: string): void => {
    const job = jobs[id] ?? {}
    const needs = needsOf(job)
    for (const need of needs) judge(need)
    if (left.includes(id) || outcomeOf(started, definition, id).result !== 'skipped') return
    if (needs.some((need) => left.includes(need)) || shouldRun(started, { definition, id, job })) left.push(id)
  }
  for (const id of Object.keys(jobs)) judge(id)
  return left
}

/** Ends as the job did, with its outputs. */
const stub = (started: Started, id: string): object => {
  const { result, outputs } = outcomeOf(started, started.definition, id)
  const named = Object.entries(outputs).map(([name, value], index) => ({
    name,
    value: String(value ?? ''),
    variable: `OUTPUT_${index}`,
  }))
  const lines = named.map(
    ({ name, variable }) => `{ echo '${name}<<END_OF_OUTPUT'; printenv ${variable}; echo END_OF_OUTPUT; } >> "$GITHUB_OUTPUT"`,
  )
  return {
    name: `${STUB}${id}`,
    'runs-on': 'ubuntu-24.04',
    if: result === 'skipped' ? 'false' : 'always()',
    outputs: Object.fromEntries(named.map(({ name }) => [name, `\${{ steps.outputs.outputs['${name}'] }}`])),
    steps: [
      {
        id: 'outputs',
        env: Object.fromEntries(named.map(({ variable, value }) => [variable, guard(value)])),
        run: ['true', ...lines].join('\n'),
      },
      ...(result === 'failure' ? [{ run: 'exit 1' }] : []),
    ],
  }
}

/**
 * act ends a run at the stage in which a called workflow failed, where GitHub goes on with jobs that ask for it (`!cancelled()`).
 * This is the same file with the jobs that are left, word for word, after jobs that end as those before them did; undefined
 * where none is left.
 */
export const continuation = (started: Started): string | undefined => {
  const { jobs, file: _, ...top } = started.definition
  const left = remaining(started)
  const hasFailed = Object.entries(jobs).some(
    ([id, job]) => calledFile(job) !== undefined && outcomeOf(started, started.definition, id).result === 'failure',
  )
  if (!hasFailed || left.length === 0) return undefined
  const rest = Object.entries(jobs).map(([id, job]) => [id, left.includes(id) ? job : stub(started, id)])
  return stringify({ ...top, jobs: Object.fromEntries(rest) }, { lineWidth: 0 })
}
