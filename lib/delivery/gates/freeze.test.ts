import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Freeze, noFreeze } from './freeze.ts'
import { localTime, startOfDate } from './local-time.ts'

const at = (instant: string): number => Date.parse(instant)
const winter: Freeze = { from: '2026-12-20', to: '2027-01-03', reason: 'holidays' }
const audit: Freeze = { from: '2027-01-04', to: '2027-01-05', reason: 'audit' }

describe('freeze', () => {
  it.each([
    ['there is none', undefined, 'UTC', '2026-12-24T12:00:00Z'],
    ['the evening before', [winter], 'UTC', '2026-12-19T23:59:59Z'],
    ['the morning after', [winter], 'UTC', '2027-01-04T00:00:00Z'],
    ['it is still the day before in New York', [winter], 'America/New_York', '2026-12-20T04:59:00Z'],
    ['it is the day after in Tokyo', [winter], 'Asia/Tokyo', '2027-01-03T15:00:00Z'],
  ])('passes where %s', (_, freezes, timezone, now) => {
    expect(noFreeze(freezes, timezone, at(now))).toMatchObject({ gate: 'freeze', result: 'pass' })
  })

  it.each([
    ['the first instant, in UTC where there is no window', [winter], undefined, '2026-12-20T00:00:00Z', '2027-01-04T00:00:00Z'],
    ['the last second', [winter], 'UTC', '2027-01-03T23:59:59Z', '2027-01-04T00:00:00Z'],
    ['it has begun in Zurich', [winter], 'Europe/Zurich', '2026-12-19T23:00:00Z', '2027-01-03T23:00:00Z'],
    ['another one follows at once', [audit, winter], 'UTC', '2026-12-24T12:00:00Z', '2027-01-06T00:00:00Z'],
    [
      'summer time takes the midnight at its end',
      [{ from: '2026-04-20', to: '2026-04-23', reason: 'r' }],
      'Africa/Cairo',
      '2026-04-22T12:00:00Z',
      '2026-04-23T22:00:00Z',
    ],
  ])('is pending: %s', (_, freezes, timezone, now, opensAt) => {
    const gate = noFreeze(freezes, timezone, at(now))
    expect(gate).toMatchObject({ gate: 'freeze', result: 'pending', opensAt })
    expect(gate.reason).toMatch(/^nothing is promoted from .*, and reconcile starts it then$/)
  })

  it('ends with the first instant of a day on which there is none', () => {
    const day = fc
      .integer({ min: 0, max: 400 })
      .map((days) => new Date(at('2026-01-01T00:00:00Z') + days * 86_400_000).toISOString().slice(0, 10))
    const freezes = fc.array(
      fc.tuple(day, day).map(([a, b]): Freeze => ({ from: a < b ? a : b, to: a < b ? b : a, reason: 'r' })),
      { maxLength: 5 },
    )
    const zones = fc.constantFrom('UTC', 'Europe/Zurich', 'Africa/Cairo', 'America/Santiago', 'Pacific/Kiritimati')
    const now = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-02-01T00:00:00Z') })
    fc.assert(
      fc.property(freezes, zones, now, (list, zone, instant) => {
        const frozen = (moment: number): boolean =>
          list.some(({ from, to }) => from <= localTime(moment, zone).date && localTime(moment, zone).date <= to)
        const gate = noFreeze(list, zone, instant)
        expect(gate.result).toBe(frozen(instant) ? 'pending' : 'pass')
        if (gate.opensAt === undefined) return
        expect(frozen(at(gate.opensAt))).toBe(false)
        expect(frozen(at(gate.opensAt) - 60_000)).toBe(true)
        for (let earlier = instant; earlier < at(gate.opensAt); earlier += 6 * 3_600_000) expect(frozen(earlier)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('knows when a date begins that a country left out', () => {
    expect(new Date(startOfDate('2011-12-30', 'Pacific/Apia')).toISOString()).toBe('2011-12-30T10:00:00.000Z')
  })
})
