import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../lib/delivery/standing.ts'
import { objections, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { digest, found, push, release, tag, verified, world } from './world.case.ts'

describe('GitHub is asked first', () => {
  const attempt = (over: Partial<Attempt> = {}): Attempt[] =>
    ['api', 'events', 'edge'].map((service) => ({
      service,
      tag,
      digest,
      release: release.release,
      kind: 'first',
      state: 'success',
      startedAt: '2026-11-01T07:55:00Z',
      ...((over.state ?? 'success') === 'success' && { verifiedAt: '2026-11-01T08:00:00Z' }),
      ...over,
    }))
  const other = attempt({ tag: `src-${'9'.repeat(40)}` })

  it('and a tree that upstream never had is refused before AWS is touched', async () => {
    const { ports, asked } = world({ images: found, history: verified, deployments: other })
    const decision = await planDelivery(push('staging'), ports)
    expect(objections(decision)).toMatchObject([
      {
        gate: 'known-upstream',
        reason: expect.stringMatching(
          /^dev has never had what branch staging makes of app .*gh pr create --base dev --head staging$/,
        ),
      },
    ])
    expect(asked).toEqual(['github dev'])
  })

  it('and so is one that was rolled back there', async () => {
    const back = attempt({ kind: 'rollback', rejects: release.release, release: 'rel-0', tag: 'src-0' }).slice(0, 1)
    const { ports, asked } = world({ images: found, history: verified, deployments: [...back, ...attempt()] })
    const decision = await planDelivery(push('staging'), ports)
    expect(objections(decision)).toMatchObject([{ gate: 'known-upstream', reason: expect.stringMatching(/rolled rel-\w+ back/) }])
    expect(asked).toEqual(['github dev'])
  })

  it.each([
    ['it was verified', attempt()],
    ['its deployment failed, as far as GitHub knows', attempt({ state: 'failure' })],
    ['GitHub knows of no deployment', []],
  ])("but AWS's record decides where %s", async (_, deployments) => {
    const decision = await planDelivery(push('staging'), world({ images: found, history: verified, deployments }).ports)
    expect(outputs(decision)['outcome']).toBe('planned')
    expect(decision.gates[0]).toMatchObject({ gate: 'known-upstream', result: 'pass' })
    const without = await planDelivery(push('staging'), world({ images: found, deployments }).ports)
    expect(objections(without)).toMatchObject([{ gate: 'verified-upstream' }])
  })

  it('and where it does not answer, that is a warning', async () => {
    const { ports } = world({ images: found, history: verified })
    const history = async () => Promise.reject(new Error('GitHub failed (502)'))
    const decision = await planDelivery(push('staging'), { ...ports, deployments: { history } })
    expect(outputs(decision)['outcome']).toBe('planned')
    expect(decision.warnings).toEqual(["GitHub could not be asked first, AWS's record decides: GitHub failed (502)"])
  })

  it('not where images enter', async () => {
    const { ports, asked } = world({ deployments: other })
    expect(outputs(await planDelivery(push('dev'), ports))['outcome']).toBe('planned')
    expect(asked.filter((line) => line.startsWith('github'))).toEqual([])
  })
})
