import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import type { Hold } from '../../../lib/delivery/records.ts'
import { objections, opensAt, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { summary } from './summary.ts'
import { found, push, release, verified, world } from './world.case.ts'

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
