import { Decimal } from 'decimal.js'

// AWS writes amounts with up to 43 digits; sums of them must not lose one.
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP })

export type Money = Decimal

/** An exact amount. Throws a plain error for text that is no number, because 0 would be a lie. */
export const money = (text: string): Money => {
  if (!/^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error(`AWS gave '${text}' where an amount was expected`)
  return new Exact(text)
}

export const ZERO: Money = new Exact(0)

export const sum = (amounts: Iterable<Money>): Money => {
  let total = ZERO
  for (const amount of amounts) total = total.plus(amount)
  return total
}

/** Share in percent; undefined of nothing, because there is no such share. */
export const percentOf = (part: Money, whole: Money): number | undefined =>
  whole.isZero() ? undefined : part.div(whole).times(100).toNumber()

const currency = (unit: string): Intl.NumberFormat | undefined => {
  try {
    return new Intl.NumberFormat('en-US', { style: 'currency', currency: unit })
  } catch {
    return undefined
  }
}

/** Digits after the point that the currency has: 2 for USD, 0 for JPY. */
const digitsOf = (unit: string): number => currency(unit)?.resolvedOptions().maximumFractionDigits ?? 2

/** Rounded to the smallest coin of its currency, halves away from zero. */
export const rounded = (amount: Money, unit: string): Money => amount.toDecimalPlaces(digitsOf(unit))

/** `$1,204.50`, `-$3.00`, `¥120`, `12.50 GB`. Never `-$0.00`. */
export const format = (amount: Money, unit: string): string => {
  const value = rounded(amount, unit)
  const digits = (value.isZero() ? ZERO : value).toFixed(digitsOf(unit)) as `${number}`
  const named = currency(unit)
  return named === undefined ? `${new Intl.NumberFormat('en-US').format(digits)} ${unit}` : named.format(digits)
}

/** As `format`, with a sign in front that says in which direction. */
export const formatChange = (amount: Money, unit: string): string =>
  rounded(amount, unit).isZero() ? format(ZERO, unit) : `${amount.isNegative() ? '' : '+'}${format(amount, unit)}`

/** A whole percentage; tenths where it is below ten and not whole. Undefined is said, not shown as 0. */
export const formatPercent = (percent: number | undefined): string => {
  if (percent === undefined) return 'n/a'
  const digits = Math.abs(percent) < 10 && !Number.isInteger(percent) ? 1 : 0
  return `${percent.toFixed(digits)}%`
}
