import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { deploymentPlan } from '../lib/delivery/plan.ts'
import { type PlanWorld, startPlanWorld } from './plan-world.ts'

let world: PlanWorld
beforeEach(async () => {
  world = await startPlanWorld()
})
afterEach(() => world.close())

const calls = (): string[] =>
  world.cloud.recorder.calls().map(({ service, operation, account }) => `${service}:${operation} ${account}`)

describe('plan-delivery on a push to dev', () => {
  it('asks the registry once and each environment once, with the read roles, and says that the image is to be built', async () => {
    const step = await world.plan(world.job('dev'))
    expect(step.log).toContain(`image app: ${world.tag()} is to be built`)
    expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned', environment: 'dev', kind: 'first', build: 'true' } })
    const accounts = ['111111111111', '222222222222', '333333333333', '444444444444']
    expect(calls().toSorted()).toEqual([
      'ecr:BatchGetImage 111111111111',
      ...accounts.slice(1).map((account) => `ssm:GetParameters ${account}`),
      ...accounts.map((account) => `sts:AssumeRoleWithWebIdentity ${account}`),
      ...accounts.map((account) => `sts:GetCallerIdentity ${account}`),
    ])
    expect(world.cloud.recorder.calls({ call: 'ecr' })[0]?.role).toBe('shop-registry-read')
    expect(step.summary).toContain('### Plan for dev: planned')
  })

  it('finds the image of a tree that was built before, in another commit', async () => {
    const digest = await world.build()
    world.commit({ 'README.md': 'other\n' })
    const step = await world.plan(world.job('dev'))
    expect(step.outputs).toMatchObject({ build: 'false' })
    const plan = deploymentPlan.parse(JSON.parse(step.outputs['plan'] ?? ''))
    expect(plan.release.images['app']).toEqual({
      repository: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app',
      tag: world.tag(),
      digest,
    })
    expect(plan.services.map(({ name }) => name)).toEqual(['api', 'events', 'edge'])
  })

  it('reads delivery.json from the commit that was asked for', async () => {
    const before = world.git('rev-parse', 'HEAD')
    world.commit({ 'delivery.json': '{ "not": "valid" }' })
    expect((await world.plan(world.job('dev'), { commit: before })).outputs['outcome']).toBe('planned')
    const step = await world.plan(world.job('dev'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain('delivery.json:1:3: not is not a known key')
  })
})

describe('plan-delivery on a push to staging', () => {
  it('promotes what dev has verified: one registry read, one history, one look at each environment', async () => {
    const digest = await world.build()
    await world.record('dev', digest)
    const mark = world.cloud.recorder.mark()
    const step = await world.plan(world.job('staging'))
    expect(step.log).toContain(
      'gate verified-upstream: pass: dev has verified exactly these digests since 2026-11-01T08:00:00.000Z',
    )
    expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned', kind: 'promotion', build: 'false' } })
    expect(JSON.parse(step.outputs['plan'] ?? '')).toMatchObject({ environment: 'staging', from: 'dev', account: '333333333333' })
    expect(world.cloud.recorder.count({ since: mark })).toEqual({
      'sts:AssumeRoleWithWebIdentity': 4,
      'sts:GetCallerIdentity': 4,
      'ecr:BatchGetImage': 1,
      'ssm:GetParameterHistory': 1,
      'ssm:GetParameters': 2,
    })
    expect(world.cloud.recorder.calls({ call: 'ssm:GetParameterHistory' })[0]?.role).toBe('shop-dev-read')
  })

  it('reads the whole history, however many pages it has', async () => {
    const digest = await world.build()
    await world.record('dev', digest)
    for (let index = 0; index < 60; index++) await world.record('dev', `sha256:${String(index).padStart(64, '0')}`)
    const step = await world.plan(world.job('staging'))
    expect(step.outputs).toMatchObject({ outcome: 'planned' })
    expect(world.cloud.recorder.count({ call: 'ssm:GetParameterHistory' })).toEqual({ 'ssm:GetParameterHistory': 2 })
  })

  it('is refused, with the next command, where the tree was never built', async () => {
    const step = await world.plan(world.job('staging'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused', environment: 'staging' } })
    expect(step.log).toMatch(
      /::error::plan-delivery: staging refused: digest-exists: no image was ever built from this tree: app/,
    )
    expect(step.summary).toContain('gh pr create --base dev --head staging')
    expect(step.outputs['plan']).toBeUndefined()
  })

  it('is refused where dev never verified the image', async () => {
    await world.build()
    const step = await world.plan(world.job('staging'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain(
      'verified-upstream: nothing was ever verified in dev; deliver there first: gh workflow run deliver.yml --ref dev',
    )
  })

  it('is refused where dev rolled the release back', async () => {
    const release = await world.record('dev', await world.build())
    await world.record('dev', `sha256:${'0'.repeat(64)}`, { rejected: [release] })
    const step = await world.plan(world.job('staging'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain('dev rolled this release back')
  })

  it('passes over an old record that was spoilt, and stops at a spoilt newest one', async () => {
    const digest = await world.build()
    await world.put('dev', 'spoilt')
    await world.record('dev', digest)
    expect((await world.plan(world.job('staging'))).outputs['outcome']).toBe('planned')
    await world.put('dev', 'spoilt')
    const step = await world.plan(world.job('staging'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain('the parameter /shop/dev/release does not hold a release record; restore an earlier version of it')
  })
})

describe('plan-delivery and its identity', () => {
  it('is refused by STS on a branch of no environment, and shows the claims', async () => {
    const step = await world.plan({ ...world.job('feature'), GITHUB_REF: 'refs/heads/dev' })
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    // Every account is asked at once: whichever answers first is named.
    expect(step.log).toMatch(/STS refused to let this job assume arn:aws:iam::\d{12}:role\/shop-\w+-read/)
    expect(step.log).toContain('repo:acme@1/shop@2:ref:refs/heads/feature')
  })

  it('is refused by STS in a job of another workflow file', async () => {
    const step = await world.plan(world.job('dev', '_deploy.yml'))
    expect(step.log).toContain('STS refused')
    expect(calls().filter((call) => call.startsWith('ecr'))).toEqual([])
  })

  it('takes ambient credentials where everything is in one account', async () => {
    await world.close()
    const configuration = example()
    for (const place of [configuration.registry, ...Object.values(configuration.environments)]) place.account = '222222222222'
    world = await startPlanWorld(configuration)
    await world.record('dev', await world.build())
    const step = await world.plan({ ...world.job('staging'), ...world.keys('222222222222') }, { credentials: 'ambient' })
    expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned' } })
    expect(calls().filter((call) => call.includes('WebIdentity'))).toEqual([])
  })

  it('refuses ambient credentials of another account, whatever could be read with them', async () => {
    const step = await world.plan({ ...world.job('dev'), ...world.keys('222222222222') }, { credentials: 'ambient' })
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toMatch(/account: registry: wrong account: these credentials belong to 222222222222 .*expected 111111111111/)
  })

  it('names the repository that the registry does not have', async () => {
    await world.close()
    const configuration = example()
    world = await startPlanWorld({ ...configuration, images: {} }, [])
    const text = JSON.stringify(configuration)
    world.commit({ 'delivery.json': text })
    const step = await world.plan(world.job('dev'))
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain(
      'the registry 111111111111 in eu-west-1 has no repository shop/app; create it with the Registry stack',
    )
  })

  it('gives up a request that hangs', async () => {
    await world.close()
    world = await startPlanWorld(example(), [{ call: 'ecr:BatchGetImage', then: 'hang' }])
    const step = await world.plan({ ...world.job('dev'), AWS_MAX_ATTEMPTS: '1' }, { 'request-timeout': '1s' })
    expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(step.log).toContain("ecr:BatchGetImage did not answer in time; see 'request-timeout'")
  })
})
