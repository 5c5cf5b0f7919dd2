import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { jobEnvironment } from '../../lib/delivery/names.ts'
import type { Conditions } from '../../lib/delivery/trust.ts'
import { promotionContext } from '../../lib/github/promotion.ts'

/** Last job of `ci.yml`, which is green when all others are. */
export const CI_CHECK = 'ci-ok'

export type DesiredRuleset = {
  name: string
  branch: string
  /** Status checks without which nothing is merged. */
  checks: string[]
  /** Undefined where any method that the repository offers will do. */
  mergeMethods?: MergeMethod[]
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export type DesiredEnvironment = {
  name: string
  /** The only refs from which a job may name it. */
  branches: string[]
  /** Users, and teams as `acme/platform`. */
  reviewers: string[]
}

export type Label = { name: string; color: string; description: string }

/** What a repository needs so that its deliveries run and what the roles trust cannot be got around. */
export type Desired = {
  repository: { owner: string; ownerId: number; name: string; id: number; subject: 'immutable' | 'name' }
  /** Where schedules run. */
  defaultBranch: string
  branches: string[]
  rulesets: DesiredRuleset[]
  environments: DesiredEnvironment[]
  labels: Label[]
}

export const desiredState = (configuration: Configuration): Desired => {
  const { repository, environments } = configuration
  const { subject = 'immutable' } = repository
  return {
    repository: { ...repository, subject },
    defaultBranch: lastBranch(configuration),
    branches: Object.values(environments).map(({ branch }) => branch),
    rulesets: Object.entries(environments).map(([environment, { branch, promotesFrom }]) => ({
      name: `slipway: ${branch}`,
      branch,
      // A promotion must keep the tree of the branch that it comes from, and squashing cuts what the two have in common.
      ...(promotesFrom === undefined
        ? { checks: [CI_CHECK] }
        : { checks: [CI_CHECK, promotionContext(environment)], mergeMethods: ['merge'] }),
    })),
    environments: trustedEnvironments(configuration).map(([name, branches]) => ({
      name,
      branches,
      reviewers: reviewersOf(configuration, name),
    })),
    labels: LABELS,
  }
}

/** For people who look at lists; they authorise no delivery, since everyone with triage access may set them. */
const LABELS: Label[] = [
  { name: 'promotion', color: '0e8a16', description: 'Brings what an environment has verified to the next one' },
  { name: 'back-merge', color: 'fbca04', description: 'Brings a hotfix back to where images are built' },
  { name: 'hotfix', color: 'd93f0b', description: 'Goes to the last environment past the others' },
  { name: 'infra:broadening', color: 'fbca04', description: 'Somebody has looked at what infrastructure allows more' },
  { name: 'infra:destructive', color: 'd93f0b', description: 'Somebody has looked at what infrastructure deletes or replaces' },
]

/** The environments that the roles trust, each with the branches that they trust it from: derived, so that the two agree. */
const trustedEnvironments = (configuration: Configuration): [string, string[]][] => {
  const found = new Map<string, Set<string>>()
  for (const { trust } of identity(configuration).roles) {
    for (const { Condition } of trust.Statement) {
      for (const environment of claim(Condition.StringEquals, 'environment')) {
        const branches = claim(Condition.StringEquals, 'ref').map((ref) => ref.replace('refs/heads/', ''))
        found.set(environment, new Set([...(found.get(environment) ?? []), ...branches]))
      }
    }
  }
  return [...found].map(([environment, branches]) => [environment, [...branches]])
}

const claim = (conditions: Conditions, name: string): string[] =>
  Object.entries(conditions).flatMap(([key, value]) => (key.endsWith(`:${name}`) ? value : []))

const reviewersOf = ({ environments }: Configuration, name: string): string[] => {
  const found = Object.entries(environments).find(
    ([key]) => name === jobEnvironment(key, 'deploy') || name === jobEnvironment(key, 'infra'),
  )
  return found?.[1].reviewers ?? []
}

/** Branch of the environment from which nothing is promoted further; of several, the first. */
const lastBranch = ({ environments }: Configuration): string => {
  const upstream = new Set(Object.values(environments).map(({ promotesFrom }) => promotesFrom))
  return Object.entries(environments).find(([name]) => !upstream.has(name))?.[1].branch ?? ''
}
