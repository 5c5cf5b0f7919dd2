import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentPlan, KINDS, type Kind } from '../plan.ts'
import { type Hold, type Release, releaseId } from '../records.ts'
import { plannedRelease, underLease } from './under-lease.ts'

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`
const idOf = (letter: string): string => releaseId({ app: { digest: digest(letter) } }, { api: 'app' })
const now = Date.parse('2026-11-20T12:00:00Z')
const hold: Hold = { state: 'held', reason: 'errors', by: 'octocat', at: '2026-11-20T11:00:00Z', run: 'r/1' }

const plan = (kind: Kind, letter: string | undefined, over: Partial<DeploymentPlan> = {}): DeploymentPlan => ({
  version: 1,
  project: 'shop',
  environment: 'prod',
  account: '444444444444',
  region: 'eu-west-1',
  role: 'arn:aws:iam::444444444444:role/shop-prod-deploy',
  branch: 'main',
  kind,
  release: {
    commit: 'c'.repeat(40),
    images: { app: { repository: 'r', tag: 'src-1', ...(letter !== undefined && { digest: digest(letter) }) } },
  },
  services: [{ name: 'api', image: 'app', dependsOn: [], target: 'lambda', functions: [], alias: 'live' }],
  ...over,
})

const recorded = (letter: string, run: number, rejected: string[] = []): Release => ({
  release: idOf(letter),
  images: { app: { digest: digest(letter), tag: 'src-1' } },
  services: { api: 'app' },
  commit: 'c'.repeat(40),
  run: `https://github.com/acme/shop/actions/runs/${run}`,
  actor: 'octocat',
  verifiedAt: '2026-11-01T08:00:00.000Z',
  rejected,
})

const closed = { window: { days: ['sat' as const], from: '08:00', to: '09:00', timezone: 'UTC' } }
const frozen = { freeze: [{ from: '2026-11-20', to: '2026-11-20', reason: 'audit' }] }

describe('under the lease a plan goes', () => {
  it.each([
    ['where nothing is recorded', plan('promotion', 'a'), {}],
    ['over an older candidate', plan('promotion', 'a'), { release: recorded('b', 9) }],
    ['where it stands already, however old its run', plan('promotion', 'a', closed), { release: recorded('a', 11) }],
    ['as a hotfix, held, frozen and outside of the window', plan('hotfix', 'a', { ...closed, ...frozen }), { hold }],
    ['before its digests are known', plan('first', undefined), { release: recorded('b', 9, [idOf('a')]) }],
    ['as a rollback of what stands', plan('rollback', 'a', { rejects: idOf('b') }), { hold, release: recorded('b', 20) }],
    [
      'as a rollback that was killed after it was recorded',
      plan('rollback', 'a', { rejects: idOf('b') }),
      { hold, release: recorded('a', 20, [idOf('b')]) },
    ],
    ['as a rollback, though what it brings was rejected', plan('rollback', 'a'), { release: recorded('b', 1, [idOf('a')]) }],
    ['as a hold', plan('hold', 'a', { services: [] }), { hold, release: recorded('b', 20) }],
    ['as a resume', plan('resume', 'a', { services: [] }), { hold, release: recorded('b', 20) }],
  ])('%s', (_, given, standing) => {
    expect(underLease(given, { run: '10', now, ...standing })).toEqual({ decision: 'go' })
  })
})

describe('under the lease a plan does not go', () => {
  it.each([
    ['refuse', 'held', plan('promotion', 'a'), { hold }, /prod is held by octocat .*operation=resume -f environment=prod$/],
    ['refuse', 'held, though it stands', plan('first', 'a'), { hold, release: recorded('a', 10) }, /held by octocat/],
    ['refuse', 'rejected', plan('promotion', 'a'), { release: recorded('b', 9, [idOf('a')]) }, /rolled back in prod/],
    ['refuse', 'rejected, as a hotfix', plan('hotfix', 'a'), { release: recorded('b', 9, [idOf('a')]) }, /rolled back in prod/],
    ['skip', 'outdated', plan('promotion', 'a'), { release: recorded('b', 11) }, /run 11 is newer than this one \(10\)/],
    ['skip', 'outdated and late', plan('promotion', 'a', closed), { release: recorded('b', 11) }, /run 11 is newer/],
    ['refuse', 'outside of the window', plan('promotion', 'a', closed), {}, /the window opens sat 2026-11-21 08:00/],
    ['refuse', 'in a freeze', plan('promotion', 'a', frozen), {}, /nothing is promoted from 2026-11-20 to 2026-11-20 \(audit\)/],
    [
      'refuse',
      'a rollback of what stands no more',
      plan('rollback', 'a', { rejects: idOf('b') }),
      { release: recorded('c', 9) },
      /this rollback leaves rel-\w+, and prod has rel-\w+ by now .*operation=rollback/,
    ],
  ])('%s: %s', (decision, _, given, standing, reason) => {
    expect(underLease(given, { run: '10', now, ...standing })).toEqual({ decision, reason: expect.stringMatching(reason) })
  })

  it('over any history: nothing rejected, held or outdated gets through but what a person asked for', () => {
    const letter = fc.constantFrom('a', 'b', 'c')
    const world = fc.record({
      kind: fc.constantFrom(...KINDS),
      wanted: letter,
      stands: fc.option(letter, { nil: undefined }),
      rejected: fc.uniqueArray(letter),
      held: fc.boolean(),
      run: fc.integer({ min: 1, max: 20 }),
      newest: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(world, ({ kind, wanted, stands, rejected, held, run, newest }) => {
        const release = stands === undefined ? undefined : recorded(stands, newest, rejected.map(idOf))
        const standing = { run: String(run), now, ...(held && { hold }), release }
        const { decision } = underLease(plan(kind, wanted), standing)
        if (kind === 'hold' || kind === 'resume' || kind === 'rollback') expect(decision).toBe('go')
        else if (held && kind !== 'hotfix') expect(decision).toBe('refuse')
        else if (release !== undefined && rejected.includes(wanted)) expect(decision).toBe('refuse')
        else expect(decision).toBe(release !== undefined && run < newest && stands !== wanted ? 'skip' : 'go')
      }),
      { numRuns: 500 },
    )
  })
})

it('the planned release is known when every digest is', () => {
  expect(plannedRelease(plan('first', 'a'))).toBe(idOf('a'))
  expect(plannedRelease(plan('first', undefined))).toBeUndefined()
  expect(plannedRelease(plan('hold', 'a', { services: [] }))).toBeUndefined()
})
