import type { DesiredRuleset } from '../setup/desired.ts'
import type { ObservedRuleset, Rule } from '../setup/observed.ts'
import { mergeMethods, missingRules } from '../setup/rules.ts'
import { type Finding, type Report, SET_UP, whenSeen } from './finding.ts'
import type { GitHubFacts } from './github-facts.ts'

/** Whether what holds on a branch, from whichever ruleset, is at least what promotions rest on. */
export const checkBranchRules = (wanted: DesiredRuleset, facts: GitHubFacts, report: Report): Finding[] => {
  const { branch } = wanted
  if (facts.branches[branch] === undefined) return []
  const inForce = facts.inForce[branch] ?? { unseen: 'it was not asked for' }
  return whenSeen(inForce, `the rules of ${branch}`, report, (rules) => {
    const missing = missingRules(rules, wanted)
    return [
      ...(missing.length === 0 ? [report('ok', `the rules of ${branch} hold`)] : []),
      ...missing.map((what) => report('wrong', `on ${branch} ${what}`, SET_UP)),
      ...conflicts(wanted, rules).map((what) =>
        report('wrong', `on ${branch} ${what}`, 'change the ruleset by hand: Settings, Rules, Rulesets'),
      ),
      ...checkBypass(wanted, facts, report),
    ]
  })
}

const conflicts = ({ mergeMethods: wanted }: DesiredRuleset, rules: Rule[]): string[] => {
  if (wanted === undefined) return []
  const isStrict = rules.some(({ parameters }) => parameters?.['strict_required_status_checks_policy'] === true)
  return [
    ...(mergeMethods(rules).includes('merge') ? [] : ['no merge commits are allowed, so no promotion can be merged']),
    ...(isStrict ? ['branches must be up to date before merging, which a promotion never is'] : []),
  ]
}

const checkBypass = ({ name, branch }: DesiredRuleset, { rulesets }: GitHubFacts, report: Report): Finding[] =>
  whenSeen(rulesets, `who may bypass the rules of ${branch}`, report, (all) => {
    const own = all.find((ruleset) => ruleset.name === name)
    if (own === undefined) return []
    return bypass(own, branch, report)
  })

const bypass = ({ bypassActors: actors }: ObservedRuleset, branch: string, report: Report): Finding[] => {
  if (actors === undefined) return [report('unseen', `who may bypass the rules of ${branch} is shown to administrators only`)]
  if (actors.length === 0) return []
  return [
    report(
      'wrong',
      `${actors.length} actor(s) may bypass the rules of ${branch}`,
      'take them out by hand: Settings, Rules, Rulesets',
    ),
  ]
}
