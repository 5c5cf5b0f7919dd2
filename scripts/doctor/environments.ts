import type { Desired, DesiredEnvironment } from '../setup/desired.ts'
import type { ObservedEnvironment } from '../setup/observed.ts'
import { type Finding, isRed, type Report, SET_UP, whenSeen } from './finding.ts'
import type { GitHubFacts } from './github-facts.ts'

export const checkEnvironments = (desired: Desired, facts: GitHubFacts, report: Report, path: string): Finding[] =>
  whenSeen(facts.environments, 'the environments', report, (environments) =>
    desired.environments.flatMap((wanted) => {
      const standing = environments.find(({ name }) => name.toLowerCase() === wanted.name.toLowerCase())
      if (standing === undefined) return [report('wrong', `the environment ${wanted.name} is missing`, SET_UP)]
      const found = [
        ...checkName(wanted, standing, report, path),
        ...checkRefs(wanted, standing, report, path),
        ...checkReviewers(wanted, standing, facts, report),
      ]
      const isFine = !found.some(isRed)
      return [
        ...(isFine ? [report('ok', `the environment ${wanted.name} lets in ${wanted.branches.join(' and ')} only`)] : []),
        ...found,
      ]
    }),
  )

const checkName = ({ name }: DesiredEnvironment, standing: ObservedEnvironment, report: Report, path: string): Finding[] =>
  standing.name === name
    ? []
    : [
        report(
          'wrong',
          `the environment ${name} is called ${standing.name}, which no role trusts`,
          `gh api -X DELETE ${path}/environments/${standing.name} && ${SET_UP}`,
        ),
      ]

const checkRefs = (
  { name, branches }: DesiredEnvironment,
  { refs }: ObservedEnvironment,
  report: Report,
  path: string,
): Finding[] => {
  if (refs === 'all') return [report('wrong', `the environment ${name} lets in any branch and tag`, SET_UP)]
  if (refs === 'protected') return [report('wrong', `the environment ${name} lets in every protected branch`, SET_UP)]
  const foreign = refs.filter((ref) => ref.type !== 'branch' || !branches.includes(ref.name))
  const missing = branches.filter((branch) => !refs.some((ref) => ref.type === 'branch' && ref.name === branch))
  const policies = `${path}/environments/${name}/deployment-branch-policies`
  return [
    ...foreign.map((ref) =>
      report(
        'wrong',
        `the environment ${name} lets in the ${ref.type} ${ref.name}, which delivery.json does not name`,
        `gh api -X DELETE ${policies}/${ref.id}`,
      ),
    ),
    ...missing.map((branch) =>
      report(
        'wrong',
        `the environment ${name} does not let in the branch ${branch}`,
        foreign.length === 0 ? SET_UP : `gh api -X POST ${policies} -f name=${branch} -f type=branch`,
      ),
    ),
  ]
}

const checkReviewers = (
  { name, reviewers }: DesiredEnvironment,
  standing: ObservedEnvironment,
  facts: GitHubFacts,
  report: Report,
): Finding[] => {
  const unknown = reviewers.flatMap((reviewer) => {
    const one = facts.reviewers[reviewer]
    return one !== undefined && 'unseen' in one
      ? [report('unseen', `the reviewer ${reviewer} of ${name} cannot be found: ${one.unseen}`)]
      : []
  })
  const wanted = reviewers.flatMap((reviewer) => {
    const one = facts.reviewers[reviewer]
    return one !== undefined && 'value' in one ? [one.value] : []
  })
  const there = standing.reviewers
  const absent = wanted.filter(({ type, id }) => !there.some((one) => one.type === type && one.id === id))
  const others = there.filter(({ type, id }) => !wanted.some((one) => one.type === type && one.id === id))
  const list = (some: { name: string }[]): string => some.map((one) => one.name).join(', ')
  const byHand = `change them by hand: Settings, Environments, ${name}`
  return [
    ...unknown,
    ...(absent.length > 0
      ? [report('wrong', `the environment ${name} lacks the reviewers ${list(absent)}`, there.length === 0 ? SET_UP : byHand)]
      : []),
    ...(reviewers.length > 0 && unknown.length === 0 && others.length > 0
      ? [report('wrong', `the environment ${name} has the reviewers ${list(others)}, whom delivery.json does not name`, byHand)]
      : []),
    ...(there.length > 0 && standing.adminsMayBypass
      ? [
          report(
            'weak',
            `administrators may pass the reviewers of ${name}: Settings, Environments, ${name}, "Allow administrators to bypass"`,
          ),
        ]
      : []),
  ]
}
