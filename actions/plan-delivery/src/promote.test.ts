import { describe, expect, it } from 'vitest'
import { objections, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import type { Request } from './request.ts'
import { digest, found, objects, push, release, verified, world } from './world.case.ts'

const commits = { ['c'.repeat(40)]: objects }
const promote = (branch: string, environment: string, over: Partial<Request> = {}): Request => ({
  ...push(branch),
  event: 'workflow_dispatch',
  operation: 'promote',
  environment,
  ...over,
})
const other = `sha256:${'e'.repeat(64)}`
const newer = {
  ...release,
  release: 'rel-00000000000000ff',
  images: { app: { digest: other, tag: 'src-2' } },
  verifiedAt: '2026-11-15T08:00:00.000Z',
}
const both = { 'shop/app:src-2': other, ...found }

describe('promote', () => {
  it('plans what upstream verified last, by digest, whatever the branch has', async () => {
    const history = { '/shop/dev/release': [release, newer] }
    const { ports, asked } = world({ images: both, history, commits })
    const decision = await planDelivery(promote('staging', 'staging'), ports)
    expect(objections(decision)).toEqual([])
    expect(decision.plan).toMatchObject({ kind: 'promotion', from: 'dev', environment: 'staging' })
    expect(decision.plan.release).toMatchObject({ commit: newer.commit, images: { app: { digest: other, tag: 'src-2' } } })
    expect(asked.filter((line) => line.startsWith('image'))).toEqual([`image shop/app@${other}`])
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', build: 'false', next: 'prod' })
  })

  it('plans a release that is named', async () => {
    const { ports } = world({ images: both, history: { '/shop/dev/release': [release, newer] }, commits })
    const decision = await planDelivery(promote('staging', 'staging', { release: release.release }), ports)
    expect(decision.plan.release.images['app']?.digest).toBe(digest)
    expect(outputs(decision)['release']).toBe(release.release)
  })

  it('takes no release that upstream rolled back or has in part', async () => {
    const history = {
      '/shop/dev/release': [
        { ...release, rejected: [newer.release] },
        newer,
        { ...newer, release: 'rel-1', partial: true as const },
      ],
    }
    const decision = await planDelivery(promote('staging', 'staging'), world({ images: both, history, commits }).ports)
    expect(decision.plan.release.images['app']?.digest).toBe(digest)
  })

  it('waits for soak and window', async () => {
    const history = { '/shop/staging/release': [{ ...release, verifiedAt: '2026-11-18T11:59:00.000Z' }] }
    const { ports } = world({ images: found, history, commits, now: '2026-11-18T12:00:00Z' })
    const decision = await planDelivery(promote('main', 'prod'), ports)
    expect(outputs(decision)).toMatchObject({ outcome: 'pending', plan: '' })
    expect(objections(decision).map(({ gate }) => gate)).toEqual(['soak', 'window'])
  })

  it.each([
    ['delivery.json', { ...objects, 'delivery.json': 'e'.repeat(40) }, /^delivery\.json differ between c{12} and branch staging/],
    [
      'infrastructure',
      { ...objects, infra: 'e'.repeat(40) },
      /^infra differ .* merge instead: gh pr create --base staging --head dev$/,
    ],
    ['a folder that only upstream has', { ...objects, infra: '' }, /^infra differ/],
  ])('is refused where %s differs, and says merge', async (_, theirs, reason) => {
    const { ports } = world({ images: found, history: verified, commits: { ['c'.repeat(40)]: theirs } })
    const decision = await planDelivery(promote('staging', 'staging'), ports)
    expect(objections(decision)).toMatchObject([{ gate: 'same-configuration', reason: expect.stringMatching(reason) }])
  })

  it("is refused where the clone does not have upstream's commit", async () => {
    const decision = await planDelivery(promote('staging', 'staging'), world({ images: found, history: verified }).ports)
    expect(objections(decision)).toMatchObject([{ reason: expect.stringMatching(/is not in the clone.*fetch-depth: 0/) }])
  })

  it('is refused where the branch has infrastructure that was never deployed there, and says deliver', async () => {
    const before = { ...commits, ['d'.repeat(40)]: { ...objects, 'lib/host': 'e'.repeat(40) } }
    const planned = (state: 'started' | 'done', commit: string) => {
      const infra = { '/shop/staging/infra': { state, commit, at: '2026-11-10T08:00:00.000Z', run: 'r/1' } }
      return planDelivery(
        promote('staging', 'staging'),
        world({ images: found, history: verified, commits: before, infra }).ports,
      )
    }
    for (const decision of [await planned('done', 'd'.repeat(40)), await planned('started', 'c'.repeat(40))])
      expect(objections(decision)).toMatchObject([
        { gate: 'deployed-infrastructure', reason: expect.stringMatching(/gh workflow run deliver\.yml --ref staging$/) },
      ])
    expect(objections(await planned('done', 'c'.repeat(40)))).toEqual([])
  })

  it('is refused where another environment rejected it, and where it is held', async () => {
    const prod = { ...release, release: 'rel-0', rejected: [release.release] }
    const { ports } = world({ images: found, history: { ...verified, '/shop/prod/release': [prod] }, commits })
    const decision = await planDelivery(promote('staging', 'staging'), ports)
    expect(objections(decision)).toMatchObject([{ gate: 'rejected' }])
    const hold = { state: 'held' as const, reason: 'r', by: 'o', at: 't', run: 'r' }
    const held = world({ images: found, history: verified, commits, holds: { '/shop/staging/hold': hold } })
    expect(objections(await planDelivery(promote('staging', 'staging'), held.ports))).toMatchObject([{ gate: 'hold' }])
  })

  it('is refused where the registry no longer has an image', async () => {
    const decision = await planDelivery(promote('staging', 'staging'), world({ history: verified, commits }).ports)
    expect(objections(decision)).toMatchObject([
      { gate: 'digest-exists', reason: expect.stringMatching(/no longer has app .*gh workflow run deliver\.yml --ref dev$/) },
    ])
  })

  it.each([
    [
      'skips an environment',
      promote('main', 'prod', { release: release.release }),
      verified,
      /^staging has never verified rel-\w+; no environment is skipped: it goes from dev to staging first/,
    ],
    [
      'names a release that nobody has',
      promote('staging', 'staging', { release: 'rel-0000000000000000' }),
      verified,
      /^dev has never verified rel-0{16}; releases that it has: rel-\w+; or take its newest: -f release=latest$/,
    ],
    [
      'has nothing to take',
      promote('staging', 'staging'),
      {},
      /^dev has no release that may go on: .*gh workflow run deliver\.yml --ref dev$/,
    ],
    [
      'goes where images enter',
      promote('dev', 'dev'),
      verified,
      /^nothing is promoted to dev: .*gh workflow run deliver\.yml --ref dev$/,
    ],
    ['runs on another branch', promote('dev', 'staging'), verified, /staging is delivered from branch staging only/],
  ])('is refused where it %s', async (_, request, history, message) => {
    await expect(planDelivery(request, world({ images: found, history, commits }).ports)).rejects.toThrow(message)
  })

  it('is refused where the credentials are of another account', async () => {
    for (const wrongAccount of ['111111111111', '222222222222', '333333333333']) {
      const { ports } = world({ images: found, history: verified, commits, wrongAccount })
      expect((await planDelivery(promote('staging', 'staging'), ports)).gates).toMatchObject([
        { gate: 'account', result: 'fail' },
      ])
    }
  })
})
