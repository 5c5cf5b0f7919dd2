import { calledFile, eachStep, isCalled, ownAction, type Problem, type Rule } from '../rule.ts'
import { branches, operations, promotedEnvironments } from '../trust.ts'
import type { Path, Workflow } from '../workflow.ts'

/** The operations that may bring an image into being. */
const BUILDING = ['deliver', 'hotfix']
const WANTED = "needs.plan.outputs.build == 'true'"

export const delivery: Rule[] = [
  {
    id: 'no-rebuild-on-promotion',
    check: (workflow, world) => [
      ...Object.entries(workflow.jobs)
        .filter(([, job]) => calledFile(job) === '_build.yml')
        .flatMap(([key, job]) => {
          const at = ['jobs', key]
          const other = operations(workflow).find((operation) => !BUILDING.includes(operation))
          if (other !== undefined) return [{ at, message: `'${other}' moves images that exist: it must not build` }]
          return job.if === WANTED ? [] : [{ at, message: `builds only where the plan says so: 'if: ${WANTED}'` }]
        }),
      ...eachStep((step) => {
        const builds = ownAction(step) === 'build-push-image' || /\bdocker\s+(buildx\s+)?(build|bake|push)\b/.test(step.run ?? '')
        return builds && workflow.file !== '_build.yml' ? ['images are built in _build.yml alone'] : []
      })(workflow, world),
    ],
  },
  {
    // A text that a person types may hold anything; our actions and called workflows take it as data and check it.
    id: 'dispatch-validated',
    check: (workflow) => {
      const free = freeTexts(workflow)
      return workflow.texts
        .filter(({ path }) => path[0] !== 'run-name' && !isHandedOn(workflow, path))
        .flatMap(({ path, text }) =>
          free
            .filter((name) => new RegExp(`\\binputs(\\.${name}\\b|\\s*\\[|\\s*\\))`).test(text))
            .map((name) => ({
              at: path,
              message: `the free text '${name}' may go to own actions and called workflows alone, by 'with'`,
            })),
        )
    },
  },
  {
    id: 'matches-configuration',
    check: (workflow, { configuration }) => {
      if (isCalled(workflow)) return []
      const all = branches(configuration)
      const environments = operations(workflow).includes('promote')
        ? promotedEnvironments(configuration)
        : Object.keys(configuration.environments)
      return [
        ...(['push', 'pull_request'] as const).flatMap((event) =>
          differs(['on', event, 'branches'], workflow.on[event]?.branches, all, 'branches'),
        ),
        ...differs(
          ['on', 'workflow_dispatch', 'inputs', 'environment', 'options'],
          workflow.on['workflow_dispatch']?.inputs['environment']?.options,
          environments,
          'environments',
        ),
        ...gatedBranches(workflow).flatMap(({ at, named }) =>
          differs(
            at,
            named,
            promotedEnvironments(configuration).flatMap((name) => configuration.environments[name]?.branch ?? []),
            'branches',
          ),
        ),
      ]
    },
  },
]

const freeTexts = ({ on }: Workflow): string[] =>
  Object.entries(on['workflow_dispatch']?.inputs ?? {})
    .filter(([, { type }]) => !['choice', 'boolean', 'environment'].includes(type))
    .map(([name]) => name)

const isHandedOn = ({ jobs }: Workflow, path: Path): boolean => {
  const job = jobs[String(path[1])]
  if (path[2] === 'with') return job !== undefined && calledFile(job) !== undefined
  const step = path[2] === 'steps' && path[4] === 'with' ? job?.steps[Number(path[3])] : undefined
  return step !== undefined && ownAction(step) !== undefined
}

const differs = (at: Path, found: string[] | undefined, expected: string[], what: string): Problem[] => {
  if (found === undefined) return []
  const same = found.toSorted().join() === expected.toSorted().join()
  return same ? [] : [{ at, message: `delivery.json has the ${what} ${expected.join(', ')}, got ${found.join(', ')}` }]
}

/** Conditions on the branch that a pull request goes into. */
const gatedBranches = ({ jobs }: Workflow): { at: Path; named: string[] }[] =>
  Object.entries(jobs).flatMap(([key, job]) => {
    const named = [...String(job.if ?? '').matchAll(/github\.base_ref == '([^']*)'/g)].map(([, name = '']) => name)
    return named.length === 0 ? [] : [{ at: ['jobs', key, 'if'], named }]
  })
