import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it.each([
  ['imagee', ['image', 'images'], 'image'],
  ['Image', ['image'], 'image'],
  ['dve', ['dev', 'prod'], 'dev'],
  ['stagin', ['dev', 'staging'], 'staging'],
  ['zzz', ['dev', 'staging'], undefined],
  ['api', [], undefined],
])('the name nearest to %s among %j is %s', (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected)
})
