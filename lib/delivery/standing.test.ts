import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { releaseId } from './records.ts'
import { type Attempt, type Candidate, standingOf } from './standing.ts'

const services = { api: 'app', web: 'site' }
const digestOf = (tag: string): string => `sha256:${tag}`
const idOf = (app: string, site: string): string =>
  releaseId({ app: { digest: digestOf(app) }, site: { digest: digestOf(site) } }, services)
const candidate = (app: string, site: string): Candidate => ({
  api: { image: 'app', tag: app },
  web: { image: 'site', tag: site },
})

/** Both services brought in one release, `minute` minutes after eight. */
const brought = (minute: number, app: string, site: string, over: Partial<Attempt> = {}): Attempt[] =>
  [
    ['api', app],
    ['web', site],
  ].map(([service = '', tag = '']) => {
    const at = new Date(Date.UTC(2026, 10, 1, 8, minute)).toISOString()
    const state = over.state ?? 'success'
    const known = { service, tag, digest: digestOf(tag), release: idOf(app, site), kind: 'first', state, startedAt: at }
    return { ...known, ...(state === 'success' && { verifiedAt: at }), ...over }
  })

describe('what GitHub knows of a candidate', () => {
  it.each([
    ['verified', 'it was brought whole', brought(1, 'a', 'b')],
    ['verified', 'it was brought whole, and replaced since', [...brought(1, 'a', 'b'), ...brought(2, 'c', 'd')]],
    ['verified', 'one service came back to it in a release of its own', [...brought(1, 'a', 'x'), ...brought(2, 'a', 'b')]],
    [
      'rejected',
      'a rollback left it',
      [...brought(1, 'a', 'b'), ...brought(2, 'c', 'd', { kind: 'rollback', rejects: idOf('a', 'b') })],
    ],
    [
      'verified',
      'a rollback that failed meant to leave it',
      [...brought(1, 'a', 'b'), ...brought(2, 'c', 'd', { kind: 'rollback', rejects: idOf('a', 'b'), state: 'failure' })],
    ],
    [
      'verified',
      'a rollback brought it again and left nothing',
      [...brought(1, 'a', 'b'), ...brought(2, 'a', 'b', { kind: 'rollback' })],
    ],
    ['failed', 'its delivery failed', brought(1, 'a', 'b', { state: 'failure' })],
    [
      'under-way',
      'it is being delivered again',
      [...brought(1, 'a', 'b', { state: 'failure' }), ...brought(2, 'a', 'b', { state: 'in_progress' })],
    ],
    [
      'failed',
      'one of its services failed, though it had run the same image before',
      [...brought(1, 'x', 'b'), ...brought(2, 'a', 'b').slice(0, 1), ...brought(2, 'a', 'b', { state: 'failure' }).slice(1)],
    ],
    ['unknown', 'one service never had it', brought(1, 'a', 'x')],
    ['unknown', 'the services had it one after the other', [...brought(1, 'a', 'x'), ...brought(2, 'y', 'b')]],
    ['unknown', 'nothing was ever delivered', []],
  ])('%s: %s', (standing, _, attempts) => {
    expect(standingOf(candidate('a', 'b'), attempts).standing).toBe(standing)
  })

  it('rejected, where another environment rolled it back', () => {
    const elsewhere = brought(5, 'c', 'd', { kind: 'rollback', rejects: idOf('a', 'b') })
    expect(standingOf(candidate('a', 'b'), brought(1, 'a', 'b'), [[], elsewhere])).toEqual({
      standing: 'rejected',
      release: idOf('a', 'b'),
    })
  })

  it('counts from the first time, with the digests', () => {
    expect(standingOf(candidate('a', 'b'), [...brought(9, 'a', 'b'), ...brought(1, 'a', 'b')])).toEqual({
      standing: 'verified',
      since: '2026-11-01T08:01:00.000Z',
      release: idOf('a', 'b'),
      digests: { app: 'sha256:a', site: 'sha256:b' },
    })
  })

  it('over random histories of whole releases: verified where one of them was it, unless some rollback left it', () => {
    const tag = fc.constantFrom('a', 'b')
    const histories = fc.array(
      fc.record({ app: tag, site: tag, state: fc.constantFrom('success', 'failure'), rejects: fc.option(fc.tuple(tag, tag)) }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(histories, (entries) => {
        const attempts = entries.flatMap(({ app, site, state, rejects }, minute) =>
          brought(minute, app, site, { state, ...(rejects && { kind: 'rollback', rejects: idOf(...rejects) }) }),
        )
        const verified = entries.filter(({ state }) => state === 'success')
        const has = verified.some(({ app, site }) => app === 'a' && site === 'b')
        const left = verified.some(({ rejects }) => rejects?.join('') === 'ab')
        const { standing } = standingOf(candidate('a', 'b'), attempts.toReversed())
        expect(['verified', 'rejected'].includes(standing)).toBe(has)
        expect(standing === 'rejected').toBe(has && left)
      }),
      { numRuns: 300 },
    )
  })
})
