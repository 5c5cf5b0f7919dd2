import { describe, expect, it, test } from 'vitest'
import type { EnvironmentBoard, Next } from './board.ts'
import { composeBoard } from './compose.ts'
import { digest, environment, facts, head, imageUri, now, release, running, tag } from './facts.case.ts'
import type { EnvironmentFacts, KeptImage, Live } from './facts.ts'

const boardOf = (name: string, over: Partial<EnvironmentFacts>): EnvironmentBoard =>
  composeBoard(facts({ [name]: over })).environments.find((each) => each.environment === name) as EnvironmentBoard

const withLive = (live: Live, record = imageUri('a')) =>
  boardOf('dev', { services: [{ name: 'api', target: 'ecs', image: 'app', record, live }] }).services[0]

describe('a service', () => {
  test.each<[string, Live, string]>([
    ['what is recorded, in all copies', running('a'), 'as-recorded'],
    ['another digest', running('b'), 'drift'],
    ['another digest in one copy', { ...running('a'), running: { [digest('a')]: 1, [digest('b')]: 1 } } as Live, 'drift'],
    ['another digest while a deployment is under way', { ...running('b'), changing: true } as Live, 'changing'],
    ['fewer copies', running('a', 1), 'incomplete'],
    ['no copy although some are asked for', { ...running('a'), running: {} } as Live, 'incomplete'],
    ['no copy, and none is asked for', { state: 'seen', desired: 0, running: {}, changing: false }, 'stopped'],
    ['copies of an unknown digest', { ...running('a'), running: { unknown: 2 } } as Live, 'not-seen'],
    ['no such service', { state: 'missing', reason: 'there is no cluster' }, 'missing'],
    ['a target that is not looked at', { state: 'not-seen', reason: 'Lambda' }, 'not-seen'],
  ])('runs %s', (_, live, state) => {
    expect(withLive(live)?.state).toBe(state)
  })

  it('is not drifting where the platform names an image of the recorded index', () => {
    const index: KeptImage = { ...kept('runs', 'kept'), children: [digest('c')] }
    const board = boardOf('dev', { ...environment('dev', 'a'), kept: [index], services: [service(running('c'))] })
    expect(board.services[0]?.state).toBe('as-recorded')
  })

  it('is to run what its image record says, where a run was killed before the release was written', () => {
    expect(withLive(running('b'), imageUri('b'))?.state).toBe('as-recorded')
    const { findings } = boardOf('dev', { services: [{ ...service(running('b')), record: imageUri('b') }] })
    expect(findings.map(({ kind }) => kind)).toEqual(['records'])
  })

  it('is changing, not drifting, while somebody has the lease', () => {
    const lock = (expiresAt: number) => ({
      lock: { owner: '7', purpose: 'deploy', expiresAt },
      services: [service(running('b'))],
    })
    expect(boardOf('dev', lock(now + 1)).services[0]?.state).toBe('changing')
    expect(boardOf('dev', lock(now - 1)).services[0]?.state).toBe('drift')
  })

  it('is no drift before its first delivery', () => {
    const none = { history: [], head: head('a') }
    expect(boardOf('dev', { ...none, services: [{ name: 'api', target: 'ecs', live: running('b') }] }).services[0]?.state).toBe(
      'unrecorded',
    )
    const missing: Live = { state: 'missing', reason: 'there is no cluster' }
    expect(boardOf('dev', { ...none, services: [{ name: 'api', target: 'ecs', live: missing }] }).services[0]?.state).toBe(
      'not-delivered',
    )
  })
})

const service = (live: Live): EnvironmentFacts['services'][number] => ({ name: 'api', target: 'ecs', image: 'app', live })
const kept = (role: KeptImage['role'], found: KeptImage['found']): KeptImage => ({
  name: 'app',
  digest: digest('a'),
  release: 'rel-1',
  role,
  keepTag: 'keep-dev-rel-1',
  found,
  children: [],
})

