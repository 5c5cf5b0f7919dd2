import type { Configuration } from '../../lib/delivery/configuration.ts'
import type { Job, Path, Step, Workflow } from './workflow.ts'

/** What an action.yml says. */
export type ActionContract = { using: string; inputs: string[]; outputs: string[] }

/** All that a rule may look at. */
export type World = {
  workflows: Workflow[]
  /** By the name of the folder in `actions/`. */
  actions: Record<string, ActionContract>
  configuration: Configuration
}

export type Problem = { at: Path; message: string }
export type Rule = { id: string; check: (workflow: Workflow, world: World) => Problem[] }
export type Finding = { rule: string; file: string; line: number; message: string }

/** Everything that any rule finds in any workflow, by file and line. */
export const judge = (rules: Rule[], world: World): Finding[] =>
  world.workflows.flatMap((workflow) =>
    rules
      .flatMap(({ id, check }) =>
        check(workflow, world).map(({ at, message }) => ({ rule: id, file: workflow.file, line: workflow.lineOf(at), message })),
      )
      .toSorted((one, other) => one.line - other.line),
  )

/** A rule that looks at one job at a time. */
export const eachJob =
  (check: (job: Job, key: string, workflow: Workflow, world: World) => string[]) =>
  (workflow: Workflow, world: World): Problem[] =>
    Object.entries(workflow.jobs).flatMap(([key, job]) =>
      check(job, key, workflow, world).map((message) => ({ at: ['jobs', key], message: `job '${key}' ${message}` })),
    )

/** A rule that looks at one step at a time. */
export const eachStep =
  (check: (step: Step, job: Job, workflow: Workflow, place: { index: number; at: Path }, world: World) => string[]) =>
  (workflow: Workflow, world: World): Problem[] =>
    Object.entries(workflow.jobs).flatMap(([key, job]) =>
      job.steps.flatMap((step, index) => {
        const at = ['jobs', key, 'steps', index]
        return check(step, job, workflow, { index, at }, world).map((message) => ({ at, message }))
      }),
    )

/** A workflow that only others call. */
export const isCalled = ({ on }: Workflow): boolean => Object.keys(on).every((event) => event === 'workflow_call')

/** The file that a job calls, `_deploy.yml`. */
export const calledFile = ({ uses }: Job): string | undefined => /^\.\/\.github\/workflows\/([\w.-]+)$/.exec(uses ?? '')?.[1]

/** The own action that a step runs, `deploy-service`. */
export const ownAction = ({ uses }: Step): string | undefined => /^\.\/actions\/([\w-]+)$/.exec(uses ?? '')?.[1]

/** `owner/name` of an action of somebody else. */
export const foreignAction = (uses: string | undefined): string | undefined =>
  uses === undefined || uses.startsWith('.') || uses.startsWith('$') ? undefined : uses.split('@')[0]

export const permissionsOf = ({ permissions }: Job): Record<string, string> =>
  typeof permissions === 'object' ? permissions : {}

export const hasToken = (job: Job): boolean => permissionsOf(job)['id-token'] === 'write'
