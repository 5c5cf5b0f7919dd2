import { calledFile, eachStep, isCalled, ownAction, type Problem, type Rule } from '../rule.ts'
import { branches, operations, promotedEnvironments } from '../trust.ts'
import type { Workflow } from '../workflow.ts'

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
    check: ({ on, texts }) => {
      const free = Object.entries(on['workflow_dispatch']?.inputs ?? {}).filter(
        ([, { type }]) => !['choice', 'boolean', 'environment'].includes(type),
      )
      return texts
        .filter(({ path }) => !isHandedOn(path) && path[0] !== 'run-name')
        .flatMap(({ path, text }) =>
          free
            .filter(([name]) => new RegExp(`\\binputs\\.${name}\\b`).test(text))
            .map(([name]) => ({
              at: path,
              message: `the free text '${name}' may only be given to an action or a called workflow, by 'with'`,
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

const isHandedOn = (path: (string | number)[]): boolean => path.includes('with')

const differs = (at: (string | number)[], found: string[] | undefined, expected: string[], what: string): Problem[] => {
  if (found === undefined) return []
  const same = found.toSorted().join() === expected.toSorted().join()
  return same ? [] : [{ at, message: `delivery.json has the ${what} ${expected.join(', ')}, got ${found.join(', ')}` }]
}

/** Conditions on the branch that a pull request goes into. */
const gatedBranches = ({ jobs }: Workflow): { at: (string | number)[]; named: string[] }[] =>
  Object.entries(jobs).flatMap(([key, job]) => {
    const named = [...String(job.if ?? '').matchAll(/github\.base_ref == '([^']*)'/g)].map(([, name = '']) => name)
    return named.length === 0 ? [] : [{ at: ['jobs', key, 'if'], named }]
  })
