import { expect, test } from 'vitest'
import { releaseId } from '../../../lib/delivery/records.ts'
import type { Attempt, Candidate } from '../../../lib/delivery/standing.ts'
import { askStanding } from './standing.ts'

const digest = (tag: string): string => `sha256:${tag.padEnd(64, '0')}`
const candidate: Candidate = { api: { image: 'app', tag: 'a2' }, web: { image: 'web', tag: 'w2' } }
const release = (app: string, web: string): string =>
  releaseId({ app: { digest: digest(app) }, web: { digest: digest(web) } }, { api: 'app', web: 'web' })

type Row = [service: string, tag: string, release: string, state: string, verifiedAt?: string | undefined, rejects?: string]

/** Rows oldest first, as things happened. */
const standing = (dev: Row[], prod: Row[] = []) => {
  const kept = (rows: Row[]): Attempt[] =>
    rows
      .map(([service, tag, id, state, verifiedAt, rejects]) => ({
        service,
        tag,
        digest: digest(tag),
        release: id,
        kind: rejects === undefined ? 'first' : 'rollback',
        state,
        startedAt: '2026-11-01T08:00:00Z',
        ...(rejects && { rejects }),
        ...(verifiedAt && { verifiedAt: `2026-11-01T${verifiedAt}:00Z` }),
      }))
      .toReversed()
  const all: Record<string, Attempt[]> = { dev: kept(dev), prod: kept(prod) }
  return askStanding(candidate, 'dev', ['dev', 'prod'], {
    history: async (environment, isAsked = () => true) => {
      const found = all[environment] ?? []
      return { attempts: found.filter(isAsked), count: found.length, isWhole: true }
    },
  })
}
const whole = release('a2', 'w2')

test('verified since the last of its services was', async () => {
  const rows: Row[] = [
    ['api', 'a2', whole, 'success', '09:00'],
    ['web', 'w2', whole, 'success', '09:05'],
  ]
  expect(await standing(rows)).toEqual({
    standing: 'verified',
    since: '2026-11-01T09:05:00Z',
    release: whole,
    digests: { app: digest('a2'), web: digest('w2') },
  })
})

const histories: [what: string, expected: string, dev: Row[], prod?: Row[]][] = [
  ['nothing was ever brought', 'unknown', []],
  ['only one of two services was', 'unknown', [['api', 'a2', whole, 'success', '09:00']]],
  [
    'both were, but never in one release',
    'unknown',
    [
      ['web', 'w2', release('a1', 'w2'), 'success', '09:00'],
      ['api', 'a2', release('a2', 'w3'), 'success', '09:05'],
    ],
  ],
  [
    'a service that the release need not touch was verified before',
    'verified',
    [
      ['web', 'w2', release('a1', 'w2'), 'success', '09:00'],
      ['api', 'a2', whole, 'success', '09:05'],
    ],
  ],
  [
    'a service failed in this release, though another had verified the same image',
    'failed',
    [
      ['web', 'w2', release('a1', 'w2'), 'success', '09:00'],
      ['api', 'a2', whole, 'success', '09:05'],
      ['web', 'w2', whole, 'failure'],
    ],
  ],
  [
    'it failed and was verified on another try',
    'verified',
    [
      ['api', 'a2', whole, 'failure'],
      ['web', 'w2', whole, 'success', '09:00'],
      ['api', 'a2', whole, 'success', '09:05'],
    ],
  ],
  [
    'it is under way',
    'under-way',
    [
      ['api', 'a2', whole, 'failure'],
      ['api', 'a2', whole, 'success', '09:00'],
      ['web', 'w2', whole, 'in_progress'],
    ],
  ],
  [
    'others came since',
    'verified',
    [
      ['api', 'a2', whole, 'success', '09:00'],
      ['web', 'w2', whole, 'success', '09:00'],
      ['api', 'a3', release('a3', 'w3'), 'success', '10:00'],
      ['web', 'w3', release('a3', 'w3'), 'success', '10:00'],
    ],
  ],
  [
    'it was rolled back within the second in which it was verified',
    'rejected',
    [
      ['api', 'a2', whole, 'success', '09:00'],
      ['web', 'w2', whole, 'success', '09:01'],
      ['api', 'a1', release('a1', 'w1'), 'success', '09:01', whole],
    ],
  ],
  [
    'it was rolled back in another environment',
    'rejected',
    [
      ['api', 'a2', whole, 'success', '09:00'],
      ['web', 'w2', whole, 'success', '09:00'],
    ],
    [['api', 'a1', release('a1', 'w1'), 'success', '10:00', whole]],
  ],
  [
    'a rollback of it was tried and failed',
    'verified',
    [
      ['api', 'a2', whole, 'success', '09:00'],
      ['web', 'w2', whole, 'success', '09:00'],
    ],
    [['api', 'a1', release('a1', 'w1'), 'failure', undefined, whole]],
  ],
]

test.each(histories)('%s: %s', async (_, expected, dev, prod) => {
  expect(await standing(dev, prod)).toMatchObject({ standing: expected })
})

test('what was rolled back says where', async () => {
  const rows: Row[] = [
    ['api', 'a2', whole, 'success', '09:00'],
    ['web', 'w2', whole, 'success', '09:00'],
  ]
  expect(await standing(rows, [['api', 'a1', release('a1', 'w1'), 'success', '10:00', whole]])).toEqual({
    standing: 'rejected',
    release: whole,
    by: 'prod',
  })
})

test('a configuration without services stands nowhere', async () => {
  const nothing = { history: async () => ({ attempts: [], count: 0, isWhole: true }) }
  expect(await askStanding({}, 'dev', ['dev'], nothing)).toEqual({ standing: 'unknown', hasOlder: false })
})
