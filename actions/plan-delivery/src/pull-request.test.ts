import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../lib/delivery/standing.ts'
import { objections, outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { pullOf } from './pull-event.ts'
import type { PullRequest, Request } from './request.ts'
import { digest, push, release, tag, world } from './world.case.ts'

const attempts = (over: Partial<Attempt> = {}): Attempt[] =>
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

const request = (pull: Partial<PullRequest> = {}): Request => ({
  ...push('x'),
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  pull: { base: 'staging', head: 'dev', isFork: false, ...pull },
})

describe('a pull request', () => {
  it('to the branch where images enter is planned without asking anybody', async () => {
    const { ports, asked } = world()
    const decision = await planDelivery(request({ base: 'dev', head: 'feature' }), ports)
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', plan: '', environment: 'dev', kind: 'first', build: 'true' })
    expect(asked).toEqual([])
  })

  it('whose merge is verified upstream is planned, with the digests, by asking GitHub alone', async () => {
    const { ports, asked } = world({ deployments: attempts() })
    const decision = await planDelivery(request(), ports)
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', plan: '', kind: 'promotion', release: release.release })
    expect(decision.plan.release.images['app']?.digest).toBe(digest)
    expect(asked.filter((line) => !line.startsWith('github'))).toEqual([])
  })

  it('waits for the soak and the window of its environment', async () => {
    const { ports } = world({ now: '2026-11-18T12:00:00Z' })
    const history = async () => ({
      attempts: attempts({ verifiedAt: '2026-11-18T11:45:00Z' }),
      count: 3,
      isWhole: true,
    })
    const decision = await planDelivery(request({ base: 'main', head: 'staging' }), { ...ports, deployments: { history } })
    expect(outputs(decision)).toMatchObject({ outcome: 'pending', plan: '', environment: 'prod' })
    expect(objections(decision).map(({ gate }) => gate)).toEqual(['soak', 'window'])
  })

  it.each([
    ['was never upstream', attempts({ tag: 'src-9' }), /^dev has never had what branch staging makes of app .*--head staging$/],
    ['failed there', attempts({ state: 'failure' }), /its delivery to dev of .* failed/],
    ['is under way there', attempts({ state: 'in_progress' }), /has not verified it yet/],
    ['is there in part', attempts().slice(1), /GitHub knows of no verified deployment of it to dev/],
    ['is unknown, since nothing was ever delivered', [], /no verified deployment of it to dev; deliver there first/],
    [
      'was rolled back',
      [...attempts(), ...attempts({ kind: 'rollback', rejects: release.release, release: 'rel-0', tag: 'src-0' }).slice(0, 1)],
      /rolled rel-\w+ back, and a rejected release goes nowhere|was rolled back/,
    ],
  ])('whose merge %s is refused before the merge, and AWS is not touched', async (_, deployments, reason) => {
    const { ports, asked } = world({ deployments })
    const decision = await planDelivery(request(), ports)
    expect(outputs(decision)).toEqual({ outcome: 'refused', environment: 'staging', kind: 'promotion' })
    expect(objections(decision)[0]?.reason).toMatch(reason)
    expect(asked.filter((line) => !line.startsWith('github'))).toEqual([])
  })

  it('from hotfix/ to the last branch passes with a warning; to any other it does not', async () => {
    const decision = await planDelivery(request({ base: 'main', head: 'hotfix/login' }), world({ deployments: [] }).ports)
    expect(outputs(decision)['outcome']).toBe('planned')
    expect(decision.warnings).toEqual([expect.stringMatching(/hotfix\.yml --ref main -f reason=WHY$/)])
    for (const pull of [
      { base: 'staging', head: 'hotfix/x' },
      { base: 'main', head: 'hotfix/x', isFork: true },
    ]) {
      const refused = await planDelivery(request(pull), world({ deployments: [] }).ports)
      expect(outputs(refused)['outcome']).toBe('refused')
    }
  })

  it('needs a token', async () => {
    await expect(planDelivery(request(), world().ports)).rejects.toThrow(/set input 'github-token'/)
  })

  it('to a branch of no environment is refused', async () => {
    await expect(planDelivery(request({ base: 'feature' }), world().ports)).rejects.toThrow(/is no environment's branch/)
  })
})

describe('the event file', () => {
  const payload = (base: unknown, head: unknown) => ({ pull_request: { base, head } })
  it('tells of base, head and fork', () => {
    const here = { id: 2 }
    expect(pullOf('pull_request', payload({ ref: 'main', repo: here }, { ref: 'dev', repo: here }))).toEqual({
      base: 'main',
      head: 'dev',
      isFork: false,
    })
    expect(pullOf('pull_request', payload({ ref: 'main', repo: here }, { ref: 'dev', repo: { id: 3 } }))?.isFork).toBe(true)
    expect(pullOf('pull_request', payload({ ref: 'main', repo: here }, { ref: 'dev', repo: null }))?.isFork).toBe(true)
    expect(pullOf('push', {})).toBeUndefined()
  })

  it('without a base is an error', () => {
    expect(() => pullOf('pull_request', {})).toThrow('names no base branch')
  })
})
