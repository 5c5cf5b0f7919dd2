import type { Configuration, Environment } from './configuration.ts'
import { jobEnvironment, oidcProviderArn, type Purpose, REGISTRY, roleArn, roleName } from './names.ts'
import { type Conditions, type TrustPolicy, trustPolicy } from './trust.ts'

/** Who signs the tokens of GitHub's jobs, without the scheme. */
export const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

export type Role = {
  arn: string
  account: string
  name: string
  purpose: Purpose
  /** Environment of `delivery.json`; `registry` for the roles of the registry's account. */
  environment: string
  trust: TrustPolicy
}

/** Everyone who may do anything, as plain JSON: the infrastructure and the local cloud both take it from here. */
export type Identity = { accounts: string[]; roles: Role[] }

type Place = { account: string; region: string }

export const identity = (configuration: Configuration): Identity => {
  const { registry, environments } = configuration
  const roles = [
    role(configuration, registry, REGISTRY, 'build', buildTrust(configuration)),
    role(configuration, registry, REGISTRY, 'read', readTrust(configuration)),
    ...Object.entries(environments).flatMap(([name, place]) => [
      role(configuration, place, name, 'deploy', [
        inEnvironment(configuration, jobEnvironment(name, 'deploy'), '_deploy.yml', place.branch),
      ]),
      role(configuration, place, name, 'prepare', [
        onBranch(configuration, place.branch, workflow(configuration, '_infra.yml', place.branch)),
      ]),
      role(configuration, place, name, 'infra', [
        inEnvironment(configuration, jobEnvironment(name, 'infra'), '_infra.yml', place.branch),
      ]),
      role(configuration, place, name, 'read', readTrust(configuration)),
      role(configuration, place, name, 'budget', budgetTrust(configuration)),
    ]),
  ]
  return { accounts: [...new Set(roles.map(({ account }) => account))].toSorted(), roles }
}

const role = (
  { project }: Configuration,
  place: Place,
  environment: string,
  purpose: Purpose,
  conditions: Conditions[],
): Role => {
  const name = roleName(project, environment, purpose)
  const trust = trustPolicy(oidcProviderArn(place, ISSUER), conditions)
  return { arn: roleArn(place, name), account: place.account, name, purpose, environment, trust }
}

/** Images are built where they enter, and on the last branch for hotfixes. */
const buildTrust = (configuration: Configuration): Conditions[] =>
  [...new Set([...firstBranches(configuration), ...lastBranches(configuration)])].map((branch) =>
    inEnvironment(configuration, jobEnvironment(REGISTRY, 'build'), '_build.yml', branch),
  )

/** Schedules run on the default branch, which is that of the last environment. */
const budgetTrust = (configuration: Configuration): Conditions[] =>
  lastBranches(configuration).map((branch) =>
    inEnvironment(configuration, jobEnvironment(REGISTRY, 'budget'), '_budget.yml', branch),
  )

const inEnvironment = (configuration: Configuration, environment: string, file: string, branch: string): Conditions =>
  claims({
    aud: AUDIENCE,
    sub: `${subject(configuration)}:environment:${environment}`,
    ...ids(configuration),
    environment,
    ref: `refs/heads/${branch}`,
    job_workflow_ref: workflow(configuration, file, branch),
  })

/** Jobs that read name no environment, so `sub` has the branch: each environment's plan reads the one before. */
const readTrust = (configuration: Configuration): Conditions[] =>
  Object.values(configuration.environments).map(({ branch }) =>
    onBranch(
      configuration,
      branch,
      ['_plan.yml', '_reconcile.yml'].map((file) => workflow(configuration, file, branch)),
    ),
  )

/** A job that names no environment. */
const onBranch = (configuration: Configuration, branch: string, workflows: string | string[]): Conditions =>
  claims({
    aud: AUDIENCE,
    sub: `${subject(configuration)}:ref:refs/heads/${branch}`,
    ...ids(configuration),
    ref: `refs/heads/${branch}`,
    job_workflow_ref: workflows,
  })

const claims = (values: Conditions): Conditions =>
  Object.fromEntries(Object.entries(values).map(([claim, value]) => [`${ISSUER}:${claim}`, value]))

/** GitHub's immutable form carries the ids, so that a name that was given up and taken by another owner does not match. */
const subject = ({ repository }: Configuration): string => {
  const { owner, ownerId, name, id, subject = 'immutable' } = repository
  return subject === 'name' ? `repo:${owner}/${name}` : `repo:${owner}@${ownerId}/${name}@${id}`
}

const ids = ({ repository }: Configuration): Conditions => ({
  repository_owner_id: String(repository.ownerId),
  repository_id: String(repository.id),
})

const workflow = ({ repository: { owner, name } }: Configuration, file: string, branch: string): string =>
  `${owner}/${name}/.github/workflows/${file}@refs/heads/${branch}`

const firstBranches = ({ environments }: Configuration): string[] =>
  Object.values(environments)
    .filter((environment) => environment.promotesFrom === undefined)
    .map(({ branch }) => branch)

/** Branches of the environments from which nothing is promoted further. */
const lastBranches = ({ environments }: Configuration): string[] => {
  const isUpstream = (name: string): boolean =>
    Object.values(environments).some((environment: Environment) => environment.promotesFrom === name)
  return Object.entries(environments)
    .filter(([name]) => !isUpstream(name))
    .map(([, { branch }]) => branch)
}
