import type { Configuration } from '../../lib/delivery/configuration.ts'
import { REGISTRY } from '../../lib/delivery/names.ts'
import { calledFile, hasToken, isCalled } from './rule.ts'
import type { Job, Workflow } from './workflow.ts'

/** A job that asks AWS for a role: what its token says, and what it is for. */
export type Use = {
  workflow: string
  /** The called workflow that holds the job. */
  file: string
  branch: string
  /** GitHub environment that the job names. */
  environment: string | undefined
  /** `environment/purpose` of the roles that it must get, and no other. */
  roles: string[]
}

export const branches = ({ environments }: Configuration): string[] => Object.values(environments).map(({ branch }) => branch)

export const promotedEnvironments = ({ environments }: Configuration): string[] =>
  Object.keys(environments).filter((name) => environments[name]?.promotesFrom !== undefined)

const lastEnvironments = ({ environments }: Configuration): string[] =>
  Object.keys(environments).filter((name) => !Object.values(environments).some(({ promotesFrom }) => promotesFrom === name))

/** What the workflow asks plan-delivery for: one operation, or those among which a person chooses. */
export const operations = ({ jobs, on }: Workflow): string[] =>
  Object.values(jobs)
    .filter((job) => calledFile(job) === '_plan.yml')
    .flatMap((job) => {
      const operation = String(job.with?.['operation'] ?? 'deliver')
      const input = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(operation)?.[1]
      return input === undefined ? [operation] : (on['workflow_dispatch']?.inputs[input]?.options ?? [])
    })

/** Every (environment, branch, called file) with which a run of these workflows can ask for a role, and the roles it needs. */
export const roleUses = (workflows: Workflow[], configuration: Configuration): Use[] =>
  workflows
    .filter((workflow) => !isCalled(workflow))
    .flatMap((workflow) =>
      Object.values(workflow.jobs).flatMap((job) => {
        const called = workflows.find(({ file }) => file === calledFile(job))
        const asking = Object.values(called?.jobs ?? {}).filter(hasToken)
        return called === undefined ? [] : asking.flatMap((each) => usesOf(workflow, called.file, each, configuration))
      }),
    )

const usesOf = (workflow: Workflow, file: string, job: Job, configuration: Configuration): Use[] =>
  [...new Set(environmentsOf(workflow, file, configuration))].flatMap((name) => {
    const branch = configuration.environments[name]?.branch ?? ''
    const environment = job.environment?.replace(/\$\{\{\s*inputs\.environment\s*\}\}/, name)
    return [{ workflow: workflow.file, file, branch, environment, roles: rolesFor(file, name, environment, configuration) }]
  })

/** The environments for which a run can get as far as this file. What plan-delivery refuses by the operation is left out. */
const environmentsOf = (workflow: Workflow, file: string, configuration: Configuration): string[] => {
  const all = Object.keys(configuration.environments)
  const first = all.filter((name) => configuration.environments[name]?.promotesFrom === undefined)
  // The environment `budget` takes runs of the default branch only; schedules run there.
  if (file === '_budget.yml') return lastEnvironments(configuration)
  const asked = operations(workflow)
  if (asked.length === 0) return all
  return asked.flatMap((operation) => {
    if (operation === 'hotfix') return lastEnvironments(configuration)
    if (operation === 'deliver') return file === '_build.yml' ? first : all
    return operation === 'promote' ? promotedEnvironments(configuration) : all
  })
}

const rolesFor = (
  file: string,
  environment: string,
  jobEnvironment: string | undefined,
  configuration: Configuration,
): string[] => {
  const purpose = /^_(\w+)\.yml$/.exec(file)?.[1] ?? file
  if (purpose === 'plan' || purpose === 'reconcile') {
    return [REGISTRY, ...Object.keys(configuration.environments)].map((place) => `${place}/read`)
  }
  if (purpose === 'budget') return Object.keys(configuration.environments).map((place) => `${place}/budget`)
  // What is to be approved is prepared before anybody approves.
  if (purpose === 'infra' && jobEnvironment === undefined) return [`${environment}/prepare`]
  return [`${purpose === 'build' ? REGISTRY : environment}/${purpose}`]
}
