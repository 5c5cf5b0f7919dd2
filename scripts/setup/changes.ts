import { Refusal } from '../../lib/refusal.ts'
import type { Desired, Label } from './desired.ts'
import { planEnvironment } from './environments.ts'
import type { Observed, ObservedRepository, Seen } from './observed.ts'
import { joined, type Plan } from './plan.ts'
import { planRuleset } from './rulesets.ts'

const nothing: Plan = { changes: [], kept: [], open: [] }

/** What is missing, and nothing else: no change of it deletes or loosens. */
export const planChanges = (desired: Desired, observed: Observed): Plan =>
  joined([
    planBranches(desired, observed),
    ...where(observed.rulesets, 'rulesets', (rulesets) => desired.rulesets.map((ruleset) => planRuleset(ruleset, rulesets))),
    ...where(observed.environments, 'environments', (environments) =>
      desired.environments.map((environment) => {
        // GitHub takes names of environments regardless of case, the trust policies do not.
        const standing = environments.find(({ name }) => name.toLowerCase() === environment.name.toLowerCase())
        if (standing === undefined || standing.name === environment.name)
          return planEnvironment(environment, standing, observed.reviewers)
        return {
          ...nothing,
          open: [`environment ${standing.name} must be called ${environment.name}: delete it by hand, and run this again`],
        }
      }),
    ),
    ...where(observed.labels, 'labels', (labels) => [planLabels(desired.labels, labels)]),
    ...where(observed.token, 'permissions of the workflow token', (token) => [planToken(desired, token)]),
    planRepository(desired, observed.repository),
  ])

const where = <T>(seen: Seen<T>, what: string, plan: (value: T) => Plan[]): Plan[] =>
  'value' in seen ? plan(seen.value) : [{ ...nothing, open: [`${what} cannot be seen: ${seen.unseen}`] }]

const planBranches = ({ branches }: Desired, { branches: standing, repository }: Observed): Plan => {
  const { defaultBranch } = repository
  const commit = standing[defaultBranch]
  if (commit === undefined)
    throw new Refusal('the repository has no commit yet: push one to its default branch, then run this again')
  const missing = branches.filter((name) => standing[name] === undefined)
  const twins = branches.flatMap((name) =>
    Object.keys(standing)
      .filter((other) => other !== name && other.toLowerCase() === name.toLowerCase())
      .map((other) => `branch ${other} differs from ${name} only in upper and lower case: delete it by hand`),
  )
  return {
    changes: missing.map((name) => ({
      kind: 'branch',
      name,
      commit,
      line: `+ branch ${name} at ${commit.slice(0, 7)}, the head of ${defaultBranch}`,
    })),
    kept: [],
    open: twins,
  }
}

const planLabels = (labels: Label[], standing: string[]): Plan => {
  const there = new Set(standing.map((name) => name.toLowerCase()))
  const missing = labels.filter(({ name }) => !there.has(name))
  return { ...nothing, changes: missing.map((label) => ({ kind: 'label', label, line: `+ label ${label.name}` })) }
}

const planToken = ({ repository: { owner, name } }: Desired, token: { default: string; mayApprove: boolean }): Plan => ({
  changes:
    token.default === 'read'
      ? []
      : [{ kind: 'token', line: `~ workflow token: reads unless a job asks for more (now: ${token.default})` }],
  kept: [],
  open: token.mayApprove ? [] : [`workflows cannot open promotion pull requests: ${allowPullRequests(owner, name)}`],
})

/** One switch for opening and for approving, so it is for a person to turn. */
export const allowPullRequests = (owner: string, name: string): string =>
  `gh api -X PUT repos/${owner}/${name}/actions/permissions/workflow -f default_workflow_permissions=read -F can_approve_pull_request_reviews=true`

const planRepository = ({ defaultBranch, rulesets }: Desired, repository: ObservedRepository): Plan => {
  const path = `repos/${repository.owner}/${repository.name}`
  const isPromoted = rulesets.some(({ mergeMethods }) => mergeMethods !== undefined)
  return {
    ...nothing,
    open: [
      ...(repository.defaultBranch === defaultBranch
        ? []
        : [
            `the default branch is ${repository.defaultBranch}, schedules must run on ${defaultBranch}: gh api -X PATCH ${path} -f default_branch=${defaultBranch}`,
          ]),
      ...(isPromoted && !repository.mergeMethods.includes('merge')
        ? [
            `the repository allows no merge commits, without which promotions cannot be merged: gh api -X PATCH ${path} -F allow_merge_commit=true`,
          ]
        : []),
    ],
  }
}
