import type * as sdk from '@aws-sdk/client-cloudformation'
import type { Principal } from '../service.ts'
import { type Desired, type Engine, type Place, type Template, validation } from './model.ts'

type Given = { ParameterKey: string; ParameterValue?: string; UsePreviousValue?: string }

const isLookup = (type: string): boolean => type.startsWith('AWS::SSM::Parameter::Value<')
const isList = (type: string): boolean => /List<|CommaDelimitedList/.test(type)

const statedValue = (
  key: string,
  template: Template,
  given: Given | undefined,
  previous: sdk.Parameter[] | undefined,
): string => {
  const { Default, AllowedValues } = template.Parameters?.[key] ?? {}
  const before = previous?.find(({ ParameterKey }) => ParameterKey === key)
  if (given?.UsePreviousValue === 'true' && before === undefined) {
    throw validation(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
    )
  }
  const value = given?.UsePreviousValue === 'true' ? before?.ParameterValue : (given?.ParameterValue ?? Default)
  if (value === undefined) throw validation(`Parameters: [${key}] must have values`)
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(String(value)))
    throw validation(`Parameter '${key}' must be one of AllowedValues`)
  return String(value)
}

/**
 * Values for every parameter of a template. Those of a Systems Manager type are looked up now, when the change set is made, also
 * with `UsePreviousValue`, which keeps the key and not the value; the execution uses what was found:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/systems-manager-parameter-types.html
 */
export const resolveParameters = async (
  engine: Engine,
  place: Place,
  caller: Principal,
  template: Template,
  given: Given[],
  previous: sdk.Parameter[] | undefined,
): Promise<sdk.Parameter[]> => {
  const stated = template.Parameters ?? {}
  const unknown = given.map(({ ParameterKey }) => ParameterKey).filter((key) => stated[key] === undefined)
  if (unknown.length > 0) throw validation(`Parameters: [${unknown.join(', ')}] do not exist in the template`)
  const parameters = Object.entries(stated).map(([key, { Type }]) => ({
    key,
    isLookup: isLookup(Type),
    value: statedValue(
      key,
      template,
      given.find(({ ParameterKey }) => ParameterKey === key),
      previous,
    ),
  }))
  const names = [...new Set(parameters.flatMap((each) => (each.isLookup ? each.value : [])))]
  const found = new Map<string, string>()
  for (let at = 0; at < names.length; at += 10) {
    const answer = await engine.invoke(caller, place.region, 'ssm', 'GetParameters', { Names: names.slice(at, at + 10) })
    for (const { Name, Value } of (answer as { Parameters: { Name: string; Value: string }[] }).Parameters) found.set(Name, Value)
  }
  const missing = names.filter((name) => !found.has(name))
  if (missing.length > 0)
    throw validation(`Unable to fetch parameters [${missing.join(',')}] from parameter store for this account.`)
  return parameters.map(({ key, value, isLookup: looked }) => ({
    ParameterKey: key,
    ParameterValue: value,
    ...(looked && { ResolvedValue: found.get(value) }),
  }))
}

/** What `Ref` gives for each parameter. */
export const parameterValues = ({ template, parameters }: Pick<Desired, 'template' | 'parameters'>) =>
  Object.fromEntries(
    parameters.map(({ ParameterKey = '', ParameterValue = '', ResolvedValue = ParameterValue }) => [
      ParameterKey,
      isList(template.Parameters?.[ParameterKey]?.Type ?? '') ? ResolvedValue.split(',') : ResolvedValue,
    ]),
  )
