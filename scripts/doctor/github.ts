import { allowPullRequests } from '../setup/changes.ts'
import type { Desired } from '../setup/desired.ts'
import { repositoryDifferences } from '../setup/repository.ts'
import { checkBranchRules } from './branch-rules.ts'
import { checkEnvironments } from './environments.ts'
import { type Finding, type Report, reporter, SET_UP, whenSeen } from './finding.ts'
import type { GitHubFacts, Subject } from './github-facts.ts'
import { checkPlan } from './github-plan.ts'

/** What of the repository is not as the deliveries and the roles need it. */
export const checkGitHub = (desired: Desired, facts: GitHubFacts): Finding[] => {
  const { owner, name } = desired.repository
  const report = reporter(`GitHub ${owner}/${name}`)
  const path = `repos/${owner}/${name}`
  const identity = repositoryDifferences(desired, facts.repository)
  return [
    ...(identity.length === 0
      ? [report('ok', `the ids are those of delivery.json: owner ${facts.repository.ownerId}, repository ${facts.repository.id}`)]
      : identity.map((message) => report('wrong', message, 'mend delivery.json and update the roles'))),
    ...checkPlan(desired, facts, report),
    ...checkBranches(desired, facts, report),
    ...checkRepository(desired, facts, report, path),
    ...desired.rulesets.flatMap((ruleset) => checkBranchRules(ruleset, facts, report)),
    ...checkEnvironments(desired, facts, report, path),
    ...whenSeen(facts.subject, 'the form of the OIDC subject', report, (subject) => checkSubject(desired, subject, report, path)),
    ...whenSeen(facts.token, 'the permissions of the workflow token', report, (token) => [
      token.default === 'read'
        ? report('ok', 'the workflow token reads unless a job asks for more')
        : report('wrong', `the workflow token may ${token.default} in every job that does not say otherwise`, SET_UP),
      token.mayApprove
        ? report('ok', 'workflows may open pull requests')
        : report('wrong', 'workflows may not open pull requests, so promotions are not proposed', allowPullRequests(owner, name)),
    ]),
    ...whenSeen(facts.labels, 'the labels', report, (labels) => {
      const there = new Set(labels.map((label) => label.toLowerCase()))
      return desired.labels.flatMap((label) =>
        there.has(label.name) ? [] : [report('wrong', `the label ${label.name} is missing`, SET_UP)],
      )
    }),
    ...whenSeen(facts.actions, 'what Actions may run', report, ({ enabled, allowed, pinned }) => {
      const change = `gh api -X PUT ${path}/actions/permissions -F enabled=true -f allowed_actions=${allowed} -F sha_pinning_required=true`
      if (!enabled) return [report('wrong', 'GitHub Actions is switched off', change)]
      return [
        pinned
          ? report('ok', 'actions must be pinned to a full commit')
          : report('wrong', 'actions need not be pinned to a full commit, so a tag that is moved runs in a delivery', change),
      ]
    }),
  ]
}

const checkBranches = (desired: Desired, facts: GitHubFacts, report: Report): Finding[] => {
  const missing = desired.branches.filter((name) => facts.branches[name] === undefined)
  const twins = Object.keys(facts.branches).filter((name) =>
    desired.branches.some((wanted) => wanted !== name && wanted.toLowerCase() === name.toLowerCase()),
  )
  return [
    ...(missing.length === 0 ? [report('ok', `the branches are there: ${desired.branches.join(', ')}`)] : []),
    ...missing.map((name) => report('wrong', `the branch ${name} is missing`, SET_UP)),
    ...twins.map((name) =>
      report(
        'wrong',
        `the branch ${name} differs from one of delivery.json only in upper and lower case`,
        `git push origin --delete ${name}`,
      ),
    ),
  ]
}

const checkRepository = ({ defaultBranch }: Desired, { repository }: GitHubFacts, report: Report, path: string): Finding[] => [
  repository.defaultBranch === defaultBranch
    ? report('ok', `the default branch is ${defaultBranch}`)
    : report(
        'wrong',
        `the default branch is ${repository.defaultBranch}: schedules run there, and no role trusts them`,
        `gh api -X PATCH ${path} -f default_branch=${defaultBranch}`,
      ),
  ...(repository.mergeMethods.includes('merge')
    ? []
    : [
        report(
          'wrong',
          'the repository allows no merge commits, so no promotion can be merged',
          `gh api -X PATCH ${path} -F allow_merge_commit=true`,
        ),
      ]),
]

const checkSubject = ({ repository }: Desired, subject: Subject, report: Report, path: string): Finding[] => {
  const { owner, ownerId, name, id, subject: form } = repository
  const wanted = form === 'name' ? `repo:${owner}/${name}` : `repo:${owner}@${ownerId}/${name}@${id}`
  const change = `gh api -X PUT ${path}/actions/oidc/customization/sub -F use_default=true -F use_immutable_subject=${form === 'immutable'}`
  if (!subject.usesDefault) return [report('wrong', 'the OIDC subject is customised, so no role trusts any job', change)]
  if (subject.prefix === undefined && subject.isImmutable === undefined) {
    return [report('unseen', 'GitHub does not say which form of the OIDC subject it emits: run `npm run oidc-explain` in a job')]
  }
  const isEqual = subject.prefix === undefined ? subject.isImmutable === (form === 'immutable') : subject.prefix === wanted
  if (isEqual) return [report('ok', `the OIDC subject begins with ${wanted}`)]
  const emitted = subject.prefix ?? (subject.isImmutable ? 'the immutable form' : 'the name only')
  const mend = subject.isImmutable ? 'take "subject": "name" out of delivery.json and update the roles' : change
  return [report('wrong', `the OIDC subject begins with ${emitted}, the roles trust ${wanted}`, mend)]
}
