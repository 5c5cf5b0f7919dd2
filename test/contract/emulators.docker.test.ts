import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { differences } from './differences.ts'
import { rules } from './rules.ts'
import { askAll } from './suite.ts'
import { type Column, render } from './table.ts'
import { unexplained } from './unexplained.ts'

let columns: Column[]
beforeAll(async () => {
  columns = await askAll(console.log)
}, 900_000)

test('every difference between the local cloud, the emulators and AWS is listed with its reason, and still there', () => {
  expect(unexplained(columns)).toEqual([])
})

test('docs/contract.md is what this run has seen', async () => {
  expect(await readFile(new URL('../../docs/contract.md', import.meta.url), 'utf8')).toBe(render(rules, columns, differences))
})
