import fc from 'fast-check'
import { expect, it } from 'vitest'
import { format, formatChange, formatPercent, money, percentOf, sum } from './money.ts'

it.each([
  ['2641.54800000000022919266484677791595458984375', 'USD', '$2,641.55'],
  ['-0.004', 'USD', '$0.00'],
  ['-12.345', 'USD', '-$12.35'],
  ['1234.5', 'JPY', '¥1,235'],
  ['12.5', 'CNY', 'CN¥12.50'],
  ['12.5', 'GB', '12.5 GB'],
  ['1E-7', 'USD', '$0.00'],
  ['99999999999999999999.99', 'USD', '$99,999,999,999,999,999,999.99'],
])('%s %s is written %s', (amount, unit, written) => {
  expect(format(money(amount), unit)).toBe(written)
})

it('a change has a sign, none has none', () => {
  expect(formatChange(money('3'), 'USD')).toBe('+$3.00')
  expect(formatChange(money('-3'), 'USD')).toBe('-$3.00')
  expect(formatChange(money('0.001'), 'USD')).toBe('$0.00')
})

it.each(['', 'abc', 'NaN', 'Infinity', '1,5', '1e'])('%o is no amount, and never 0', (text) => {
  expect(() => money(text)).toThrow(/where an amount was expected/)
})

it('sums lose no digit', () => {
  const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, fc.integer({ min: 0, max: 30 }))), (pairs) => {
      const amounts = pairs.map(([value, digits]) => money(`${value}e-${digits}`))
      const exact = pairs.reduce((total, [value, digits]) => total + BigInt(value) * 10n ** BigInt(30 - digits), 0n)
      expect(sum(amounts).times('1e30').toFixed(0)).toBe(exact.toString())
    }),
  )
})

it('a share of nothing is not known', () => {
  expect(percentOf(money('1'), money('0'))).toBeUndefined()
  expect(formatPercent(undefined)).toBe('n/a')
  expect(formatPercent(7.25)).toBe('7.3%')
  expect(formatPercent(74.4)).toBe('74%')
})