const shallow = (letter: string) => {
  const { distance: _, ...rest } = head(letter) as Extract<ReturnType<typeof head>, { ref: string }>
  return rest
}

describe('the branch', () => {
  const of = (...args: Parameters<typeof head>) => boardOf('dev', { head: head(...args) }).branch
  it('is level where the content is the same, whatever the commits', () => {
    expect(of('a', { commit: 'f'.repeat(40), distance: { behind: 3, ahead: 1 } })).toMatchObject({ position: 'level', behind: 3 })
  })
  test.each([
    [{ behind: 2, ahead: 0 }, 'behind'],
    [{ behind: 0, ahead: 1 }, 'ahead'],
    [{ behind: 2, ahead: 1 }, 'diverged'],
  ] as const)('with other content and %j is %s', (distance, position) => {
    expect(of('b', { distance })).toMatchObject({ position, ...distance })
  })
  it('says what the clone does not know', () => {
    expect(boardOf('dev', { head: shallow('b') }).branch).toMatchObject({
      position: 'unknown',
      note: expect.stringContaining('aaaaaaaaaaaa'),
    })
    expect(boardOf('dev', { head: { problem: 'this clone does not have branch dev' } }).branch.note).toContain('branch dev')
  })
  it('wants something else when it has a service more or less', () => {
    expect(of('a', { services: { api: 'app', worker: 'app' } }).position).not.toBe('level')
    expect(of('a', { services: {} }).position).not.toBe('level')
  })
})

describe('what comes next', () => {
  const newer = { head: head('b') }
  const inStaging = { history: [{ release: release('b'), writtenAt: now }], head: head('b') }
  const hold = { state: 'held' as const, reason: 'why', by: 'ada', at: '2026-11-23T11:00:00Z', run: '' }
  const prod = environment('prod', 'a').place
  const open = { ...newer, place: { ...prod, freeze: [] } }
  test.each<[string, Record<string, Partial<EnvironmentFacts>>, Next['state'], string]>([
    ['nothing new', {}, 'none', 'prod has what branch main wants'],
    ['a verified candidate', { staging: inStaging, prod: open }, 'ready', 'staging has verified exactly these digests'],
    ['one that staging never verified', { prod: open }, 'refused', 'verified-upstream: staging has never verified'],
    [
      'one that was never built',
      { prod: { ...open, head: head('b', { images: { app: { tag: tag('b') } } }) } },
      'refused',
      'digest-exists: no image was ever built',
    ],
    ['a hold', { staging: inStaging, prod: { ...open, hold } }, 'refused', 'hold: prod is held by ada'],
    [
      'a release that was rolled back in dev',
      {
        dev: { history: [{ release: release('a', { rejected: [release('b').release] }), writtenAt: now }] },
        staging: inStaging,
        prod: open,
      },
      'refused',
      'rejected: ',
    ],
    [
      'too short a soak',
      {
        staging: { ...inStaging, history: [{ release: release('b', { verifiedAt: '2026-11-23T11:50:00Z' }), writtenAt: now }] },
        prod: open,
      },
      'pending',
      '2026-11-23T12:20:00Z',
    ],
    [
      'a closed window',
      {
        staging: inStaging,
        prod: { ...open, place: { ...prod, window: { days: ['wed'], from: '08:00', to: '09:00', timezone: 'UTC' } } },
      },
      'pending',
      'the window opens',
    ],
    [
      'a freeze',
      {
        staging: inStaging,
        prod: { ...newer, place: { ...prod, freeze: [{ from: '2026-11-20', to: '2026-11-30', reason: 'fair' }] } },
      },
      'pending',
      'fair',
    ],
    ['something newer upstream', { staging: inStaging }, 'merge', 'gh pr create --base main --head staging'],
    ['something newer upstream, which is held', { staging: { ...inStaging, hold } }, 'none', ''],
    [
      'a branch that lacks what was promoted past it',
      { staging: inStaging, prod: { ...open, head: head('b', { distance: { behind: 1, ahead: 1 } }) } },
      'merge',
      'prod has commit aaaaaaaaaaaa, and branch main has not; let it follow: gh pr create --base main --head staging',
    ],
    [
      'a recorded commit that the clone lacks',
      { staging: inStaging, prod: { ...open, head: shallow('b') } },
      'unknown',
      'aaaaaaaaaaaa',
    ],
    ['an unreadable upstream', { staging: { unreadable: 'denied' }, prod: open }, 'unknown', 'staging could not be read'],
  ])('to prod: %s', (_, over, state, words) => {
    const found = composeBoard(facts(over)).environments[2]?.next
    expect(found?.reason).toContain(words)
    expect(found?.state).toBe(state)
  })

  it('lists the branches that are ready, and says when the last pending gate opens', () => {
    expect(composeBoard(facts({ staging: inStaging, prod: open })).ready).toEqual(['main'])
    const waiting = {
      ...open,
      place: { ...prod, window: { days: ['wed' as const], from: '08:00', to: '09:00', timezone: 'UTC' } },
    }
    const board = composeBoard(facts({ staging: inStaging, prod: waiting }))
    expect(board.ready).toEqual([])
    expect(board.environments[2]?.next.opens).toBe('2026-11-25T08:00:00Z')
  })

  it('to the first environment is a delivery that did not happen', () => {
    expect(boardOf('dev', newer).next).toMatchObject({ state: 'undelivered', reason: expect.stringContaining('gh run list') })
  })

  it('is unknown where the registry could not be read', () => {
    const board = composeBoard(facts({ prod: newer }, { registryProblem: 'denied' }))
    expect(board.environments[2]?.next.state).toBe('unknown')
    expect(board.unreadable).toEqual(['registry: denied'])
  })
})

