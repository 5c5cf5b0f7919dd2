import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterCheck, type Health, unhealthyAfter, unknownHealth } from './health.ts'

const check = { command: ['CMD', 'x'], interval: 10, timeout: 5, retries: 3, startPeriod: 25 }

/** Health after each result, one interval apart. */
const statuses = (results: boolean[]): Health['status'][] => {
  let health = unknownHealth
  return results.map((passed, index) => {
    health = afterCheck(health, passed, (index + 1) * check.interval, check)
    return health.status
  })
}

test.each<[string, boolean[], Health['status'][]]>([
  ['the first success makes it healthy', [false, true], ['UNKNOWN', 'HEALTHY']],
  ['failures in the start period do not count', [false, false, false, false], ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN']],
  ['retries after it do', [false, false, false, false, false], ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNHEALTHY']],
  [
    'a healthy one needs as many failures in a row',
    [true, false, false, true, false, false, false],
    ['HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'UNHEALTHY'],
  ],
  [
    'an unhealthy one recovers by one success',
    [false, false, false, false, false, true],
    ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNHEALTHY', 'HEALTHY'],
  ],
])('%s', (_, results, expected) => {
  expect(statuses(results)).toEqual(expected)
})

test('a container that never passes is unhealthy exactly when the arithmetic says so', () => {
  const natural = (max: number) => fc.integer({ min: 1, max })
  fc.assert(
    fc.property(natural(30), natural(5), fc.integer({ min: 0, max: 100 }), (interval, retries, startPeriod) => {
      const given = { ...check, interval, retries, startPeriod }
      let health = unknownHealth
      let at = 0
      while (health.status !== 'UNHEALTHY') {
        at += interval
        health = afterCheck(health, false, at, given)
      }
      expect(unhealthyAfter(given)).toBe(at)
    }),
  )
})
