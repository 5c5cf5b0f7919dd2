import { checkDerived } from './derived.ts'
import type { Draft } from './draft.ts'
import { cycle, type Finding, unknownName } from './finding.ts'
import { cycles } from './order.ts'
import { NAME, NAME_EXPECTED } from './schema/fields.ts'
import { checkServices } from './service-checks.ts'

/** Words that a service's place in the parameter tree is taken by (`recordNames`), or that infrastructure writes there. */
const RESERVED_SERVICES = ['release', 'hold', 'lock', 'outputs', 'infra']

/**
 * `registry` stands for the registry's account in role names; `build` and `budget` are GitHub environments of their own; stacks of
 * `service` in a project `a-b` would be called as those of the services in `b` of a project `a`.
 */
const RESERVED_ENVIRONMENTS = ['registry', 'build', 'budget', 'service']

/** Beginnings that SSM (parameters, documents), CloudWatch Logs and load balancers keep for themselves. */
const RESERVED_PREFIXES = ['aws', 'ssm', 'amazon', 'amzn', 'internal-']

/** Everything that no single value shows: references, cycles, names that clash. */
export const checkConsistency = (draft: Draft): Finding[] => [
  ...checkProject(draft),
  ...checkNames(draft),
  ...checkBranches(draft),
  ...checkPrefixes(draft),
  ...checkPromotions(draft),
  ...checkServices(draft),
  ...checkDerived(draft),
]

const checkProject = ({ project }: Draft): Finding[] => {
  const prefix = RESERVED_PREFIXES.find((word) => project?.startsWith(word))
  if (prefix === undefined) return []
  return [
    { path: ['project'], at: 'value', message: `must not begin with "${prefix}", which AWS keeps for itself, got "${project}"` },
  ]
}

const GROUPS = ['environments', 'images', 'services'] as const

const checkNames = (draft: Draft): Finding[] =>
  GROUPS.flatMap((group) =>
    Object.keys(draft[group]).flatMap((name) => {
      const message = nameProblem(group, name)
      return message === undefined ? [] : [{ path: [group, name], at: 'key' as const, message }]
    }),
  )

const nameProblem = (group: (typeof GROUPS)[number], name: string): string | undefined => {
  const noun = group.slice(0, -1)
  if (!NAME.test(name)) return `has a name that must be ${NAME_EXPECTED}, got "${name}"`
  if (group === 'services' && RESERVED_SERVICES.includes(name)) return reserved(noun, name, RESERVED_SERVICES)
  if (group !== 'environments') return undefined
  if (name.endsWith('-infra'))
    return `has a reserved name: no ${noun} may end in "-infra", which names GitHub's environment for infrastructure; rename it`
  return RESERVED_ENVIRONMENTS.includes(name) ? reserved(noun, name, RESERVED_ENVIRONMENTS) : undefined
}

const reserved = (noun: string, name: string, words: string[]): string =>
  `has a reserved name: no ${noun} may be called ${words.join(', ')}, got "${name}"; rename it`

const checkBranches = ({ environments }: Draft): Finding[] => {
  const named = Object.entries(environments).flatMap(([name, { branch }]) => (branch === undefined ? [] : [{ name, branch }]))
  return named.flatMap(({ name, branch }, index) => {
    const other = named.slice(0, index).find((earlier) => earlier.branch.toLowerCase() === branch.toLowerCase())
    if (other === undefined) return []
    const problem =
      other.branch === branch
        ? `must not be the branch of ${other.name} too, got "${branch}"; give each environment a branch of its own`
        : `differs from the branch of ${other.name} only in upper and lower case, got "${branch}" and "${other.branch}"; rename one of the branches`
    return [{ path: ['environments', name, 'branch'], at: 'value' as const, message: problem }]
  })
}

/** What belongs to an environment is told by the beginning of its name where accounts do not tell it. */
const checkPrefixes = ({ environments }: Draft): Finding[] =>
  Object.entries(environments).flatMap(([name, { account }]) => {
    const other = Object.keys(environments).find(
      (each) =>
        name.startsWith(`${each}-`) &&
        !name.endsWith('-infra') &&
        account !== undefined &&
        environments[each]?.account === account,
    )
    if (other === undefined) return []
    const message = `begins with the name of ${other}, which is in the same account: its roles would reach what is here; rename one of them`
    return [{ path: ['environments', name], at: 'key' as const, message }]
  })

const checkPromotions = ({ environments }: Draft): Finding[] => {
  const names = Object.keys(environments)
  const upstream = Object.entries(environments).flatMap(([name, { promotesFrom }]) =>
    promotesFrom === undefined ? [] : [[name, promotesFrom] as const],
  )
  const unknown = upstream.filter(([, from]) => !names.includes(from))
  const loops = cycles(Object.fromEntries(names.map((name) => [name, [environments[name]?.promotesFrom ?? []].flat()])))
  const soaks = Object.entries(environments).filter(
    ([, { soak, promotesFrom }]) => soak !== undefined && promotesFrom === undefined,
  )
  return [
    ...unknown.map(([name, from]) => unknownName(['environments', name, 'promotesFrom'], 'an environment', from, names)),
    ...loops.map((loop) => cycle(['environments', loop[0] ?? '', 'promotesFrom'], loop)),
    ...soaks.map(([name]) => ({
      path: ['environments', name, 'soak'],
      at: 'key' as const,
      message: "has no meaning without promotesFrom: nothing is verified before; remove it, or add 'promotesFrom'",
    })),
  ]
}
