import { expect, test } from 'vitest'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { changedRecords as changes, type Recorded } from './records.ts'
import type { ServiceResult } from './request.ts'

const digest = `sha256:${'a'.repeat(64)}`
const service = (name: string) => ({
  target: 'ecs' as const,
  name,
  image: 'app',
  dependsOn: [],
  cluster: 'c',
  service: name,
  container: 'app',
  count: 1,
})
const plan: DeploymentPlan = {
  version: 1,
  project: 'shop',
  environment: 'dev',
  account: '2',
  region: 'r',
  role: 'x',
  branch: 'dev',
  kind: 'first',
  release: { commit: 'c1', images: { app: { repository: 'r/app', tag: 'src-1', digest } } },
  services: [service('api'), service('web')],
}
const changedRecords = (...given: Parameters<typeof changes>) => changes(...given).parameters
const author = { run: 'url', actor: 'mona', now: Date.UTC(2026, 0, 2) }
const ended = (name: string, outcome: ServiceResult['outcome'], runningDigest: string | undefined = digest): ServiceResult => ({
  service: name,
  outcome,
  causes: [],
  digest,
  duration: 0,
  ...(runningDigest !== undefined && { runningDigest }),
})
const both = [ended('api', 'succeeded'), ended('web', 'no-change')]
const nothing: Recorded = { images: new Map() }
const after = (changes: [string, string][]): Recorded => ({
  images: new Map(changes.slice(0, -1).map(([name, value]) => [name.split('/')[3] ?? '', value])),
  release: JSON.parse(changes.at(-1)?.[1] ?? ''),
})
const releaseIn = (changes: [string, string][]): Release => JSON.parse(changes.at(-1)?.[1] ?? '')

test('images come before the release', () => {
  expect(changedRecords(plan, both, nothing, author).map(([name]) => name)).toEqual([
    '/shop/dev/api/image',
    '/shop/dev/web/image',
    '/shop/dev/release',
  ])
})

test('a service without tasks is recorded where its commands run alone, and only then', () => {
  const { runningDigest: _, ...asleep } = ended('web', 'succeeded')
  const listed = (web: ServiceResult) =>
    releaseIn(changedRecords(plan, [ended('api', 'succeeded'), web], nothing, author)).services
  expect([listed(asleep), listed({ ...asleep, tried: true })]).toEqual([{ api: 'app' }, { api: 'app', web: 'app' }])
})

test('what is right already is not written again, whoever runs it and when', () => {
  const recorded = after(changedRecords(plan, both, nothing, author))
  expect(changedRecords(plan, both, recorded, { run: 'other', actor: 'other', now: author.now + 1 })).toEqual([])
})

test('the time of the first proof stays when the same release comes with another commit', () => {
  const recorded = after(changedRecords(plan, both, nothing, author))
  const later = changedRecords({ ...plan, release: { ...plan.release, commit: 'c2' } }, both, recorded, {
    ...author,
    now: author.now + 1e6,
  })
  expect(releaseIn(later)).toMatchObject({ commit: 'c2', verifiedAt: '2026-01-02T00:00:00.000Z' })
  expect(releaseIn(later)).not.toHaveProperty('previous')
})

test('another release names the one before it and keeps the rejected ones', () => {
  const recorded = after(changedRecords(plan, both, nothing, author))
  const rejecting: Recorded = { ...recorded, release: { ...(recorded.release as Release), rejected: ['rel-bad'] } }
  const next = {
    ...plan,
    release: { commit: 'c3', images: { app: { repository: 'r/app', tag: 'src-3', digest: `sha256:${'b'.repeat(64)}` } } },
  }
  expect(releaseIn(changedRecords(next, both, rejecting, author))).toMatchObject({
    previous: recorded.release?.release,
    rejected: ['rel-bad'],
  })
})

test('a service that did not succeed is not recorded, and the release is partial', () => {
  const changes = changedRecords(plan, [ended('api', 'succeeded'), ended('web', 'failed-rolled-back')], nothing, author)
  expect(changes.map(([name]) => name)).toEqual(['/shop/dev/api/image', '/shop/dev/release'])
  expect(releaseIn(changes)).toMatchObject({ partial: true, services: { api: 'app' } })
})

test('a service of which nothing was seen running is never recorded', () => {
  expect(
    changedRecords(
      plan,
      [ended('api', 'succeeded', undefined), ended('web', 'refused')].map((r) => ({ ...r, runningDigest: undefined as never })),
      nothing,
      author,
    ),
  ).toEqual([])
})

test('a rollback records what it brought back as it stood: first proof, own predecessor, and what was rejected', () => {
  const origin: Release = {
    ...releaseIn(changedRecords(plan, both, nothing, author)),
    previous: 'rel-older',
    rejected: ['rel-a'],
  }
  const standing: Release = { ...origin, release: 'rel-bad', previous: origin.release, rejected: ['rel-b'] }
  const back = { ...plan, kind: 'rollback' as const, rejects: 'rel-bad', reason: 'wrong prices' }
  const recorded: Recorded = { images: new Map(), release: standing, origin }
  expect(releaseIn(changedRecords(back, both, recorded, { run: 'url/9', actor: 'ada', now: author.now + 1e6 }))).toMatchObject({
    release: origin.release,
    previous: 'rel-older',
    rejected: ['rel-b', 'rel-a', 'rel-bad'],
    verifiedAt: origin.verifiedAt,
    kind: 'rollback',
    reason: 'wrong prices',
    actor: 'ada',
  })
})

test('a rollback that was killed after its last record writes nothing when it is run again', () => {
  const back = { ...plan, kind: 'rollback' as const, rejects: 'rel-bad', reason: 'wrong prices' }
  const recorded = after(changedRecords(back, both, nothing, author))
  expect(changedRecords(back, both, { ...recorded, origin: recorded.release as Release }, author)).toEqual([])
})

test('an older run that proved the same release does not put its commit over that of a newer one', () => {
  const newer = { ...author, run: 'https://github.com/acme/shop/actions/runs/9' }
  const recorded = after(changedRecords(plan, both, nothing, newer))
  const older = { ...plan, release: { ...plan.release, commit: 'c0' } }
  expect(changedRecords(older, both, recorded, { ...author, run: 'https://github.com/acme/shop/actions/runs/8' })).toEqual([])
})

test('what a plan knows of infrastructure is recorded with the release', () => {
  const standing = releaseIn(changedRecords(plan, both, nothing, author))
  expect(standing).not.toHaveProperty('infrastructure')
  const hotfix: DeploymentPlan = {
    ...plan,
    kind: 'hotfix',
    infrastructure: { commit: 'c1', since: 'then' },
    release: { ...plan.release, commit: 'c2' },
  }
  const recorded = { images: new Map(), release: standing }
  expect(releaseIn(changedRecords(hotfix, both, recorded, author))).toMatchObject({
    commit: 'c2',
    infrastructure: { commit: 'c1', since: 'then' },
  })
})
