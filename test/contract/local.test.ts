import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from './check.ts'
import { rules } from './rules.ts'
import type { Subject } from './subject.ts'
import { localSubject } from './subjects/local.ts'

let subject: Subject
beforeAll(async () => {
  subject = await localSubject()
})
afterAll(() => subject.close())

describe('the local cloud does as AWS', () => {
  test.each(rules)('$id: $text', async (rule) => {
    expect(await check(rule, subject)).toEqual({ verdict: 'kept' })
  })
})

test('every rule has an id of its own, and a page that states it', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  expect(rules.filter(({ source }) => !/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/opencontainers)\//.test(source))).toEqual(
    [],
  )
})

test('docs/contract.md names every rule in its words', async () => {
  const page = await readFile(new URL('../../docs/contract.md', import.meta.url), 'utf8')
  expect(
    rules.filter(({ id, text }) => !page.includes(`| \`${id}\` | ${text.replaceAll('|', '\\|')} |`)).map(({ id }) => id),
  ).toEqual([])
})
