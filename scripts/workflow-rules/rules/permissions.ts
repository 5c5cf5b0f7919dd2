import { calledFile, eachJob, permissionsOf, type Rule, type World } from '../rule.ts'
import type { Job, Workflow } from '../workflow.ts'

const LEVELS = ['none', 'read', 'write']

export const permissions: Rule[] = [
  {
    id: 'excessive-permissions',
    check: (workflow, world) => [
      ...(isEmpty(workflow.permissions)
        ? []
        : [{ at: ['permissions'], message: "the workflow must start from 'permissions: {}'" }]),
      ...eachJob(({ permissions: own }) =>
        typeof own === 'object' ? [] : [`must list its permissions, got ${own === undefined ? 'none' : `'${own}'`}`],
      )(workflow, world),
    ],
  },
  {
    id: 'undocumented-permissions',
    check: (workflow) =>
      Object.entries(workflow.jobs).flatMap(([key, job]) =>
        Object.keys(permissionsOf(job))
          .map((name) => ({ name, at: ['jobs', key, 'permissions', name] }))
          .filter(({ at }) => !workflow.commentOf(at))
          .map(({ name, at }) => ({ at, message: `a comment on the same line must say what '${name}' is for` })),
      ),
  },
  {
    // GitHub refuses to start a run whose caller grants less, and silently gives away what it grants more.
    id: 'called-permissions',
    check: eachJob((job, _key, _workflow, world) => {
      const file = calledFile(job)
      const called = world.workflows.find((workflow) => workflow.file === file)
      if (called === undefined) return []
      const [given, needed] = [permissionsOf(job), needs(called, world)]
      return [...new Set([...Object.keys(given), ...Object.keys(needed)])]
        .filter((name) => given[name] !== needed[name])
        .map((name) => `grants '${name}: ${given[name] ?? 'none'}' to ${file}, which needs '${needed[name] ?? 'none'}'`)
    }),
  },
]

const isEmpty = (value: Workflow['permissions']): boolean => typeof value === 'object' && Object.keys(value).length === 0

/** The most that any job of the called file asks for. */
const needs = ({ jobs }: Workflow, world: World): Record<string, string> => {
  const most: Record<string, string> = {}
  for (const job of Object.values(jobs)) {
    for (const [name, level] of Object.entries(needsOf(job, world))) {
      if (LEVELS.indexOf(level) > LEVELS.indexOf(most[name] ?? 'none')) most[name] = level
    }
  }
  return most
}

const needsOf = (job: Job, world: World): Record<string, string> => {
  const next = world.workflows.find(({ file }) => file === calledFile(job))
  return next === undefined ? permissionsOf(job) : needs(next, world)
}
