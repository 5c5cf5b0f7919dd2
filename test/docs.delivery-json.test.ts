import { expect, test } from 'vitest'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { blocks, read } from './docs-commands.ts'
import { exampleConfiguration } from './example.ts'

const PAGE = 'docs/delivery-json.md'

type Schema = {
  const?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  oneOf?: Schema[]
}

/** Every key that `delivery.schema.json` has, as the page writes them: within its section, with `[]` and `NAME` for what is not a key. */
const keysOf = (schema: Schema, before = ''): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, value]) => [
    `${before}${name}`,
    ...(name === 'in' ? [] : keysOf(value, `${before}${name}.`)),
  ]),
  ...(schema.items === undefined ? [] : keysOf(schema.items, before.replace(/\.$/, '[].'))),
  ...(typeof schema.additionalProperties === 'object' ? keysOf(schema.additionalProperties, `${before}NAME.`) : []),
  ...(schema.oneOf ?? []).flatMap((option) => keysOf(option, before)),
]
const inSection = (key: string): string => key.replace(/^(?:environments|images|services)\.NAME\./, '')
const schema: Schema = JSON.parse(read('delivery.schema.json'))
const known = [...new Set(keysOf(schema).map(inSection))].toSorted()

test('the page has every key of the schema, and no other', () => {
  const rows = [...read(PAGE).matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = '']) => key)
  const keys = rows.filter((key) => !/(\[\]|\.NAME)$/.test(key))
  expect(known.length).toBeGreaterThan(100)
  expect([...new Set(keys)].toSorted()).toEqual(known)
})

const examples = blocks(PAGE, 'json').map((text): Record<string, unknown> => JSON.parse(text))

test.each(examples.map((example) => [Object.keys(example).join(), example]))('the example of %s is valid', (_, example) => {
  const whole = { ...exampleConfiguration(), ...example }
  expect(parseConfiguration(JSON.stringify(whole))).toMatchObject(example)
})

/** Whether something stands at a path of the schema; what `in` says of an environment is a key of the service. */
const stands = (value: unknown, schema: Schema, before = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => stands(item, schema.items ?? {}, before.replace(/\.$/, '[].')))
  if (typeof value !== 'object' || value === null) return []
  const { target } = value as { target?: unknown }
  const option = schema.oneOf?.find(({ properties }) => properties?.['target']?.const === target)
  const { properties, additionalProperties } = option ?? schema
  return Object.entries(value).flatMap(([name, inner]) => {
    if (properties?.[name] === undefined) {
      return typeof additionalProperties === 'object' ? stands(inner, additionalProperties, `${before}NAME.`) : []
    }
    const own = stands(inner, properties[name], `${before}${name}.`)
    return [`${before}${name}`, ...(name === 'in' ? own.map((key) => key.replace('in.NAME.', '')) : own)]
  })
}

test('every key stands in an example', () => {
  const shown = new Set(examples.flatMap((example) => stands(example, schema)).map(inSection))
  expect(known.filter((key) => !shown.has(key))).toEqual([])
})
