import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Paths of properties that say nothing about themselves. */
const undescribed = (schema: unknown, path: string): string[] => {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => undescribed(part, `${path}[${index}]`))
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return undescribed(value, `${path}/${key}`)
    return Object.entries(value).flatMap(([name, property]) => [
      ...(typeof property === 'object' && property !== null && 'description' in property ? [] : [`${path}/${name}`]),
      ...undescribed(property, `${path}/${name}`),
    ])
  })
}

it('delivery.schema.json is what the schema gives', () => {
  expect(execFileSync(process.execPath, [join(root, 'scripts/schema.ts'), '--check'], { encoding: 'utf8' })).toBe('')
})

it('delivery.schema.json describes every key', () => {
  const schema: unknown = JSON.parse(readFileSync(join(root, 'delivery.schema.json'), 'utf8'))
  expect(undescribed(schema, '')).toEqual([])
  expect(JSON.stringify(schema)).toContain('"$schema":{"type":"string","description":')
})