describe('findings', () => {
  const kinds = (over: Partial<EnvironmentFacts>): string[] => boardOf('dev', over).findings.map(({ kind }) => kind)
  const hold = (at: string) => ({ hold: { state: 'held' as const, reason: 'why', by: 'ada', at, run: '' } })
  const lock = (expiresAt: number) => ({ lock: { owner: '7', purpose: 'deploy shop to dev', expiresAt } })
  const deployment = (hours: number) => ({
    openDeployments: [{ id: 1, service: 'api', state: 'in_progress', at: now - hours * 3_600_000 }],
  })
  test.each<[string, Partial<EnvironmentFacts>, string[]]>([
    ['nothing', {}, []],
    ['drift', { services: [service(running('b'))] }, ['drift']],
    ['a hold of six days', hold('2026-11-17T12:00:00Z'), []],
    ['a hold of more than seven days', hold('2026-11-16T11:59:00Z'), ['hold']],
    ['a lease', lock(now + 1), []],
    ['a lease that was left behind', lock(now - 1), ['lock']],
    ['a partial release', { history: [{ release: release('a', { partial: true }), writtenAt: now }] }, ['partial']],
    ['an image that is kept', { kept: [kept('runs', 'kept')] }, []],
    ['an image without its tag', { kept: [kept('runs', 'unprotected')] }, ['image-unprotected']],
    ['the image of the way back that is gone', { kept: [kept('rollback', 'missing')] }, ['image-missing']],
    ['a deployment of an hour', deployment(1), []],
    ['a deployment of seven hours', deployment(7), ['deployment']],
    ['a branch that the clone lacks', { head: { problem: 'this clone does not have branch dev' } }, ['configuration']],
    ['an account that may not be read', { unreadable: 'denied' }, ['unreadable']],
  ])('%s', (_, over, expected) => {
    expect(kinds(over)).toEqual(expected)
  })
})

it('says of a rollback since when it is back, not when it was proven first', () => {
  const back = { release: release('a', { kind: 'rollback', reason: 'slow' }), writtenAt: Date.parse('2026-11-23T10:00:00Z') }
  expect(boardOf('dev', { history: [back] }).release).toMatchObject({
    since: '2026-11-23T10:00:00.000Z',
    kind: 'rollback',
    reason: 'slow',
  })
})
