import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Release, releaseId } from '../records.ts'
import { soaked } from './soak.ts'
import { verifiedUpstream } from './verified-upstream.ts'

const since = '2026-11-01T08:00:00.000Z'
const at = (instant: string): number => Date.parse(instant)

describe('soak', () => {
  it.each([
    ['none is asked for', undefined, '2026-11-01T08:00:00Z'],
    ['it is over to the second', '30m', '2026-11-01T08:30:00Z'],
    ['it was over long ago', '1d', '2026-12-01T00:00:00Z'],
  ])('passes where %s', (_, soak, now) => {
    expect(soaked({ soak, upstream: 'dev', verifiedAt: since }, at(now))).toMatchObject({ gate: 'soak', result: 'pass' })
  })

  it.each([
    ['a second is missing', '30m', '2026-11-01T08:29:59Z', '2026-11-01T08:30:00Z'],
    ['it has only begun', '2d', '2026-11-01T08:00:00Z', '2026-11-03T08:00:00Z'],
    ['the clock upstream is ahead', '1s', '2026-11-01T07:00:00Z', '2026-11-01T08:00:01Z'],
  ])('is pending where %s', (_, soak, now, opensAt) => {
    const gate = soaked({ soak, upstream: 'dev', verifiedAt: since }, at(now))
    expect(gate).toMatchObject({ gate: 'soak', result: 'pending', opensAt })
    expect(gate.reason).toBe(
      `dev has verified this since ${since} and it must stand there for ${soak}; that is over at ${opensAt}, and reconcile starts it then`,
    )
  })

  it('counts from the first time that upstream had the digests whole, over any history', () => {
    const services = { api: 'app' }
    const images = (letter: string) => ({ app: { digest: `sha256:${letter.repeat(64)}`, tag: `src-${letter}` } })
    const history = fc.array(
      fc.record({ letter: fc.constantFrom('a', 'b'), partial: fc.boolean(), minute: fc.integer({ min: 0, max: 300 }) }),
      { minLength: 1, maxLength: 10 },
    )
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 400 }), (entries, soak, minute) => {
        const start = at(since)
        const releases = entries.map(
          ({ letter, partial, minute: from }): Release => ({
            release: releaseId(images(letter), services),
            images: images(letter),
            services,
            commit: 'c',
            run: 'r',
            actor: 'a',
            verifiedAt: new Date(start + from * 60_000).toISOString(),
            rejected: [],
            ...(partial && { partial: true as const }),
          }),
        )
        const { verifiedAt } = verifiedUpstream({ environment: 'dev', branch: 'dev' }, releases, {
          images: images('a'),
          services,
        })
        const whole = entries.filter(({ letter, partial }) => letter === 'a' && !partial).map((entry) => entry.minute)
        expect(verifiedAt === undefined).toBe(whole.length === 0)
        if (verifiedAt === undefined) return
        const gate = soaked({ soak: `${soak}m`, upstream: 'dev', verifiedAt }, start + minute * 60_000)
        expect(gate.result).toBe(minute - Math.min(...whole) >= soak ? 'pass' : 'pending')
      }),
      { numRuns: 300 },
    )
  })
})
