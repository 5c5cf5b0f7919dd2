import { describe, expect, it } from 'vitest'
import { isTransient, parseRetryAfter, RegistryError, waitBefore } from './retry.ts'

const withCode = (code: string): Error => Object.assign(new Error(code), { code })

describe('what is tried again', () => {
  it.each<[string, unknown, boolean]>([
    ['408', new RegistryError('', 408), true],
    ['429', new RegistryError('', 429), true],
    ['500', new RegistryError('', 500), true],
    ['503', new RegistryError('', 503), true],
    ['400', new RegistryError('', 400), false],
    ['401', new RegistryError('', 401), false],
    ['403', new RegistryError('', 403), false],
    ['404', new RegistryError('', 404), false],
    ['a reset', withCode('ECONNRESET'), true],
    ['a broken pipe', withCode('EPIPE'), true],
    ['silence', Object.assign(new Error(''), { name: 'TimeoutError' }), true],
    ['a missing file', withCode('ENOENT'), false],
    ['a cancelled job', Object.assign(new Error(''), { name: 'AbortError', code: 'ABORT_ERR' }), false],
    ['no error', 'text', false],
  ])('%s: %s', (_, error, expected) => {
    expect(isTransient(error)).toBe(expected)
  })
})

describe('how long is waited', () => {
  it.each([
    [0, 0, undefined, 0],
    [0, 1, undefined, 500],
    [3, 1, undefined, 4000],
    [20, 1, undefined, 20_000],
    [0, 0.5, 7000, 7250],
    [0, 0, 3_600_000, 60_000],
  ])('before attempt %i with chance %d, asked for %s ms: %i ms', (attempt, random, asked, expected) => {
    expect(waitBefore(attempt, random, asked)).toBe(expected)
  })

  it.each([
    [undefined, undefined],
    ['7', 7000],
    ['Thu, 01 Jan 1970 00:00:30 GMT', 20_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', undefined],
  ])('a registry that says %s asks for %s ms', (header, expected) => {
    expect(parseRetryAfter(header, 10_000)).toBe(expected)
  })
})
