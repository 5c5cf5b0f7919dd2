import { expect, it } from 'vitest'
import { addDays, dayOf, daysBetween, daysOf, lastDayOf, lengthOf, monthOf, quarterOf, shortPeriod, yearOf } from './calendar.ts'

it.each([
  ['2026-03-31', -1, '2026-02-01', '2026-03-01'],
  ['2026-01-15', -1, '2025-12-01', '2026-01-01'],
  ['2028-02-29', 0, '2028-02-01', '2028-03-01'],
  ['2026-12-31', 0, '2026-12-01', '2027-01-01'],
  ['2026-12-31', 1, '2027-01-01', '2027-02-01'],
])('the month of %s with offset %i is %s to before %s', (day, offset, start, end) => {
  expect(monthOf(day, offset)).toEqual({ start, end })
})

it.each([
  ['2026-02-10', 28],
  ['2028-02-10', 29],
  ['2026-04-10', 30],
  ['2026-05-10', 31],
])('the month of %s has %i days', (day, length) => {
  expect(lengthOf(monthOf(day))).toBe(length)
  expect(daysOf(monthOf(day))).toHaveLength(length)
})

it.each([
  ['2026-01-01', '2026-01-01', '2026-04-01'],
  ['2026-06-30', '2026-04-01', '2026-07-01'],
  ['2026-12-31', '2026-10-01', '2027-01-01'],
])('the quarter of %s is %s to before %s', (day, start, end) => {
  expect(quarterOf(day)).toEqual({ start, end })
})

it('the year of its last day ends with it', () => {
  expect(lastDayOf(yearOf('2026-12-31'))).toBe('2026-12-31')
})

it('days are counted over the change to summer time and over a year', () => {
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
  expect(daysBetween('2025-12-31', '2026-01-01')).toBe(1)
  expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
})

it.each(['Asia/Tokyo', 'America/Los_Angeles', 'UTC'])('a day is one of UTC for a runner in %s', (zone) => {
  const before = process.env['TZ']
  process.env['TZ'] = zone
  try {
    expect(dayOf(Date.UTC(2026, 10, 30, 23, 59, 59))).toBe('2026-11-30')
    expect(dayOf(Date.UTC(2026, 11, 1, 0, 0, 0))).toBe('2026-12-01')
    expect(monthOf('2026-11-30')).toEqual({ start: '2026-11-01', end: '2026-12-01' })
  } finally {
    process.env['TZ'] = before
  }
})

it('periods are written with their last day', () => {
  expect(shortPeriod({ start: '2026-11-01', end: '2026-11-19' })).toBe('1–18 Nov')
  expect(shortPeriod({ start: '2026-10-30', end: '2026-11-03' })).toBe('30 Oct–2 Nov')
  expect(shortPeriod({ start: '2026-10-30', end: '2026-10-31' })).toBe('30 Oct')
})
