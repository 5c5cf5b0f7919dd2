import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import type { Hold } from '../../../lib/delivery/records.ts'
import { objections, opensAt, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { summary } from './summary.ts'
import { found, objects, push, release, verified, world } from './world.case.ts'

const held: Hold = { state: 'held', reason: 'errors', by: 'octocat', at: '2026-11-10T08:00:00Z', run: 'r/1' }
const other = { ...release, images: { app: { digest: `sha256:${'e'.repeat(64)}`, tag: 'src-2' } } }
const upstream = { '/shop/staging/release': [release] }

describe('a promotion waits', () => {
  it.each([
    ['for the soak', '2026-11-16T12:00:00Z', '2026-11-16T11:45:00.000Z', ['soak'], '2026-11-16T12:15:00Z'],
    ['for the window', '2026-11-18T12:00:00Z', '2026-11-01T08:00:00.000Z', ['window'], '2026-11-23T07:00:00Z'],
    ['for window and freeze', '2026-12-24T12:00:00Z', '2026-11-01T08:00:00.000Z', ['window', 'freeze'], '2027-01-03T23:00:00Z'],
  ])('%s: pending, and no plan', async (_, now, verifiedAt, gates, opens) => {
    const history = { '/shop/staging/release': [{ ...release, verifiedAt }] }
    const decision = await planDelivery(push('main'), world({ images: found, history, now }).ports)
    expect(objections(decision).map(({ gate, result }) => `${gate} ${result}`)).toEqual(gates.map((gate) => `${gate} pending`))
    expect(opensAt(decision)).toBe(opens)
    expect(outputs(decision)).toMatchObject({ outcome: 'pending', plan: '', environment: 'prod', build: 'false' })
    expect(summary(decision, false)).toContain(`### Plan for prod: pending until ${opens}`)
  })

  it('for nothing where the release stands there already', async () => {
    const history = { ...upstream, '/shop/prod/release': [release] }
    const decision = await planDelivery(push('main'), world({ images: found, history, now: '2026-12-24T12:00:00Z' }).ports)
    expect(outputs(decision)['outcome']).toBe('planned')
  })

  it('not at all, but is refused, where something is wrong besides', async () => {
    const { ports } = world({
      images: found,
      history: upstream,
      now: '2026-12-24T12:00:00Z',
      holds: { '/shop/prod/hold': held },
    })
    const decision = await planDelivery(push('main'), ports)
    expect(outputs(decision)).toEqual({ outcome: 'refused', environment: 'prod', kind: 'promotion' })
    expect(objections(decision)).toMatchObject([{ gate: 'hold' }])
  })
})

describe('a delivery is refused', () => {
  it.each([
    ['dev', '/shop/dev/hold'],
    ['staging', '/shop/staging/hold'],
  ])('while %s is held', async (branch, hold) => {
    const { ports } = world({ images: found, history: verified, holds: { [hold]: held } })
    const decision = await planDelivery(push(branch), ports)
    expect(objections(decision)).toMatchObject([
      { gate: 'hold', reason: expect.stringMatching(/operation=resume -f environment=/) },
    ])
  })

  it.each(['dev', 'staging', 'main'])('on %s where any environment has rejected the release', async (branch) => {
    for (const environment of ['dev', 'staging', 'prod']) {
      const bad = { ...release, release: 'rel-0', rejected: [release.release] }
      const history = { ...verified, ...upstream }
      const name = `/shop/${environment}/release`
      const decision = await planDelivery(
        push(branch),
        world({ images: found, history: { ...history, [name]: [...(history[name as keyof typeof history] ?? []), bad] } }).ports,
      )
      expect(outputs(decision)['outcome']).toBe('refused')
      expect(objections(decision).find(({ gate }) => gate === 'rejected')?.reason).toContain(`was rolled back in ${environment}`)
    }
  })

  it('on the last branch, with the way of a hotfix named, where the tree was never built', async () => {
    const decision = await planDelivery(push('main'), world({ history: upstream }).ports)
    expect(objections(decision)).toMatchObject([
      {
        gate: 'digest-exists',
        reason: expect.stringMatching(
          /gh pr create --base dev --head main; if it cannot wait: gh workflow run hotfix\.yml --ref main/,
        ),
      },
    ])
  })
})

it('a hotfix that was merged is refused by deliver, which says how it goes, also once it was built', async () => {
  const decision = await planDelivery(push('main'), world({ images: found, history: { '/shop/staging/release': [other] } }).ports)
  expect(objections(decision)).toMatchObject([
    {
      gate: 'verified-upstream',
      reason: expect.stringMatching(/if it cannot wait: gh workflow run hotfix\.yml --ref main -f reason=WHY$/),
    },
  ])
})

describe('environments that are not on the way', () => {
  it('do not stop a delivery where they give no answer', async () => {
    const decision = await planDelivery(push('dev'), world({ silent: ['staging', 'prod'] }).ports)
    expect(outputs(decision)['outcome']).toBe('planned')
    expect(decision.warnings).toEqual([
      'staging could not be asked what was rolled back there, and does not stop this: no answer from 333333333333',
      'prod could not be asked what was rolled back there, and does not stop this: no answer from 444444444444',
    ])
  })

  it('nor where they are in the wrong account', async () => {
    const decision = await planDelivery(push('dev'), world({ wrongAccount: '444444444444' }).ports)
    expect(outputs(decision)['outcome']).toBe('planned')
    expect(decision.warnings).toEqual([expect.stringMatching(/^prod could not be asked .* wrong account/)])
  })

  it('nor where they are beside this one', async () => {
    const configuration = example()
    const { prod } = configuration.environments
    if (prod !== undefined) configuration.environments['other'] = { ...prod, branch: 'other', account: '555555555555' }
    const { ports } = world({ configuration, images: found, history: upstream, silent: ['other'] })
    expect(outputs(await planDelivery(push('main'), ports))['outcome']).toBe('planned')
  })

  it.each(['dev', 'staging'])('but %s, which is before or the same, must answer', async (silent) => {
    const { ports } = world({ images: found, history: verified, silent: [silent] })
    await expect(planDelivery(push('staging'), ports)).rejects.toThrow('no answer from')
  })
})

describe('a hotfix', () => {
  const hotfix = (branch: string) => ({ ...push(branch), operation: 'hotfix' as const, reason: 'checkout is down' })

  it('is built where its tree is new, and passes hold, window, freeze and the gate of staging', async () => {
    const { ports } = world({ now: '2026-12-24T12:00:00Z', holds: { '/shop/prod/hold': held } })
    const decision = await planDelivery(hotfix('main'), ports)
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', kind: 'hotfix', build: 'true', environment: 'prod', next: '' })
    expect(decision.plan).toMatchObject({ kind: 'hotfix', from: 'staging', reason: 'checkout is down' })
    expect(decision.plan.window).toBeUndefined()
    expect(summary(decision, false)).toContain('Hotfix past staging')
    expect(summary(decision, false)).toContain('Reason: checkout is down')
  })

  it.each(['dev', 'staging'])('is refused on %s before AWS is touched', async (branch) => {
    const { ports, asked } = world()
    const decision = await planDelivery(hotfix(branch), ports)
    expect(objections(decision)).toMatchObject([{ gate: 'hotfix', reason: expect.stringMatching(/--ref main -f reason=WHY$/) }])
    expect(asked).toEqual([])
  })

  it('is refused where prod has rejected what it brings', async () => {
    const history = { '/shop/prod/release': [{ ...release, release: 'rel-0', rejected: [release.release] }] }
    const decision = await planDelivery(hotfix('main'), world({ images: found, history }).ports)
    expect(objections(decision)).toMatchObject([{ gate: 'rejected' }])
  })
})

describe('infrastructure', () => {
  const done = (commit: string, at = '2026-11-10T08:00:00.000Z') => ({
    '/shop/dev/infra': { state: 'done' as const, commit, at, run: 'r/1' },
  })
  const other = { ...objects, infra: 'e'.repeat(40) }
  const plannedAt = async (over: Parameters<typeof world>[0]) => planDelivery(push('dev'), world(over).ports)
  const infraOf = async (over: Parameters<typeof world>[0]) => outputs(await plannedAt(over))['infra']

  it.each([
    ['the same as that which stands', { d1: objects }, 'false'],
    ['another one', { d1: other }, 'true'],
    ['of another version of a package', { d1: { ...objects, 'package-lock.json': 'e'.repeat(40) } }, 'true'],
    ['of another configuration', { d1: { ...objects, 'delivery.json': 'e'.repeat(40) } }, 'true'],
    ['unknown, since the clone does not have that commit', {}, 'true'],
  ])('is %s', async (_, commits, infra) => {
    expect(await infraOf({ commits, infra: done('d1') })).toBe(infra)
  })

  it('comes back with a revert, although the release with it was never recorded', async () => {
    const history = { '/shop/dev/release': [{ ...release, commit: 'd0' }] }
    const commits = { d0: objects, d1: other }
    expect(await infraOf({ commits, history, infra: done('d0') })).toBe('false')
    // What d1 brought stands, its deployment failed, and what is pushed now is d0's again.
    expect(await infraOf({ commits, history, infra: done('d1') })).toBe('true')
  })

  it('is deployed where a change was begun and not ended, and where nothing is recorded, whatever the release says', async () => {
    const history = { '/shop/dev/release': [{ ...release, commit: 'd1' }] }
    const begun = { '/shop/dev/infra': { ...done('d1')['/shop/dev/infra'], state: 'started' as const } }
    expect(await infraOf({ commits: { d1: objects }, history, infra: begun })).toBe('true')
    expect(await infraOf({ commits: { d1: objects }, history })).toBe('true')
  })

  it('is the same where a release has confirmed it since, until infrastructure is deployed again', async () => {
    const infra = done('d1')
    const { at } = infra['/shop/dev/infra']
    const commits = { d1: other, d2: objects }
    const first = await plannedAt({ commits, infra })
    expect([outputs(first)['infra'], first.plan.infrastructure]).toEqual(['true', { commit: 'c'.repeat(40), since: at }])
    const history = { '/shop/dev/release': [{ ...release, infrastructure: { commit: 'd2', since: at } }] }
    expect(await infraOf({ commits, infra, history })).toBe('false')
    expect(await infraOf({ commits, infra: done('d1', '2026-11-11T08:00:00.000Z'), history })).toBe('true')
  })

  it('does not come with a hotfix, which brings images alone, says so and confirms nothing', async () => {
    const { at } = done('d1')['/shop/dev/infra']
    const infrastructure = { commit: 'd0', since: at }
    const history = { '/shop/prod/release': [{ ...release, infrastructure }] }
    const hotfix = { ...push('main'), operation: 'hotfix' as const, reason: 'CVE' }
    const infra = { '/shop/prod/infra': done('d1')['/shop/dev/infra'] }
    const commits = { d0: other, d1: other }
    const { warnings, plan } = await planDelivery(hotfix, world({ commits, history, infra, unseeded: ['api'] }).ports)
    expect(plan.infrastructure).toEqual(infrastructure)
    expect(warnings).toEqual([expect.stringMatching(/this brings images alone; .*gh workflow run infra\.yml --ref main$/)])
  })

  it.each([
    ['a function', ['events'], 'true'],
    ['hosts, which need none', ['edge'], 'false'],
    ['a service of the environment before', [], 'false'],
  ])('has the first image recorded before it is made: %s', async (_, unseeded, seed) => {
    const { ports } = world({ commits: { d1: objects }, infra: done('d1'), unseeded })
    expect(outputs(await planDelivery(push('dev'), ports))).toMatchObject({ seed, infra: seed })
  })

  it('of a service that exists already is not ours', async () => {
    const configuration = example()
    const api = configuration.services['api']
    if (api?.target === 'ecs') api.names = { cluster: 'old', service: 'old-api' }
    const { ports } = world({ configuration, unseeded: ['api'] })
    const decision = await planDelivery(push('dev'), ports)
    expect(outputs(decision)['seed']).toBe('false')
    expect(decision.plan.services.map(({ stack }) => stack)).toEqual([
      undefined,
      'shop-dev-service-events',
      'shop-dev-service-edge',
    ])
  })

  it('is none where every service exists already and no budget is asked for', async () => {
    const configuration = example()
    const { api, events, edge } = configuration.services
    if (api?.target === 'ecs') api.names = { service: 'old-api' }
    if (events?.target === 'lambda') events.names = { function: 'old-events' }
    if (edge?.target === 'ec2') edge.names = { tag: { key: 'Name', value: 'old-edge' } }
    for (const place of Object.values(configuration.environments)) delete place.budgets
    const infra = async () => outputs(await planDelivery(push('dev'), world({ configuration }).ports))['infra']
    expect(await infra()).toBe('false')
    Object.assign(configuration.environments['dev'] ?? {}, { budgets: [{ limit: 100 }] })
    expect(await infra()).toBe('true')
  })

  it('is planned alone by hand, with every service and no image, and not where automation is held', async () => {
    const asked = { ...push('staging'), operation: 'infra' as const }
    const { ports, asked: calls } = world()
    const decision = await planDelivery(asked, ports)
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', infra: 'true', seed: 'false', build: 'false', images: '[]' })
    expect(decision.plan.services.map(({ name }) => name)).toEqual(['api', 'events', 'edge'])
    expect(calls.some((call) => call.startsWith('image '))).toBe(false)
    const hold = { state: 'held' as const, reason: 'r', by: 'o', at: 't', run: 'r' }
    const held = await planDelivery(asked, world({ holds: { '/shop/staging/hold': hold } }).ports)
    expect(outputs(held)['outcome']).toBe('refused')
  })
})

it('window, freeze and the parameter with the webhook go with the plan', async () => {
  const configuration = example()
  Object.assign(configuration.environments['prod'] ?? {}, { slack: '/shop/prod/slack' })
  const decision = await planDelivery(push('main'), world({ configuration, images: found, history: upstream }).ports)
  expect(decision.plan).toMatchObject({
    window: { days: ['mon', 'tue'] },
    freeze: [{ reason: 'holidays' }],
    slack: '/shop/prod/slack',
  })
})
