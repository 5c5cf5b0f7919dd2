import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from './local-time.ts'
import { openWindow, type Window } from './window.ts'

const weekdays: Window = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00', timezone: 'Europe/Zurich' }
const night: Window = { days: ['sun'], from: '02:15', to: '02:45', timezone: 'Europe/Zurich' }
const at = (instant: string): number => Date.parse(instant)

describe('window', () => {
  it.each([
    ['none', undefined, '2026-11-21T03:00:00Z'],
    ['its first minute', weekdays, '2026-11-20T07:00:00Z'],
    ['its last minute', weekdays, '2026-11-20T15:59:59Z'],
    ['the same hour of the clock in summer', weekdays, '2026-07-03T06:00:00Z'],
    ['a night hour that comes twice, for the first time', night, '2026-10-25T00:30:00Z'],
    ['and for the second time', night, '2026-10-25T01:30:00Z'],
  ])('passes: %s', (_, window, now) => {
    expect(openWindow(window, at(now))).toMatchObject({ gate: 'window', result: 'pass' })
  })

  it.each([
    ['a minute too early', weekdays, '2026-11-20T06:59:59Z', '2026-11-20T07:00:00Z'],
    ['over, until after the weekend', weekdays, '2026-11-20T16:00:00Z', '2026-11-23T07:00:00Z'],
    ['over, and summer time begins on the weekend', weekdays, '2026-03-27T16:00:00Z', '2026-03-30T06:00:00Z'],
    ['over, and summer time ends on the weekend', weekdays, '2026-10-23T15:00:00Z', '2026-10-26T07:00:00Z'],
    ['its hour is left out that night', night, '2026-03-29T00:00:00Z', '2026-04-05T00:15:00Z'],
    ['between its two hours of one night', night, '2026-10-25T00:50:00Z', '2026-10-25T01:15:00Z'],
    ['over for a week', night, '2026-10-25T02:00:00Z', '2026-11-01T01:15:00Z'],
    [
      'it is another day there',
      { days: ['mon'], from: '00:00', to: '01:00', timezone: 'Pacific/Kiritimati' } as const,
      '2026-11-22T09:59:00Z',
      '2026-11-22T10:00:00Z',
    ],
  ])('is pending: %s', (_, window, now, opensAt) => {
    const gate = openWindow(window as Window, at(now))
    expect(gate).toMatchObject({ gate: 'window', result: 'pending', opensAt })
    expect(gate.reason).toContain(`(${opensAt}), and reconcile starts it then`)
  })

  it('says what the clock shows there, in one sentence', () => {
    expect(openWindow(weekdays, at('2026-11-20T16:00:00Z')).reason).toBe(
      'promotions start mon, tue, wed, thu, fri from 08:00 to 17:00 Europe/Zurich, and it is fri 17:00 there; the window opens mon 2026-11-23 08:00 (2026-11-23T07:00:00Z), and reconcile starts it then',
    )
  })

  it('opens at the first minute that is inside, whatever summer time does', () => {
    const zones = fc.constantFrom(
      'Europe/Zurich',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kolkata',
      'UTC',
    )
    const time = fc.integer({ min: 0, max: 1439 }).map((all) => `${pad(Math.floor(all / 60))}:${pad(all % 60)}`)
    const windows = fc
      .record({ days: fc.subarray([...DAYS], { minLength: 1 }), a: time, b: time, timezone: zones })
      .filter(({ a, b }) => a !== b)
      .map(({ days, a, b, timezone }): Window => ({ days, from: a < b ? a : b, to: a < b ? b : a, timezone }))
    const minutes = fc.integer({ min: at('2026-03-01T00:00:00Z') / 60_000, max: at('2026-11-30T00:00:00Z') / 60_000 })
    fc.assert(
      fc.property(windows, minutes, (window, minute) => {
        const now = minute * 60_000
        const gate = openWindow(window, now)
        expect(gate.result).toBe(inside(window, now) ? 'pass' : 'pending')
        if (gate.opensAt === undefined) return
        const opening = at(gate.opensAt)
        expect(openWindow(window, opening).result).toBe('pass')
        expect(openWindow(window, opening - 60_000).result).toBe('pending')
        // Nothing opens before: looked at every 20 minutes, and more closely just before.
        for (let earlier = now; earlier < opening; earlier += 20 * 60_000) expect(inside(window, earlier)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const pad = (value: number): string => String(value).padStart(2, '0')
const inside = ({ days, from, to, timezone }: Window, now: number): boolean => {
  const { day, time } = localTime(now, timezone)
  return days.some((open) => open === day) && time >= from && time < to
}
