import type { Made, Properties, Template, TemplateResource } from './model.ts'
import { type Place, validation } from './model.ts'

/** What `Ref` and `Fn::GetAtt` are answered from. */
export type Scope = {
  place: Place
  stack: { name: string; id: string }
  template: Template
  parameters: Record<string, string | string[]>
  /** A resource that is not there yet is undefined. */
  resource(logicalId: string): Pick<Made, 'physicalId' | 'attributes'> | undefined
}

/** What a change set shows in the place of something that is named only when it is made. */
const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}'

const NO_VALUE = Symbol('AWS::NoValue')

type Intrinsic = (argument: unknown, scope: Scope) => unknown

const sub: Intrinsic = (argument, scope) => {
  const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>]
  return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`
    if (name in variables) return String(evaluate(variables[name], scope))
    return String(name.includes('.') ? attribute(name, scope) : ref(name, scope))
  })
}

const ref: Intrinsic = (name, scope) => {
  const { place, stack } = scope
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': stack.id,
    'AWS::NoValue': NO_VALUE,
  }
  const wanted = String(name)
  if (wanted in pseudo) return pseudo[wanted]
  if (scope.parameters[wanted] !== undefined) return scope.parameters[wanted]
  if (scope.template.Resources[wanted] === undefined)
    throw validation(`Template format error: Unresolved resource dependencies [${wanted}] in the Resources block of the template`)
  return scope.resource(wanted)?.physicalId ?? LATER
}

const attribute: Intrinsic = (argument, scope) => {
  const [logicalId = '', ...rest] = Array.isArray(argument) ? (argument as string[]) : String(argument).split('.')
  const name = rest.join('.')
  if (scope.template.Resources[logicalId] === undefined)
    throw validation(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`)
  const found = scope.resource(logicalId)
  // What is only data has every attribute, with a value that tells where it comes from.
  return found === undefined ? LATER : (found.attributes[name] ?? `${found.physicalId}.${name}`)
}

const truth = (value: unknown, scope: Scope): boolean => {
  const [[name, argument] = []] = Object.entries(value as object)
  return name === 'Condition' ? holds(String(argument), scope) : evaluate(value, scope) === true
}

export const holds = (condition: string, scope: Scope): boolean => {
  const stated = scope.template.Conditions?.[condition]
  if (stated === undefined) throw validation(`Template error: unresolved condition dependency ${condition}`)
  return truth(stated, scope)
}

const all = (argument: unknown, scope: Scope): unknown[] => (argument as unknown[]).map((each) => evaluate(each, scope))

/** Every function that is served; another one is refused by its name. */
const intrinsics: Record<string, Intrinsic> = {
  Ref: ref,
  'Fn::GetAtt': attribute,
  'Fn::Sub': sub,
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = all(argument, scope) as [string, string[]]
    return parts.join(separator)
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = all(argument, scope) as [string, unknown]
    return list === LATER ? LATER : ((list as unknown[])[Number(index)] ?? LATER)
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = all(argument, scope) as [string, string]
    return text.split(separator)
  },
  'Fn::GetAZs': (argument, scope) => {
    const region = evaluate(argument, scope)
    return ['a', 'b', 'c'].map((zone) => `${region === '' ? scope.place.region : region}${zone}`)
  },
  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluate(argument, scope))).toString('base64'),
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = argument as [string, unknown, unknown]
    return evaluate(holds(condition, scope) ? yes : no, scope)
  },
  'Fn::Equals': (argument, scope) => {
    const [one, other] = all(argument, scope)
    return JSON.stringify(one) === JSON.stringify(other)
  },
  'Fn::Not': (argument, scope) => !truth((argument as unknown[])[0], scope),
  'Fn::And': (argument, scope) => (argument as unknown[]).every((each) => truth(each, scope)),
  'Fn::Or': (argument, scope) => (argument as unknown[]).some((each) => truth(each, scope)),
}

const intrinsicOf = (value: object): [string, unknown] | undefined => {
  const [first, ...more] = Object.entries(value)
  return first !== undefined && more.length === 0 && /^(Ref$|Fn::)/.test(first[0]) ? first : undefined
}

/** A value of a template with every function in it answered. Throws on a function that is not served. */
export const evaluate = (value: unknown, scope: Scope): unknown => {
  if (typeof value === 'string' && value.includes('{{resolve:'))
    throw validation(`dynamic references are not served here: ${value}`)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => evaluate(each, scope)).filter((each) => each !== NO_VALUE)
  const called = intrinsicOf(value)
  if (called === undefined) {
    const members = Object.entries(value).map(([key, each]) => [key, evaluate(each, scope)])
    return Object.fromEntries(members.filter(([, each]) => each !== NO_VALUE))
  }
  const run = intrinsics[called[0]]
  if (run === undefined) throw validation(`Template error: the function ${called[0]} is not served here`)
  return run(called[1], scope)
}

export const propertiesOf = ({ Properties: given = {} }: TemplateResource, scope: Scope): Properties =>
  evaluate(given, scope) as Properties

/** The resources that the template has under its conditions. */
export const presentResources = (scope: Scope): [string, TemplateResource][] =>
  Object.entries(scope.template.Resources).filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))

/** What a value names: parameters and resources by `Ref`, resources with an attribute by `Fn::GetAtt`. */
export const referencesIn = (value: unknown): { name: string; attribute?: string }[] => {
  if (typeof value !== 'object' || value === null) return []
  const called = Array.isArray(value) ? undefined : intrinsicOf(value)
  if (called?.[0] === 'Ref') return [{ name: String(called[1]) }]
  if (called?.[0] === 'Fn::GetAtt') {
    const [name = '', ...rest] = Array.isArray(called[1]) ? (called[1] as string[]) : String(called[1]).split('.')
    return [{ name, attribute: rest.join('.') }]
  }
  const text = called?.[0] === 'Fn::Sub' ? String(Array.isArray(called[1]) ? called[1][0] : called[1]) : ''
  const named = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, each = '']) => {
    const [name = '', ...rest] = each.split('.')
    return rest.length === 0 ? { name } : { name, attribute: rest.join('.') }
  })
  return [...named, ...Object.values(value).flatMap(referencesIn)]
}

/** Resources that have to be there before this one. */
export const dependenciesOf = (template: Template, { Properties: given, DependsOn = [] }: TemplateResource): string[] => {
  const named = [...[DependsOn].flat(), ...referencesIn(given).map(({ name }) => name)]
  return [...new Set(named)].filter((name) => template.Resources[name] !== undefined)
}
