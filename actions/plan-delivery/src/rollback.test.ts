import { describe, expect, it } from 'vitest'
import { type Release, releaseId } from '../../../lib/delivery/records.ts'
import { objections, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import type { Request } from './request.ts'
import { push, release, world } from './world.case.ts'

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`
const services = release.services
const of = (letter: string, over: Partial<Release> = {}): Release => {
  const images = { app: { digest: digest(letter), tag: `src-${letter}` } }
  return { ...release, images, release: releaseId(images, services), commit: letter.repeat(40), ...over }
}
const [A, B, C] = [of('a'), of('b'), of('c')]
const then = (before: Release, after: Release, over: Partial<Release> = {}): Release => ({
  ...after,
  previous: before.release,
  ...over,
})
const images = { 'shop/app:src-a': digest('a'), 'shop/app:src-b': digest('b'), 'shop/app:src-c': digest('c') }
const back = (over: Partial<Request> = {}): Request => ({
  ...push('main'),
  event: 'workflow_dispatch',
  operation: 'rollback',
  environment: 'prod',
  reason: 'errors at checkout',
  runId: '20',
  ...over,
})
const prod = (...history: Release[]) => ({ '/shop/prod/release': history })

describe('rollback', () => {
  it('plans the previous release by digest, rejects the one that stands, and asks nothing of upstream or of time', async () => {
    const { ports, asked } = world({ images, history: prod(A, then(A, B)), now: '2026-12-24T12:00:00Z' })
    const decision = await planDelivery(back(), ports)
    expect(objections(decision)).toEqual([])
    expect(decision.plan).toMatchObject({
      kind: 'rollback',
      rejects: B.release,
      reason: 'errors at checkout',
      release: { commit: A.commit, images: { app: { digest: digest('a'), tag: 'src-a' } } },
    })
    expect(decision.plan).not.toHaveProperty('window')
    expect(decision.plan).not.toHaveProperty('from')
    expect(decision.plan.services.map(({ name }) => name)).toEqual(['api', 'events', 'edge'])
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', build: 'false', infra: 'false', release: A.release })
    expect(asked.filter((line) => !/^(guard|open)/.test(line)).toSorted()).toEqual([
      'history /shop/prod/release',
      `image shop/app@${digest('a')}`,
      'standing /shop/dev/release',
      'standing /shop/prod/release',
      'standing /shop/staging/release',
    ])
  })

  it('is refused where its record, with the reason and what was rejected, would not fit into SSM', async () => {
    const rejected = Array.from({ length: 270 }, (_, index) => `rel-${String(index).padStart(16, '0')}`)
    const history = prod(A, then(A, B, { rejected }))
    expect(objections(await planDelivery(back(), world({ images, history }).ports))).toEqual([])
    const decision = await planDelivery(back({ reason: '🔥'.repeat(500) }), world({ images, history }).ports)
    expect(objections(decision)).toMatchObject([{ gate: 'record-size', reason: expect.stringMatching(/give a shorter one$/) }])
  })

  it('plans a release that is named', async () => {
    const history = prod(A, then(A, B), then(B, C))
    const decision = await planDelivery(back({ release: A.release }), world({ images, history }).ports)
    expect(decision.plan).toMatchObject({ rejects: C.release, release: { images: { app: { digest: digest('a') } } } })
  })

  it('goes on from what a rollback brought back to what stood before that', async () => {
    const restored = then(A, B, { rejected: [C.release], kind: 'rollback' })
    const decision = await planDelivery(back(), world({ images, history: prod(A, then(A, B), then(B, C), restored) }).ports)
    expect(decision.plan).toMatchObject({ rejects: B.release, release: { images: { app: { digest: digest('a') } } } })
  })

  it('passes over a release that came in part before the one that stands came whole', async () => {
    const part = then(A, { ...B, release: 'rel-part', services: { api: 'app' } }, { partial: true })
    const decision = await planDelivery(back(), world({ images, history: prod(A, part, then(part, B)) }).ports)
    expect(decision.plan).toMatchObject({ rejects: B.release, release: { images: { app: { digest: digest('a') } } } })
  })

  it('of a run that is started again plans the same once more', async () => {
    const ours = { run: 'https://github.com/acme/shop/actions/runs/20', kind: 'rollback' as const, rejected: [C.release] }
    const history = prod(A, then(A, B), then(B, C), then(A, B, ours))
    const decision = await planDelivery(back(), world({ images, history }).ports)
    expect(decision.plan).toMatchObject({ rejects: C.release, release: { images: { app: { digest: digest('b') } } } })
  })

  it('brings again what stands, and rejects nothing', async () => {
    const decision = await planDelivery(back({ release: B.release }), world({ images, history: prod(A, then(A, B)) }).ports)
    expect(decision.plan.release.images['app']?.digest).toBe(digest('b'))
    expect(decision.plan).not.toHaveProperty('rejects')
  })

  it('leaves alone a service that only one of both releases has', async () => {
    const old = { ...A, services: { api: 'app', gone: 'app' } }
    const now = { ...then(A, B), services: { api: 'app', events: 'app' } }
    const decision = await planDelivery(back(), world({ images, history: prod(old, now) }).ports)
    expect(decision.plan.services.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([['api', []]])
    const fewer = { ...then(A, B), services: { api: 'app' } }
    const kept = await planDelivery(back(), world({ images, history: prod(A, fewer) }).ports)
    expect(kept.plan.services.map(({ name }) => name)).toEqual(['api'])
  })

  it.each([
    ['nothing was ever verified', [], undefined, /nothing was ever verified in prod.*gh workflow run deliver\.yml --ref main$/],
    ['there is one release only', [A], undefined, /is the first release there; no other release can come back/],
    [
      'nothing stood whole before',
      [{ ...A, partial: true as const }, then(A, B)],
      undefined,
      /is the first release that stood whole there; no other release can come back/,
    ],
    ['the previous one is out of the history', [then(C, B)], undefined, /of which no record is left; no other release/],
    ['the named one never stood there', [A, then(A, B)], C.release, /never stood whole in prod; name one .* -f release=rel-/],
    [
      'the named one was there in part',
      [{ ...A, partial: true as const }, then(A, B)],
      A.release,
      /never stood whole in prod; no other release can come back/,
    ],
    ['no service is common to both', [{ ...A, services: { old: 'app' } }, then(A, B)], undefined, /have no service in common/],
  ])('is refused where %s', async (_, history, named, message) => {
    const { ports } = world({ images, history: prod(...history) })
    await expect(planDelivery(back({ release: named }), ports)).rejects.toThrow(message)
  })

  it('is refused where what comes back was itself rejected, or expired in the registry', async () => {
    const rejected = prod(A, then(A, B, { rejected: [A.release] }))
    expect(objections(await planDelivery(back(), world({ images, history: rejected }).ports))).toMatchObject([
      { gate: 'rejected' },
    ])
    const expired = await planDelivery(back(), world({ images: {}, history: prod(A, then(A, B)) }).ports)
    expect(objections(expired)).toMatchObject([
      { gate: 'digest-exists', reason: expect.stringMatching(/the registry no longer has app .*name another release/) },
    ])
  })

  it('is refused where what comes back was rolled back in another environment, which need not answer', async () => {
    const history = { ...prod(A, then(A, B)), '/shop/staging/release': [{ ...C, rejected: [A.release] }] }
    expect(objections(await planDelivery(back(), world({ images, history }).ports))).toMatchObject([
      { gate: 'rejected', reason: expect.stringMatching(/was rolled back in staging/) },
    ])
    const silent = await planDelivery(back(), world({ images, history, silent: ['dev', 'staging'] }).ports)
    expect(outputs(silent)['outcome']).toBe('planned')
    expect(silent.warnings).toHaveLength(2)
  })

  it.each(['111111111111', '444444444444'])('is refused where the credentials are not of %s', async (wrongAccount) => {
    const { ports } = world({ images, history: prod(A, then(A, B)), wrongAccount })
    expect((await planDelivery(back(), ports)).gates).toMatchObject([{ gate: 'account', result: 'fail' }])
  })
})

describe('hold and resume', () => {
  const held = { state: 'held' as const, reason: 'errors', by: 'octocat', at: '2026-11-10T08:00:00Z', run: 'r/1' }
  it.each(['hold', 'resume'] as const)('%s plans no service and reads one environment', async (operation) => {
    const { ports, asked } = world({ holds: { '/shop/prod/hold': held } })
    const decision = await planDelivery(back({ operation }), ports)
    expect(decision.plan).toMatchObject({ kind: operation, services: [], release: { commit: push('main').commit, images: {} } })
    expect(decision.plan.reason).toBe(operation === 'hold' ? 'errors at checkout' : undefined)
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', build: 'false', images: '[]', services: '[]', release: '' })
    expect(asked.filter((line) => !/^(guard|open)/.test(line))).toEqual(['standing /shop/prod/release'])
  })

  it('is refused where the credentials are of another account', async () => {
    const decision = await planDelivery(back({ operation: 'hold' }), world({ wrongAccount: '444444444444' }).ports)
    expect(decision.gates).toMatchObject([{ gate: 'account', result: 'fail' }])
  })
})
