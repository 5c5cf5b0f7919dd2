import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Release, releaseId } from '../records.ts'
import { verifiedUpstream } from './verified-upstream.ts'

const dev = { environment: 'dev', branch: 'dev' }
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`
const images = (letters: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(letters).map(([name, letter]) => [name, { digest: digest(letter), tag: `src-${letter.repeat(40)}` }]),
  )

const release = (letters: Record<string, string>, verifiedAt: string, over: Partial<Release> = {}): Release => {
  const services = Object.fromEntries(Object.keys(letters).map((name) => [`${name}-service`, name]))
  const found = images(letters)
  return {
    release: releaseId(found, services),
    images: found,
    services,
    commit: 'c',
    run: 'r',
    actor: 'a',
    verifiedAt,
    rejected: [],
    ...over,
  }
}

const candidate = (letters: Record<string, string>) => {
  const { images, services } = release(letters, '')
  return { images, services }
}

const first = '2026-11-01T08:00:00.000Z'
const second = '2026-11-02T08:00:00.000Z'
const third = '2026-11-03T08:00:00.000Z'
const A = release({ app: 'a' }, first)

describe('verified-upstream passes', () => {
  it.each([
    ['what runs upstream now', [A], first],
    ['what ran there before', [A, release({ app: 'b' }, second)], first],
    ['what came back, counted from the first time', [release({ app: 'a' }, second), release({ app: 'a' }, first)], first],
    ['images that upstream has beside others', [release({ app: 'a', web: 'b' }, second)], second],
    ['digests that were whole later', [{ ...A, partial: true as const }, release({ app: 'a' }, second)], second],
    [
      'digests of another release than the rejected one',
      [release({ app: 'a' }, first), release({ app: 'b' }, second, { rejected: ['rel-0'] })],
      first,
    ],
  ])('%s', (_, history, verifiedAt) => {
    const gate = verifiedUpstream(dev, history, candidate({ app: 'a' }))
    expect(gate).toMatchObject({ gate: 'verified-upstream', result: 'pass', verifiedAt })
    expect(gate.reason).toContain(verifiedAt)
  })

  it('with the release, its commit and its run as evidence', () => {
    expect(verifiedUpstream(dev, [A], candidate({ app: 'a' })).evidence).toEqual({
      environment: 'dev',
      release: A.release,
      verifiedAt: first,
      commit: 'c',
      run: 'r',
    })
  })
})

describe('verified-upstream fails', () => {
  it.each([
    [
      'nothing was recorded yet',
      [],
      { app: 'a' },
      /nothing was ever verified in dev; deliver there first: gh workflow run deliver\.yml --ref dev$/,
    ],
    ['there is no image', [A], {}, /no image to promote/],
    [
      'another digest stood there',
      [release({ app: 'b' }, first)],
      { app: 'a' },
      /dev has never verified app@a{12}; wait for its delivery, .*gh run list --workflow deliver\.yml --branch dev$/,
    ],
    [
      'the digests never stood together',
      [release({ app: 'a', web: 'b' }, first), release({ app: 'b', web: 'a' }, second)],
      { app: 'a', web: 'a' },
      /these digests together: app@a{12}, web@a{12}/,
    ],
    ['one image was never there', [A], { app: 'a', web: 'a' }, /never verified/],
    ['an image is named as a property of every object', [A], { app: 'a', constructor: 'a' }, /never verified/],
    ['the release was partial', [{ ...A, partial: true as const }], { app: 'a' }, /in a partial release only/],
    [
      'it was rolled back',
      [A, release({ app: 'b' }, second, { rejected: [A.release] })],
      { app: 'a' },
      /rolled this release back/,
    ],
    [
      'it was rolled back, and forgotten by a later record',
      [A, release({ app: 'b' }, second, { rejected: [A.release] }), release({ app: 'a' }, third)],
      { app: 'a' },
      /rolled this release back/,
    ],
    [
      'the release that held the digests was rolled back',
      [
        release({ app: 'a', web: 'b' }, first),
        release({ app: 'c', web: 'b' }, second, { rejected: [release({ app: 'a', web: 'b' }, first).release] }),
      ],
      { app: 'a' },
      /rolled this release back/,
    ],
  ])('where %s', (_, history, letters, reason) => {
    const gate = verifiedUpstream(dev, history, candidate(letters))
    expect(gate.result).toBe('fail')
    expect(gate.reason).toMatch(reason)
    expect(gate.verifiedAt).toBeUndefined()
  })

  it('for a rejected release, though its digests stand in another one too', () => {
    const both = release({ app: 'a', web: 'b' }, second, { rejected: [A.release] })
    expect(verifiedUpstream(dev, [A, both], candidate({ app: 'a' }))).toMatchObject({
      result: 'fail',
      reason: expect.stringMatching(/rolled this release back/),
    })
    expect(verifiedUpstream(dev, [A, both], candidate({ app: 'a', web: 'b' })).result).toBe('pass')
  })

  it('for all digests that no whole and accepted release has together', () => {
    const letters = fc.record({ app: fc.constantFrom('a', 'b', 'c'), web: fc.constantFrom('a', 'b', 'c') })
    const releases = fc
      .record({
        letters,
        partial: fc.boolean(),
        rejects: fc.option(letters, { nil: undefined }),
        at: fc.integer({ min: 1, max: 9 }),
      })
      .map(({ letters, partial, rejects, at }) =>
        release(letters, `2026-11-0${at}T00:00:00.000Z`, {
          ...(partial && { partial: true as const }),
          rejected: rejects === undefined ? [] : [release(rejects, '').release],
        }),
      )
    fc.assert(
      fc.property(fc.array(releases, { maxLength: 8 }), letters, (history, wanted) => {
        const gate = verifiedUpstream(dev, history, candidate(wanted))
        const rejected = history.flatMap((entry) => entry.rejected)
        const id = release(wanted, '').release
        const proofs = history.filter((entry) => entry.release === id && !entry.partial && !rejected.includes(id))
        expect(gate.result).toBe(proofs.length > 0 ? 'pass' : 'fail')
        expect(gate.verifiedAt).toBe(proofs.map((entry) => entry.verifiedAt).toSorted()[0])
      }),
      { numRuns: 500 },
    )
  })
})
