import type { Resource } from './template.ts'

/** One thing that a resource lets somebody do. */
export type Grant = {
  effect: 'allow' | 'deny' | 'open'
  /** Parts in which `*` and `?` stand for any text, except after `ALL_BUT`; they cover each other part by part. */
  parts: readonly string[]
  /** Text of the condition; empty where there is none. */
  condition: string
  words: string
}

/** Whether `known` lets through all that `grant` does. */
export const isCovered = (grant: Grant, known: Grant): boolean =>
  known.effect === grant.effect &&
  known.parts.length === grant.parts.length &&
  (known.condition === '' || known.condition === grant.condition) &&
  known.parts.every((part, index) => covers(part, grant.parts[index] ?? ''))

/**
 * How the part begins that stands for `NotAction`, `NotResource` or `NotPrincipal`: one part for the whole list, because every
 * entry more takes something away from what all of them let through.
 */
const ALL_BUT = 'all but '

const covers = (pattern: string, text: string): boolean => {
  if (pattern === text || pattern === '*') return true
  if (pattern.startsWith(ALL_BUT) || text.startsWith(ALL_BUT)) return false
  const expression = pattern
    .split(/([*?])/)
    .map((part) => ({ '*': '.*', '?': '.' })[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('')
  return new RegExp(`^${expression}$`, 'i').test(text)
}

/** Everything that a resource grants, in an order of its own. */
export const grantsOf = ({ Type, Properties = {} }: Resource): Grant[] => [
  ...documentsIn(Properties).flatMap(({ path, document }) => statementsOf(document).flatMap((one) => ofStatement(path, one))),
  ...(Type === 'AWS::IAM::Role' ? ofRole(Properties) : []),
  ...(/^AWS::EC2::SecurityGroup/.test(Type) ? ofGroup(Type, Properties) : []),
  ...(Type === 'AWS::Lambda::Permission'
    ? [open(['invoke', show(Properties['Principal']), show(Properties['SourceArn'] ?? '*')], 'may invoke the function')]
    : []),
  ...(Type === 'AWS::ApiGatewayV2::Route' && !AUTHORIZATIONS.includes(Properties['AuthorizationType'])
    ? [open(['route', show(Properties['RouteKey'] ?? '*')], 'may be called by everybody')]
    : []),
  ...(Properties['Scheme'] === 'internet-facing' ? [open(['internet-facing'], 'is reached from the internet')] : []),
]

/** With any other, and without one, API Gateway asks no caller who it is. */
const AUTHORIZATIONS: readonly unknown[] = ['JWT', 'AWS_IAM', 'CUSTOM']

const open = (parts: string[], words: string): Grant => ({
  effect: 'open',
  parts,
  condition: '',
  words: `${parts.join(' ')}: ${words}`,
})

type Document = { Statement: unknown }

/** Policies wherever they stand: of a role, of a key, of a queue. */
const documentsIn = (value: unknown, path = ''): { path: string; document: Document }[] => {
  if (typeof value !== 'object' || value === null) return []
  if ('Statement' in value) return [{ path, document: value }]
  return Object.entries(value).flatMap(([key, inner]) => documentsIn(inner, Array.isArray(value) ? path : key))
}

type Statement = Record<string, unknown>

const statementsOf = ({ Statement }: Document): Statement[] =>
  list(Statement).filter((one): one is Statement => typeof one === 'object' && one !== null)

const ofStatement = (path: string, statement: Statement): Grant[] => {
  const effect = statement['Effect'] === 'Deny' ? 'deny' : 'allow'
  const condition = statement['Condition'] === undefined ? '' : show(statement['Condition'])
  const actions = partsOf(statement, 'Action') ?? []
  const resources = partsOf(statement, 'Resource') ?? ['']
  const principals = partsOf(statement, 'Principal', principalsOf) ?? ['']
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal): Grant => {
        const on = resource === '' ? '' : ` on ${resource}`
        const who = principal === '' ? '' : ` to ${principal}`
        return {
          effect,
          parts: [path, action, resource, principal],
          condition,
          words: `${effect === 'deny' ? 'denies' : 'allows'} ${action}${on}${who}${condition === '' ? '' : ` if ${condition}`}`,
        }
      }),
    ),
  )
}

const shown = (value: unknown): string[] => list(value).map(show)

const partsOf = (statement: Statement, element: string, namesOf = shown): string[] | undefined => {
  const leftOut = statement[`Not${element}`]
  if (leftOut !== undefined) return [`${ALL_BUT}${namesOf(leftOut).toSorted().join(', ')}`]
  return statement[element] === undefined ? undefined : namesOf(statement[element])
}

const principalsOf = (principal: unknown): string[] => {
  if (typeof principal !== 'object' || principal === null) return [show(principal)]
  return Object.entries(principal).flatMap(([kind, names]) => list(names).map((name) => `${kind} ${show(name)}`))
}

/** A role without a boundary may be more than one with it. */
const ofRole = (properties: Record<string, unknown>): Grant[] => [
  ...list(properties['ManagedPolicyArns']).map((name) => open(['managed policy', show(name)], 'attached')),
  open(['boundary', show(properties['PermissionsBoundary'] ?? 'none')], 'the most that the role may do'),
]

const DIRECTIONS = { SecurityGroupIngress: 'lets in', SecurityGroupEgress: 'lets out' }

const ofGroup = (type: string, properties: Record<string, unknown>): Grant[] => {
  const own = /(SecurityGroup(?:In|E)gress)$/.exec(type)?.[1]
  return Object.entries(DIRECTIONS).flatMap(([key, words]) =>
    (own === key ? [properties] : list(properties[key])).flatMap((rule) => {
      if (typeof rule !== 'object' || rule === null) return []
      const { IpProtocol, FromPort = '*', ToPort = '*', Description: _, GroupId: __, ...peer } = rule as Record<string, unknown>
      const ports = FromPort === ToPort ? show(FromPort) : `${show(FromPort)}-${show(ToPort)}`
      return [open([words, show(IpProtocol), ports, show(peer)], 'a rule of the security group')]
    }),
  )
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
