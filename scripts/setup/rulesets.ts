import { isDeepStrictEqual } from 'node:util'
import type { DesiredRuleset } from './desired.ts'
import type { ObservedRuleset } from './observed.ts'
import type { Plan } from './plan.ts'
import { desiredRules, mergeMethods, tightened } from './rules.ts'

/** Our ruleset of a branch; others stay as they are, since GitHub enforces the strictest of all. */
export const planRuleset = (wanted: DesiredRuleset, rulesets: ObservedRuleset[]): Plan => {
  const ref = `refs/heads/${wanted.branch}`
  const standing = rulesets.find(({ name }) => name === wanted.name)
  const open = standing === undefined ? [] : openQuestions(standing, ref, wanted)
  if (standing === undefined) {
    const body = { name: wanted.name, include: [ref], exclude: [], bypassActors: [], rules: desiredRules(wanted) }
    return {
      changes: [
        { kind: 'ruleset', line: `+ ruleset '${wanted.name}': ${inWords(wanted)}`, body: { ...body, enforcement: 'active' } },
      ],
      kept: [],
      open,
    }
  }
  const { id, name, exclude, bypassActors } = standing
  const include = covers(standing.include, ref) ? standing.include : [...standing.include, ref]
  const rules = tightened(standing.rules, desiredRules(wanted))
  const why = [
    ...(standing.enforcement === 'active' ? [] : [`enforced (now: ${standing.enforcement})`]),
    ...(include === standing.include ? [] : [`also for ${ref}`]),
    ...(isDeepStrictEqual(rules, standing.rules) ? [] : [inWords(wanted)]),
  ]
  const kept = isDeepStrictEqual(rules, desiredRules(wanted)) ? [] : stricterParts(standing, wanted)
  if (why.length === 0) return { changes: [], kept, open }
  const body = { name, enforcement: 'active' as const, include, exclude, rules, bypassActors }
  return { changes: [{ kind: 'ruleset', id, line: `~ ruleset '${name}': ${why.join(', ')}`, body }], kept, open }
}

const inWords = ({ checks, mergeMethods }: DesiredRuleset): string =>
  [
    `pull request required${mergeMethods ? ` (${mergeMethods.join(', ')} commits only)` : ''}`,
    `checks ${checks.join(' and ')} required`,
    'no force push',
    'no deletion',
  ].join(', ')

const covers = (include: string[], ref: string): boolean => include.includes(ref) || include.includes('~ALL')

const openQuestions = (standing: ObservedRuleset, ref: string, wanted: DesiredRuleset): string[] => [
  ...(standing.exclude.includes(ref) ? [`ruleset '${standing.name}' excludes ${ref}: take that out by hand`] : []),
  ...(standing.bypassActors !== undefined && standing.bypassActors.length > 0
    ? [`ruleset '${standing.name}' can be bypassed by ${standing.bypassActors.length} actor(s): take them out by hand`]
    : []),
  ...(wanted.mergeMethods !== undefined && !mergeMethods(standing.rules).includes('merge')
    ? [`ruleset '${standing.name}' allows no merge commits, without which promotions cannot be merged: allow them by hand`]
    : []),
  ...(isStrict(standing)
    ? [`ruleset '${standing.name}' wants branches up to date before merging, which a promotion never is: switch that off by hand`]
    : []),
]

const parametersOf = ({ rules }: ObservedRuleset, type: string) => rules.find((rule) => rule.type === type)?.parameters ?? {}

const isStrict = (standing: ObservedRuleset): boolean =>
  parametersOf(standing, 'required_status_checks')['strict_required_status_checks_policy'] === true

const stricterParts = (standing: ObservedRuleset, wanted: DesiredRuleset): string[] => {
  const desired = desiredRules(wanted)
  const more = standing.rules.filter(({ type }) => !desired.some((rule) => rule.type === type)).map(({ type }) => type)
  const approvals = Number(parametersOf(standing, 'pull_request')['required_approving_review_count'] ?? 0)
  const switches = Object.entries(parametersOf(standing, 'pull_request')).flatMap(([name, value]) =>
    value === true ? [name] : [],
  )
  return [
    ...more.map((type) => `ruleset '${standing.name}' also has the rule ${type}`),
    ...(approvals > 0 ? [`ruleset '${standing.name}' asks for ${approvals} approval(s)`] : []),
    ...switches.map((name) => `ruleset '${standing.name}' has ${name}`),
  ]
}
