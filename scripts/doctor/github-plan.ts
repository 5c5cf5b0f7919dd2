import type { Desired } from '../setup/desired.ts'
import type { Finding, Report } from './finding.ts'
import type { GitHubFacts } from './github-facts.ts'

/** Names of GitHub's plans that leave private repositories without something, as its API gives them. */
const FREE = ['free']
const WITHOUT_REVIEWERS = ['pro', 'team']

/** What the plan of the owner cannot protect, and what protects it instead. */
export const checkPlan = (desired: Desired, { repository, plan }: GitHubFacts, report: Report): Finding[] => {
  if (!repository.isPrivate) return [report('ok', 'a public repository has all of rulesets, environments and reviewers')]
  const name = 'value' in plan ? plan.value : undefined
  if (name === undefined) {
    const why = 'unseen' in plan ? plan.unseen : 'GitHub shows it to the owner only'
    return [
      report(
        'unseen',
        `which plan this private repository is on cannot be seen (${why}): on Free nothing protects its branches and environments, below Enterprise nobody approves`,
      ),
    ]
  }
  const asked = desired.environments.filter(({ reviewers }) => reviewers.length > 0).map((environment) => environment.name)
  const reviewers =
    asked.length === 0
      ? []
      : [
          report(
            'wrong',
            `delivery.json asks for reviewers of ${asked.join(' and ')}, which GitHub ${name} has not for private repositories`,
            'take `reviewers` out of delivery.json, or upgrade to GitHub Enterprise',
          ),
        ]
  if (FREE.includes(name)) {
    return [
      report(
        'weak',
        'GitHub Free protects no branch of a private repository and has no environments: what is left is that the roles trust these branches and workflow files only, so whoever may push to a branch delivers to its environment',
      ),
      ...reviewers,
    ]
  }
  if (WITHOUT_REVIEWERS.includes(name)) {
    return [
      report(
        'weak',
        `GitHub ${name} has no required reviewers and no wait timers for private repositories: what protects an environment is who may merge into its branch`,
      ),
      ...reviewers,
    ]
  }
  return [report('ok', `the plan ${name} has all of rulesets, environments and reviewers`)]
}
