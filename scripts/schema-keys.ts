import { z } from 'zod'
import { configuration } from '../lib/delivery/configuration.ts'
import { TARGETS } from '../lib/delivery/schema/service.ts'

/** A key of delivery.json as the page on it shows it. `standard` is `needed`, what it is by default, or empty. */
type Key = { key: string; form: string; standard: string; meaning: string }

/** The tables of docs/delivery-json.md by the name of their place there, line by line. */
export const keyTables = (): Record<string, string[]> => {
  const { environments, images, services, ...top } = configuration.shape
  const targets = TARGETS.map((target) => keysOf(optionOf(namedBy(services), target)))
  const [first = [], ...others] = targets
  const shared = first.filter(
    (key) => key.key !== 'in' && others.every((keys) => keys.some((other) => line(other) === line(key))),
  )
  const own = targets.map((keys) => keys.filter((key) => !shared.some((other) => line(other) === line(key))))
  return {
    file: table([...keysOf(z.object(top)), ...named({ environments, images, services })]),
    environments: table(keysOf(namedBy(environments))),
    images: table(keysOf(namedBy(images))),
    services: table(shared),
    ...Object.fromEntries(TARGETS.map((target, index) => [target, table(own[index] ?? [])])),
  }
}

const table = (keys: Key[]): string[] => ['| key | form | default | |', '| --- | --- | --- | --- |', ...keys.map(line)]

const line = ({ key, form, standard, meaning }: Key): string =>
  `| \`${key}\` | ${shown(form)} | ${shown(standard)} | ${shown(meaning)} |`

/** What Markdown would take for its own, outside of code. */
const shown = (text: string): string =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll(/[*<]/g, String.raw`\$&`) : part))
    .join('`')
    .replaceAll('|', String.raw`\|`)

/** The keys of an object, each followed by those within it: `window.from`, `freeze[].from`, `functions.NAME.command`. */
const keysOf = (schema: unknown, before = ''): Key[] =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape).flatMap(([name, value]) => {
        const [key, inner] = [`${before}${name}`, unwrapped(value)]
        return [row(key, inner, !(value instanceof z.ZodOptional)), ...within(inner, key)]
      })
    : []

const within = (schema: z.ZodType, key: string): Key[] => {
  if (key === 'in') return []
  if (schema instanceof z.ZodArray) return each(schema.element, `${key}[]`)
  if (schema instanceof z.ZodRecord) return each(schema.valueType, `${key}.NAME`)
  return keysOf(schema, `${key}.`)
}

const each = (schema: unknown, key: string): Key[] =>
  schema instanceof z.ZodObject ? [row(key, schema, false), ...keysOf(schema, `${key}.`)] : []

const row = (key: string, schema: z.ZodType, isNeeded: boolean): Key => {
  const [meaning = '', standard = ''] = (schema.description ?? '').split(/ ?Default: (?=.*\.$)/)
  return { key, form: formOf(key, schema), standard: isNeeded ? 'needed' : standard.replace(/\.$/, ''), meaning }
}

/** In the words in which another form is refused. */
const formOf = (key: string, schema: z.ZodType): string => {
  if (schema instanceof z.ZodLiteral) return JSON.stringify(schema.value)
  const form = schema.safeParse(undefined).error?.issues[0]?.message ?? ''
  if (key === 'in') return `${form}, with any of ${namesOf(namedBy(schema)).join(', ')}`
  const isPlainList = schema instanceof z.ZodArray && !(schema.element instanceof z.ZodObject)
  const item = isPlainList ? unwrapped(schema.element) : undefined
  return item?.description === undefined ? form : `${form}; each ${formOf('', item)}`
}

const namesOf = (schema: unknown): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).map((name) => `\`${name}\``) : []

const unwrapped = (schema: unknown): z.ZodType => {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap())
  if (schema instanceof z.ZodType) return schema
  throw new Error('not a schema')
}

const namedBy = (schema: unknown): unknown => (schema instanceof z.ZodRecord ? schema.valueType : undefined)

const optionOf = (schema: unknown, target: string): unknown =>
  schema instanceof z.ZodDiscriminatedUnion
    ? schema.options.find((option) => option instanceof z.ZodObject && option.shape['target']?.safeParse(target).success)
    : undefined

const named = (groups: Record<string, z.ZodType>): Key[] => Object.entries(groups).map(([key, schema]) => row(key, schema, true))
