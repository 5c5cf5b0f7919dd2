import { describe, expect, it } from 'vitest'
import { type Hold, NOT_HELD, parseHold } from '../records.ts'
import { notHeld } from './hold.ts'
import { hotfixAllowed, isLast } from './hotfix.ts'
import { noNewerCandidate } from './newer-candidate.ts'
import { notRejected } from './rejected.ts'

const held: Hold = { state: 'held', release: 'rel-2', reason: 'errors at checkout', by: 'octocat', at: '2026-11-01', run: 'r/2' }
const prod = { environment: 'prod', branch: 'main' }

describe('hold', () => {
  it.each(['first', 'promotion', 'hotfix', 'rollback', 'hold', 'resume'] as const)(
    'passes a %s where nothing is held',
    (kind) => {
      expect(notHeld(kind, prod, undefined)).toMatchObject({ gate: 'hold', result: 'pass' })
    },
  )

  it.each(['hotfix', 'rollback', 'hold', 'resume'] as const)('passes a %s while it is held', (kind) => {
    expect(notHeld(kind, prod, held).result).toBe('pass')
  })

  it.each(['first', 'promotion'] as const)('fails for a %s while it is held, with who, why and the way out', (kind) => {
    expect(notHeld(kind, prod, held)).toMatchObject({
      result: 'fail',
      reason:
        'prod is held by octocat since 2026-11-01, which left rel-2: errors at checkout; when that is settled: gh workflow run rollback.yml --ref main -f operation=resume -f environment=prod',
    })
  })

  it.each([
    [JSON.stringify(held), held],
    [NOT_HELD, undefined],
  ])('is read from %s', (value, expected) => {
    expect(parseHold(value, '/shop/prod/hold')).toEqual(expected)
  })

  it.each(['', 'null', '{}', '"none"', '{"state":"open"}', '{"state":"held"}', '{"state":"held","reason":"r","by":1}'])(
    'that cannot be read is not taken for none: %s',
    (value) => {
      expect(() => parseHold(value, '/shop/prod/hold')).toThrow('the parameter /shop/prod/hold does not hold a hold record')
    },
  )
})

describe('rejected', () => {
  it('passes a release that was rolled back nowhere', () => {
    expect(notRejected('rel-1', { dev: ['rel-2'], prod: [] }, 'dev').result).toBe('pass')
  })

  it('fails for one that was rolled back in any environment, and names these', () => {
    expect(notRejected('rel-1', { dev: [], staging: ['rel-1'], prod: ['rel-0', 'rel-1'] }, 'dev')).toMatchObject({
      gate: 'rejected',
      result: 'fail',
      reason:
        'rel-1 was rolled back in staging, prod, and a rejected release goes nowhere again; bring a new commit to dev: a repair, or git revert',
    })
  })
})

describe('newer-candidate', () => {
  const recorded = (run: string) => ({ release: 'rel-1', run })
  const address = 'https://github.com/acme/shop/actions/runs'
  it.each([
    ['nothing is recorded', '7', undefined],
    ['the same run is', '7', recorded(`${address}/7`)],
    ['an older run is', '10', recorded(`${address}/9`)],
    ['it was started by hand', '', recorded(`${address}/9`)],
    ['the record was made by hand', '7', recorded('')],
    ['the record has another address', '7', recorded('laptop of octocat')],
  ])('passes where %s', (_, run, release) => {
    expect(noNewerCandidate(run, release)).toMatchObject({ gate: 'newer-candidate', result: 'pass' })
  })

  it.each([
    ['9', `${address}/10`],
    ['18446744073709551614', `${address}/18446744073709551615`],
  ])('fails for run %s where %s is recorded', (run, newer) => {
    expect(noNewerCandidate(run, recorded(newer))).toMatchObject({
      result: 'fail',
      reason: expect.stringMatching(/^run \d+ is newer than this one \(\d+\) and has recorded rel-1; .*rollback\.yml$/),
    })
  })
})

describe('hotfix', () => {
  const environments = {
    dev: { branch: 'dev' },
    staging: { branch: 'staging', promotesFrom: 'dev' },
    prod: { branch: 'main', promotesFrom: 'staging' },
  }
  it('passes in the last environment with a reason', () => {
    expect(hotfixAllowed('prod', environments, 'checkout is down')).toMatchObject({ gate: 'hotfix', result: 'pass' })
  })

  it.each([
    [
      'an environment that promotes on',
      'staging',
      'r',
      /goes to the last environment only \(prod\), .*--ref main -f reason=WHY$/,
    ],
    ['one where images enter', 'dev', 'r', /last environment only/],
    ['no reason', 'prod', undefined, /a hotfix needs a reason/],
  ])('fails for %s', (_, environment, reason, message) => {
    expect(hotfixAllowed(environment, environments, reason)).toMatchObject({
      result: 'fail',
      reason: expect.stringMatching(message),
    })
  })

  it('fails where nothing is promoted at all', () => {
    expect(isLast('dev', { dev: { branch: 'dev' } })).toBe(false)
    expect(hotfixAllowed('dev', { dev: { branch: 'dev' } }, 'r').reason).toMatch(/there is none in delivery\.json$/)
  })
})
