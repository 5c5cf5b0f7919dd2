import { expect, test } from 'vitest'
import type { Outcome } from './check.ts'
import { type Difference, differences } from './differences.ts'
import { rules } from './rules.ts'
import type { Column } from './table.ts'
import { unexplained } from './unexplained.ts'

const column = (outcome: Outcome): Column[] => [{ name: 'moto', subject: 'moto', outcomes: new Map([['ecr.a', outcome]]) }]
const listed: Difference[] = [{ subject: 'moto', rule: 'ecr.a', instead: 'answers', because: 'the page says so' }]
const differs: Outcome = { verdict: 'differs', observed: 'accepted' }

test('a difference that is seen and listed is explained', () => {
  expect(unexplained(column(differs), listed)).toEqual([])
})

test('a difference that is not listed is named with what was seen', () => {
  expect(unexplained(column(differs), [])).toEqual(['moto differs in ecr.a, which is not listed: "accepted"'])
})

test.each<Outcome>([{ verdict: 'kept' }, { verdict: 'not-implemented' }])(
  'a listed one that is no longer seen is named: $verdict',
  (outcome) => {
    expect(unexplained(column(outcome), listed)).toEqual(['moto is listed with ecr.a, and no longer differs'])
  },
)

test('every difference that is listed is of a rule that exists, once, with what is done instead and a reason', () => {
  const ids = new Set(rules.map(({ id }) => id))
  expect(differences.filter(({ rule, instead, because }) => !ids.has(rule) || instead === '' || because === '')).toEqual([])
  expect(new Set(differences.map(({ subject, rule }) => `${subject} ${rule}`)).size).toBe(differences.length)
})

test('the local cloud has no difference', () => {
  expect(differences.filter(({ subject }) => subject === 'local')).toEqual([])
})
