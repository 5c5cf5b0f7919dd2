import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { objects, push, release, world } from './world.case.ts'

describe('infrastructure', () => {
  const done = (commit: string, at = '2026-11-10T08:00:00.000Z') => ({
    '/shop/dev/infra': { state: 'done' as const, commit, at, run: 'r/1' },
  })
  const other = { ...objects, infra: 'e'.repeat(40) }
  const delivered = { '/shop/dev/release': [release] }
  const plannedAt = async (over: Parameters<typeof world>[0]) =>
    planDelivery(push('dev'), world({ history: delivered, ...over }).ports)
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
    const { ports } = world({ commits: { d1: objects }, infra: done('d1'), history: delivered, unseeded })
    expect(outputs(await planDelivery(push('dev'), ports))).toMatchObject({ seed, infra: seed })
  })

  it('has it recorded again as long as it was never delivered, since the registry may have lost it', async () => {
    const seedOf = async (services: Record<string, string>) => {
      const history = { '/shop/dev/release': [{ ...release, services }] }
      return outputs(await plannedAt({ commits: { d1: objects }, infra: done('d1'), history }))['seed']
    }
    expect(await seedOf({ api: 'app', edge: 'app' })).toBe('true')
    expect(await seedOf({ api: 'app', events: 'app' })).toBe('false')
  })

  it('of a service that exists already is not ours', async () => {
    const configuration = example()
    const api = configuration.services['api']
    if (api?.target === 'ecs') api.names = { cluster: 'old', service: 'old-api' }
    const { ports } = world({ configuration, history: delivered, unseeded: ['api'] })
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
