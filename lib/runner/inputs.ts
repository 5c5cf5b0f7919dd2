import * as core from '@actions/core'

/** Turns the text of one input into a value, or throws an error in the user's words. */
export type Parser<T> = (text: string, name: string) => T

/** The one form of a refusal: input name, what it must be, what was given (cut, and on one line). */
export const refuse = (name: string, expected: string, got: string): never => {
  throw new Error(`input '${name}' must be ${expected}, got '${abbreviate(got)}'`)
}

const abbreviate = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 77)}...`).replaceAll(/\s+/g, ' ')

export const text: Parser<string> = (value) => value

export const oneOf =
  <const T extends string>(...allowed: T[]): Parser<T> =>
  (value, name) =>
    allowed.find((candidate) => candidate === value) ?? refuse(name, `one of ${allowed.join(', ')}`, value)

/** `what` completes the sentence "input 'x' must be …", with an example. */
export const matching =
  (pattern: RegExp, what: string): Parser<string> =>
  (value, name) =>
    pattern.test(value) ? value : refuse(name, what, value)

export const accountId = matching(/^\d{12}$/, 'an AWS account id of 12 digits')
export const awsRegion = matching(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'an AWS region, for example eu-west-1')
export const roleArn = matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'the ARN of an IAM role')

/** YAML 1.2 core schema, the rule of `core.getBooleanInput`. */
export const flag: Parser<boolean> = (value, name) =>
  /^(true|True|TRUE)$/.test(value) || (!/^(false|False|FALSE)$/.test(value) && refuse(name, 'true or false', value))

export const integer =
  (least: number, most: number): Parser<number> =>
  (value, name) => {
    const parsed = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    return parsed >= least && parsed <= most ? parsed : refuse(name, `a whole number from ${least} to ${most}`, value)
  }

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A duration with its unit, in milliseconds: `500ms`, `2.5s`, `30m`, `1h`. */
export const duration =
  (least: string, most: string): Parser<number> =>
  (value, name) => {
    const parsed = milliseconds(value)
    if (parsed !== undefined && parsed >= (milliseconds(least) ?? 0) && parsed <= (milliseconds(most) ?? 0)) return parsed
    return refuse(name, `a duration from ${least} to ${most} with its unit (ms, s, m or h), for example 30s`, value)
  }

const milliseconds = (value: string): number | undefined => {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(value) ?? []
  return amount === undefined ? undefined : Number(amount) * UNITS[unit as keyof typeof UNITS]
}

/** One value a line; blank lines and surrounding space do not count. */
export const lines: Parser<string[]> = (value) =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** A line `key=value` each; everything after the first `=` belongs to the value. */
export const keyValues =
  (example: string): Parser<Record<string, string>> =>
  (value, name) => {
    const pairs = lines(value, name).map((line): [string, string] => {
      const at = line.indexOf('=')
      return at > 0 ? [line.slice(0, at).trim(), line.slice(at + 1).trim()] : refuse(name, `lines like ${example}`, line)
    })
    const twice = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index)
    if (twice) throw new Error(`input '${name}' gives '${twice[0]}' twice`)
    return Object.fromEntries(pairs)
  }

/** A JSON array of strings, as an exec-form command: `["node", "dist/migrate.js"]`. */
export const command: Parser<string[]> = (value, name) => {
  const parsed = json(value, name)
  const words = Array.isArray(parsed) ? parsed.filter((word): word is string => typeof word === 'string') : []
  if (!Array.isArray(parsed) || words.length === 0 || words.length !== parsed.length) {
    return refuse(name, 'a JSON array of words, for example ["node", "migrate.js"]', value)
  }
  return words
}

export const json: Parser<unknown> = (value, name) => {
  try {
    return JSON.parse(value)
  } catch (cause) {
    throw new Error(`input '${name}' is not valid JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

const LONGEST_REFUSAL = 500

/** Whatever stands in a value, and however long it is, its refusal stays one line that can be read. */
const read = <T>(value: string, name: string, parse: Parser<T>): T => {
  try {
    return parse(value, name)
  } catch (error) {
    if (error instanceof Error) {
      const line = error.message.replaceAll(/\s+/g, ' ')
      error.message = line.length <= LONGEST_REFUSAL ? line : `${line.slice(0, LONGEST_REFUSAL)}…`
    }
    throw error
  }
}

export const required = <T>(name: string, parse: Parser<T>): T => {
  const value = core.getInput(name)
  if (value === '') throw new Error(`input '${name}' is required and was not given`)
  return read(value, name, parse)
}

/** The value, or undefined where the input is absent or empty: a runner cannot tell the two apart. */
export const optional = <T>(name: string, parse: Parser<T>): T | undefined => {
  const value = core.getInput(name)
  return value === '' ? undefined : read(value, name, parse)
}

/** Refuses an input that was renamed or means nothing here, naming what to write instead. */
export const exclude = (name: string, reason: string): void => {
  if (core.getInput(name) !== '') throw new Error(`input '${name}' ${reason}`)
}
