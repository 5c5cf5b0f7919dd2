import { conditionHolds, wildcard } from './condition.ts'
import type { Principal } from './service.ts'

type OneOrMore<T> = T | T[]

export type Statement = {
  Sid?: string
  Effect: 'Allow' | 'Deny'
  Principal?: '*' | Record<string, OneOrMore<string>>
  Action?: OneOrMore<string>
  NotAction?: OneOrMore<string>
  Resource?: OneOrMore<string>
  NotResource?: OneOrMore<string>
  Condition?: Record<string, Record<string, OneOrMore<string | boolean | number>>>
}

/** An IAM policy document: identity policy, trust policy or repository policy. */
export type PolicyDocument = { Version?: string; Id?: string; Statement: OneOrMore<Statement> }

type AccessRequest = {
  action: string
  resource: string
  /** Every name the caller goes by, per kind: `{ AWS: ['arn:…:root', '111111111111', …] }`. Unused by identity policies. */
  principal?: Record<string, string[]>
  /** Condition keys as IAM names them. A key that is absent here is absent from the request. */
  context?: Record<string, string | string[]>
}

type Decision = 'allowed' | 'explicitly-denied' | 'implicitly-denied'

const list = <T>(value: OneOrMore<T> | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

const actionMatches = (statement: Statement, action: string): boolean => {
  const matches = (pattern: string) => wildcard(pattern.toLowerCase(), action.toLowerCase())
  if (statement.NotAction !== undefined) return !list(statement.NotAction).some(matches)
  return list(statement.Action).some(matches)
}

const resourceMatches = (statement: Statement, resource: string): boolean => {
  if (statement.NotResource !== undefined) return !list(statement.NotResource).some((pattern) => wildcard(pattern, resource))
  // Trust and repository policies are attached to their resource and name none.
  return statement.Resource === undefined || list(statement.Resource).some((pattern) => wildcard(pattern, resource))
}

const principalMatches = (statement: Statement, principal: AccessRequest['principal']): boolean => {
  if (principal === undefined) return true
  if (statement.Principal === undefined) return false
  if (statement.Principal === '*') return true
  return Object.entries(statement.Principal).some(([kind, names]) =>
    list(names).some((name) => (name === '*' ? principal[kind] !== undefined : principal[kind]?.includes(name) === true)),
  )
}

const applies = (statement: Statement, request: AccessRequest): boolean =>
  actionMatches(statement, request.action) &&
  resourceMatches(statement, request.resource) &&
  principalMatches(statement, request.principal) &&
  Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => conditionHolds(operator, key, list(values).map(String), request.context ?? {})),
  )

/**
 * IAM's decision over some policies: an applying Deny wins, then an applying Allow, else the implicit denial.
 * Throws on an operator or a policy variable that it does not know, rather than guess.
 */
export const evaluate = (policies: PolicyDocument[], request: AccessRequest): Decision => {
  const applying = policies.flatMap((policy) => list(policy.Statement)).filter((statement) => applies(statement, request))
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicitly-denied'
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'implicitly-denied'
}

/** Every name under which a trust policy or a repository policy can mean this caller; an account's root means all of it. */
export const namesOf = ({ account, arn, role }: Principal): string[] => [
  account,
  `arn:aws:iam::${account}:root`,
  arn,
  ...(role === undefined ? [] : [`arn:aws:iam::${account}:role/${role}`]),
]
