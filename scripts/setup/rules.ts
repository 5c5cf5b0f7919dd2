import type { DesiredRuleset } from './desired.ts'
import type { Rule } from './observed.ts'

type Parameters = Record<string, unknown>

/** The rules of a branch as GitHub takes them. */
export const desiredRules = ({ checks, mergeMethods }: DesiredRuleset): Rule[] => [
  { type: 'deletion' },
  { type: 'non_fast_forward' },
  {
    type: 'pull_request',
    parameters: {
      required_approving_review_count: 0,
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
      ...(mergeMethods && { allowed_merge_methods: mergeMethods }),
    },
  },
  {
    type: 'required_status_checks',
    parameters: {
      // A branch that is brought up to date before its promotion has commits of the branch that it goes to.
      strict_required_status_checks_policy: false,
      // Branches are made before the first check of them can have run.
      do_not_enforce_on_create: true,
      required_status_checks: checks.map((context) => ({ context })),
    },
  },
]

/** `standing` with what `wanted` asks for beyond it; a rule or a parameter that is stricter stays. */
export const tightened = (standing: Rule[], wanted: Rule[]): Rule[] => [
  ...standing.map((rule) => {
    const more = wanted.find(({ type }) => type === rule.type)
    return more?.parameters === undefined ? rule : { ...rule, parameters: stricter(rule.parameters ?? {}, more.parameters) }
  }),
  ...wanted.filter(({ type }) => !standing.some((rule) => rule.type === type)),
]

/** The one switch that loosens when it is on: only a new rule gets it. */
const LOOSENING = 'do_not_enforce_on_create'

const stricter = (standing: Parameters, wanted: Parameters): Parameters => {
  const entries = Object.entries(wanted)
    .filter(([name]) => name !== LOOSENING)
    .map(([name, value]) => [name, strictest(name, standing[name], value)])
  return { ...standing, ...Object.fromEntries(entries) }
}

const strictest = (name: string, standing: unknown, wanted: unknown): unknown => {
  if (standing === undefined) return wanted
  if (typeof wanted === 'boolean') return standing === true || wanted
  if (typeof wanted === 'number') return Math.max(Number(standing), wanted)
  if (name === 'allowed_merge_methods') return narrowed(standing, wanted)
  if (name === 'required_status_checks') return [...asList(standing), ...missingChecks(standing, wanted)]
  return standing
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Where nothing would be left, the standing choice stays: that is a conflict for a person to settle. */
const narrowed = (standing: unknown, wanted: unknown): unknown => {
  const left = asList(standing).filter((method) => asList(wanted).includes(method))
  return left.length > 0 ? left : standing
}

const missingChecks = (standing: unknown, wanted: unknown): unknown[] => {
  const there = new Set(asList(standing).map(contextOf))
  return asList(wanted).filter((check) => !there.has(contextOf(check)))
}

const contextOf = (check: unknown): string =>
  typeof check === 'object' && check !== null && 'context' in check ? String(check.context) : ''

/** What the rules in force do not ask for although `wanted` does, in words; empty where they hold. */
export const missingRules = (inForce: Rule[], wanted: DesiredRuleset): string[] => {
  const of = (type: string): Parameters[] => inForce.flatMap((rule) => (rule.type === type ? [rule.parameters ?? {}] : []))
  const checks = new Set(
    of('required_status_checks').flatMap((parameters) => asList(parameters['required_status_checks']).map(contextOf)),
  )
  const absent = wanted.checks.filter((check) => !checks.has(check))
  const others = mergeMethods(inForce).filter(
    (method) => !(wanted.mergeMethods ?? mergeMethods(inForce)).includes(method as never),
  )
  return [
    ...(of('pull_request').length === 0 ? ['a pull request is not required'] : []),
    ...(of('pull_request').length > 0 && others.length > 0 ? [`pull requests may be merged by ${others.join(' and ')}`] : []),
    ...absent.map((check) => `the status check ${check} is not required`),
    ...(of('non_fast_forward').length === 0 ? ['force pushes are possible'] : []),
    ...(of('deletion').length === 0 ? ['the branch can be deleted'] : []),
  ]
}

/** The methods that all rules in force leave. */
export const mergeMethods = (inForce: Rule[]): string[] =>
  inForce
    .filter(({ type }) => type === 'pull_request')
    .reduce(
      (left, { parameters }) => {
        const allowed = parameters?.['allowed_merge_methods']
        return allowed === undefined ? left : left.filter((method) => asList(allowed).includes(method))
      },
      ['merge', 'squash', 'rebase'],
    )
