/** IAM's own wildcards: `*` any run of characters (slashes and colons too), `?` exactly one. Case counts. */
export const wildcard = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

type Match = (policyValue: string, requestValue: string) => boolean

const equals: Match = (policyValue, requestValue) => policyValue === requestValue
const equalsIgnoringCase: Match = (policyValue, requestValue) => policyValue.toLowerCase() === requestValue.toLowerCase()

/** ARNs match part by part, so that a wildcard does not cross a colon of the first five. */
const arnLike: Match = (policyValue, requestValue) => {
  const parts = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]
  const requested = parts(requestValue)
  return parts(policyValue).every((part, index) => wildcard(part, requested[index] ?? ''))
}

/** Those that have a negated form (`StringNotLike`) are named without it. */
const operators: Record<string, Match> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: wildcard,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: equalsIgnoringCase,
}

const parse = (operator: string) => {
  const [, set, name, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const negated = /^(String|Arn)Not/.test(name ?? '')
  return {
    set,
    match: operators[(name ?? operator).replace(/^(String|Arn)Not/, '$1')],
    negated,
    ifExists: ifExists !== undefined,
  }
}

/**
 * One line of a `Condition` block. An absent key fails, unless the operator is negated, ends in `IfExists`
 * or starts with `ForAllValues:`: the three ways in which IAM says yes to a claim that is not there.
 */
export const conditionHolds = (
  operator: string,
  key: string,
  policyValues: string[],
  context: Record<string, string | string[]>,
): boolean => {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
  const requestValues = found === undefined ? undefined : [found].flat()
  if (operator === 'Null') return policyValues.some((value) => (value.toLowerCase() === 'true') === (requestValues === undefined))
  const variable = policyValues.find((value) => value.includes('${'))
  if (variable !== undefined) throw new Error(`policy variables are not evaluated here: ${variable}`)
  const { set, match, negated, ifExists } = parse(operator)
  if (match === undefined) throw new Error(`condition operator is not evaluated here: ${operator}`)
  if (requestValues === undefined || requestValues.length === 0) {
    if (set === 'ForAnyValue') return ifExists
    return set === 'ForAllValues' || ifExists || negated
  }
  const holds = (requestValue: string) => policyValues.some((value) => match(value, requestValue)) !== negated
  if (set === 'ForAllValues') return requestValues.every(holds)
  if (set === 'ForAnyValue') return requestValues.some(holds)
  return negated ? requestValues.every(holds) : requestValues.some(holds)
}
