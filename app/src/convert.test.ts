import assert from 'node:assert/strict'
import { test } from 'node:test'
import { convert } from './convert.ts'

for (const [value, from, to, expected] of [
  ['1', 'mi', 'km', 1.609344],
  ['-40', 'C', 'F', -40],
  ['0', 'K', 'C', -273.15],
  ['16', 'oz', 'lb', 1],
  ['1e3', 'm', 'km', 1],
] as const) {
  test(`${value} ${from} is ${expected} ${to}`, () => assert.equal(convert({ value, from, to }), expected))
}

for (const [name, question, message] of [
  ['no value', { value: undefined, from: 'm', to: 'km' }, /^value is ""/],
  ['a blank value', { value: ' ', from: 'm', to: 'km' }, /^value is " "/],
  ['an infinite value', { value: 'Infinity', from: 'm', to: 'km' }, /^value is "Infinity"/],
  ['no unit', { value: '1', from: undefined, to: 'km' }, /^from is ""; it must be one of m, /],
  ['a name every object has', { value: '1', from: 'm', to: 'constructor' }, /^to is "constructor"/],
  ['two quantities', { value: '1', from: 'm', to: 'kg' }, /^m is a unit of length and kg one of mass/],
  ['less than absolute zero', { value: '-1', from: 'K', to: 'C' }, /below absolute zero/],
] as const) {
  test(`refuses ${name}`, () => assert.throws(() => convert(question), { name: 'RangeError', message }))
}
