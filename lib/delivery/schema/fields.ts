import { z } from 'zod'

/**
 * The message of every field completes the sentence "PATH must be …", so that one place can add the path, the value
 * received and the position.
 */
export const text = (pattern: RegExp, expected: string, description: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected }).describe(description)

export const whole = (least: number, most: number, description: string) => {
  const error = `a whole number from ${least} to ${most}`
  return z.int({ error }).min(least, { error }).max(most, { error }).describe(description)
}

export const list = <T extends z.ZodType>(item: T, example: string, description: string, most = 100) => {
  const error = `a list of 1 to ${most} entries without repetition, for example ${example}`
  return z
    .array(item, { error })
    .min(1, { error })
    .max(most, { error })
    .refine((items) => new Set(items.map((entry) => JSON.stringify(entry))).size === items.length, { error })
    .describe(description)
}

/** An object with exactly these keys. Its message for an unknown key lists the known ones, parted by commas. */
export const section = <S extends z.ZodRawShape>(shape: S, description: string) =>
  z
    .strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join() : 'an object') })
    .describe(description)

/** An object whose keys are names that the user chooses. The names are checked by `checkNames`, with better words. */
export const named = <T extends z.ZodType>(value: T, pattern: RegExp, description: string) =>
  z
    .record(z.string().meta({ pattern: pattern.source }), value, { error: 'an object with a name for each entry' })
    .describe(description)

/** Lower case, because roles, repositories and clusters are named after it and ECR takes no capitals. */
export const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
export const NAME_EXPECTED =
  'lower-case letters and digits parted by single hyphens, beginning with a letter, for example web-api'

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/
const VARIABLE_EXPECTED = 'the name of an environment variable, for example LOG_LEVEL'

export const variableName = (description: string) => text(VARIABLE, VARIABLE_EXPECTED, description)

/** Values are strings, as in a process: a number or a boolean is written in quotes. */
export const variables = (description: string) =>
  z
    .record(z.string().regex(VARIABLE, { error: VARIABLE_EXPECTED }), z.string({ error: 'text in quotes' }), {
      error: 'an object of names and values, for example { "LOG_LEVEL": "info" }',
    })
    .describe(description)

export const account = (description: string) => text(/^\d{12}$/, '12 digits in quotes, for example "111111111111"', description)

export const region = (description: string) =>
  text(
    /^(?:us-gov|cn|eusc|af|ap|ca|eu|il|me|mx|sa|us)(?:-[a-z]+)+-\d{1,2}$/,
    'an AWS region, for example "eu-west-1"',
    description,
  )

export const path = (description: string) =>
  text(
    /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\0\n]+$/,
    "a path from the root of the repository without '..', for example services/api",
    description,
  )

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 }

export const duration = (least: string, most: string, description: string) => {
  const error = `a duration from ${least} to ${most} with its unit (s, m, h or d), for example "${most}"`
  return z
    .string({ error })
    .regex(/^\d{1,6}[smhd]$/, { error })
    .refine((value) => seconds(value) >= seconds(least) && seconds(value) <= seconds(most), { error })
    .describe(description)
}

/** Seconds of a duration that the schema has accepted, `30m`. */
export const seconds = (duration: string): number =>
  Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1) as keyof typeof SECONDS]

export const command = (description: string) => {
  const error = 'a list of words, for example ["node", "dist/migrate.js"]'
  return z
    .array(z.string({ error: 'text in quotes' }).min(1, { error }), { error })
    .min(1, { error })
    .describe(description)
}
