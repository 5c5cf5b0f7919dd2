import type { TrustPolicy } from '../../lib/delivery/trust.ts'

type Statement = { effect: string; principal: string; actions: string; conditions: Record<string, string> }

/** In which the trust policy that a role has is not the one that is derived for it; empty where the two mean the same. */
export const trustDifferences = (standing: unknown, derived: TrustPolicy): string[] => {
  const there = statementsOf(standing)
  const wanted = statementsOf(derived)
  const surplus = there.filter((one) => !wanted.some((other) => isSame(one, other)))
  const missing = wanted.filter((one) => !there.some((other) => isSame(one, other)))
  const paired = missing.map((want, index) => ({ want, have: surplus[index] }))
  return [
    ...paired.flatMap(({ want, have }) => (have === undefined ? [`no statement for ${inShort(want)}`] : differences(have, want))),
    ...surplus.slice(missing.length).map((have) => `a statement of its own: ${inShort(have)}`),
  ]
}

/** The order of statements and of values, `Sid`, and a list of one mean nothing. */
const statementsOf = (policy: unknown): Statement[] => {
  const { Statement } = (policy ?? {}) as { Statement?: unknown }
  return listOf(Statement).map((one) => {
    const { Effect, Principal, Action, NotAction, NotPrincipal, Condition } = (one ?? {}) as Record<string, unknown>
    return {
      effect: String(Effect),
      principal: `${inText(Principal)}${NotPrincipal === undefined ? '' : ` NotPrincipal ${inText(NotPrincipal)}`}`,
      actions: `${inText(Action)}${NotAction === undefined ? '' : ` NotAction ${inText(NotAction)}`}`,
      conditions: Object.fromEntries(
        Object.entries((Condition ?? {}) as Record<string, object>).flatMap(([operator, keys]) =>
          Object.entries(keys).map(([key, value]) => [`${operator} ${key}`, inText(value)]),
        ),
      ),
    }
  })
}

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

const inText = (value: unknown): string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return listOf(value).map(String).toSorted().join(' or ')
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${inText(inner)}`)
    .toSorted()
    .join(', ')
}

const partsOf = ({ effect, principal, actions, conditions }: Statement): Record<string, string> => ({
  Effect: effect,
  Principal: principal,
  Action: actions,
  ...conditions,
})

const isSame = (one: Statement, other: Statement): boolean => differences(one, other).length === 0

const differences = (have: Statement, want: Statement): string[] => {
  const [is, should] = [partsOf(have), partsOf(want)]
  return [...new Set([...Object.keys(should), ...Object.keys(is)])].flatMap((part) => {
    if (is[part] === should[part]) return []
    if (is[part] === undefined) return [`${part} is not asked for; it should be ${should[part]}`]
    if (should[part] === undefined) return [`${part} is asked for (${is[part]}), and should not be`]
    return [`${part} is ${is[part]}; it should be ${should[part]}`]
  })
}

const inShort = ({ effect, principal, conditions }: Statement): string => {
  const subject = Object.entries(conditions).find(([key]) => key.endsWith(':sub'))?.[1]
  return `${effect} ${principal}${subject === undefined ? ', without a subject' : `, subject ${subject}`}`
}
