import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { addDays, dayOf, daysBetween, daysOf, monthOf } from './calendar.ts'
import { type CostRow, costFigures, movers, requestPeriod, topServices } from './costs.ts'
import { money, rounded, sum, ZERO } from './money.ts'

const row = (day: string, amount: string, service = 'A', recordType = 'Usage'): CostRow => ({
  day,
  service,
  recordType,
  amount: money(amount),
})

/** $10 on every day of the request, so that each figure is ten times its days. */
const tens = (today: string): CostRow[] => daysOf(requestPeriod(today)).map((day) => row(day, '10'))

/** Worked out by hand from the calendar: days of this month so far, the same days before, all of the month before. */
describe('worked months, at $10 a day', () => {
  it.each([
    // today, month to date, same days, last month, day figure
    ['2026-11-01', 0, 0, 310, '2026-10-30'],
    ['2026-11-02', 10, 10, 310, '2026-10-31'],
    ['2026-11-19', 180, 180, 310, '2026-11-17'],
    ['2026-11-30', 290, 290, 310, '2026-11-28'],
    ['2026-12-01', 0, 0, 300, '2026-11-29'],
    ['2026-12-31', 300, 300, 300, '2026-12-29'],
    ['2027-01-01', 0, 0, 310, '2026-12-30'],
    ['2026-03-01', 0, 0, 280, '2026-02-27'],
    ['2026-03-28', 270, 270, 280, '2026-03-26'],
    // February has no 29th and 30th: all of it stands against the thirty days of March.
    ['2026-03-31', 300, 280, 280, '2026-03-29'],
    ['2028-03-31', 300, 290, 290, '2028-03-29'],
    ['2028-02-29', 280, 280, 310, '2028-02-27'],
    ['2026-05-31', 300, 300, 300, '2026-05-29'],
  ])('on %s: %i this month, %i on the same days, %i last month', (today, month, same, last, day) => {
    const figures = costFigures({ rows: tens(today), unit: 'USD', estimated: false }, today, 2)
    expect([figures.monthToDate, figures.sameDaysBefore, figures.lastMonthTotal].map(Number)).toEqual([month, same, last])
    expect(figures.day).toBe(day)
    expect(Number(figures.dayTotal)).toBe(10)
    expect(Number(figures.weekAverage)).toBe(10)
  })
})

describe.each(['Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Kiritimati'])('a runner in %s', (zone) => {
  it.each([
    // A cron that was due on 30 November at 23:23 UTC, in time and an hour late.
    [Date.UTC(2026, 10, 30, 23, 23), '2026-11-30', 290, 290],
    [Date.UTC(2026, 11, 1, 0, 23), '2026-12-01', 0, 0],
    [Date.UTC(2026, 2, 31, 12, 0), '2026-03-31', 300, 280],
  ])('reports at %i what UTC says of %s', (now, today, month, same) => {
    vi.stubEnv('TZ', zone)
    const day = dayOf(now)
    const figures = costFigures({ rows: tens(day), unit: 'USD', estimated: false }, day, 2)
    vi.unstubAllEnvs()
    expect([day, Number(figures.monthToDate), Number(figures.sameDaysBefore)]).toEqual([today, month, same])
  })
})

it('a window that is a day off would be seen: every day costs another amount', () => {
  const rows = daysOf(requestPeriod('2026-11-19')).map((day, index) => row(day, String(2 ** index)))
  const figures = costFigures({ rows, unit: 'USD', estimated: false }, '2026-11-19', 2)
  const power = (from: number, to: number): string => (2n ** BigInt(to) - 2n ** BigInt(from)).toString()
  // October has the indexes 0 to 30, 1 to 18 November 31 to 48; 17 November is 47, the week before it 40 to 46.
  expect(figures.monthToDate.toFixed()).toBe(power(31, 49))
  expect(figures.sameDaysBefore.toFixed()).toBe(power(0, 18))
  expect(figures.lastMonthTotal.toFixed()).toBe(power(0, 31))
  expect(figures.dayTotal.toFixed()).toBe(power(47, 48))
  expect(figures.weekAverage.times(7).toFixed(0)).toBe(power(40, 47))
})

it("counts what the reference's account spent: $10 a day, $100 on 31 August, $7 on 8 and $1,000 on 9 September", () => {
  const special: Record<string, string> = { '2026-08-31': '100', '2026-09-08': '7', '2026-09-09': '1000' }
  const rows = daysOf(requestPeriod('2026-09-10')).map((day) => row(day, special[day] ?? '10'))
  const figures = costFigures({ rows, unit: 'USD', estimated: true }, '2026-09-10', 1)
  expect(figures.dayTotal.toFixed()).toBe('1000')
  expect(figures.monthToDate.toFixed()).toBe('1077')
  expect(figures.lastMonthTotal.toFixed()).toBe('400')
})

it('asks for a period that is never empty and never ends after today, on each day of four years', () => {
  for (let day = '2025-01-01'; day < '2029-01-01'; day = addDays(day, 1)) {
    const { start, end } = requestPeriod(day)
    expect(daysBetween(start, end)).toBeGreaterThanOrEqual(28)
    expect(end <= monthOf(day).end).toBe(true)
    expect(start.endsWith('-01')).toBe(true)
  }
})

it('a day on which nothing was booked is 0', () => {
  const figures = costFigures({ rows: [row('2026-11-05', '7')], unit: 'USD', estimated: false }, '2026-11-08', 2)
  expect(figures.daily.map(({ amount }) => Number(amount))).toEqual([0, 0, 0, 0, 7, 0, 0])
})

it('credits and refunds are counted, and shown by themselves', () => {
  const rows = [row('2026-11-02', '50'), row('2026-11-02', '-20', 'A', 'Credit'), row('2026-11-03', '-5', 'B', 'Refund')]
  const figures = costFigures({ rows, unit: 'USD', estimated: false }, '2026-11-10', 2)
  expect(figures.monthToDate.toFixed()).toBe('25')
  expect(figures.credits.toFixed()).toBe('-25')
})

it('on the first day of a month the services are those of the month before', () => {
  const figures = costFigures({ rows: [row('2026-10-05', '7', 'S3')], unit: 'USD', estimated: false }, '2026-11-01', 2)
  expect(figures.services.map(({ service, amount }) => [service, Number(amount)])).toEqual([['S3', 7]])
})

it('rows and the rest add up to the total to the cent, whatever rounding does', () => {
  const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((value) => money(`${value}e-5`))
  const service = fc.record({ amount, before: amount })
  fc.assert(
    fc.property(
      fc.array(service, { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('USD', 'JPY'),
      (list, count, unit) => {
        const services = list.map((each, index) => ({ ...each, service: `S${index}` }))
        const rows = topServices(services, count, unit)
        for (const key of ['amount', 'before'] as const) {
          const total = rounded(sum(services.map((each) => each[key])), unit)
          expect(sum(rows.map((each) => each[key] ?? ZERO)).toFixed()).toBe(total.toFixed())
        }
        expect(rows.length).toBeLessThanOrEqual(count + 1)
      },
    ),
  )
})

it('what moved most comes first, up or down', () => {
  const services = [
    { service: 'up', amount: money('30'), before: money('10') },
    { service: 'down', amount: money('5'), before: money('50') },
    { service: 'still', amount: money('9'), before: money('9') },
  ]
  expect(movers(services, 3).map((each) => each.service)).toEqual(['down', 'up'])
})
