import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { deploymentPlan } from '../lib/delivery/plan.ts'
import { type PlanWorld, startPlanWorld } from './plan-world.ts'

const configuration = () => {
  const all = example()
  Object.assign(all.environments['staging'] ?? {}, { soak: '1h' })
  delete all.environments['prod']?.window
  delete all.environments['prod']?.freeze
  return all
}

let world: PlanWorld
beforeEach(async () => {
  world = await startPlanWorld(configuration())
})
afterEach(() => world.close())

const other = `sha256:${'0'.repeat(64)}`
const written = (): string[] =>
  world.cloud.recorder.calls().flatMap(({ operation }) => (/^(Put|Delete|Update|Create)/.test(operation) ? [operation] : []))

it('a release that is too young waits: green, a notice, no plan', async () => {
  await world.record('dev', await world.build(), { verifiedAt: new Date().toISOString() })
  const step = await world.plan(world.job('staging'))
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'pending', plan: '', environment: 'staging', build: 'false' } })
  expect(step.log).toMatch(/^::notice title=Pending::staging waits until 2\d{3}-.*Z: soak: dev has verified this since/m)
  expect(step.summary).toMatch(/### Plan for staging: pending until 2\d{3}-/)
})

describe('promote', () => {
  const promote = { operation: 'promote', environment: 'prod' }

  it('plans what staging has verified, from an older commit of the same configuration, and writes nothing', async () => {
    const digest = await world.build()
    const release = await world.record('staging', digest)
    world.commit({ 'app/new.txt': 'not built yet' })
    const mark = written().length
    const step = await world.plan(world.job('main'), promote)
    expect(step).toMatchObject({
      exitCode: 0,
      outputs: { outcome: 'planned', kind: 'promotion', release, next: '', infra: 'true' },
    })
    const plan = deploymentPlan.parse(JSON.parse(step.outputs['plan'] ?? ''))
    expect(plan.release.images['app']?.digest).toBe(digest)
    expect(plan.release.commit).toBe(world.git('rev-parse', 'HEAD~1'))
    expect(written().length).toBe(mark)
  })

  it('refuses where infra differs, and a release that only dev has', async () => {
    const digest = await world.build()
    await world.record('staging', digest)
    world.commit({ 'infra/stack.ts': 'new' })
    const differs = await world.plan(world.job('main'), promote)
    expect(differs).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(differs.log).toMatch(
      /same-configuration: infra differ between .*; merge instead: gh pr create --base main --head staging/,
    )
    const young = await world.record('dev', other)
    const skipped = await world.plan(world.job('main'), { ...promote, release: young })
    expect(skipped.log).toContain(`staging has never verified ${young}; no environment is skipped`)
  })
})

it('a rollback goes to the release before, and what was left is refused everywhere, resumed or not', async () => {
  const old = await world.build()
  const before = await world.record('prod', old)
  world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL a=b\n' })
  const digest = await world.build()
  const bad = await world.record('prod', digest, { previous: before })
  const step = await world.plan(world.job('main'), { operation: 'rollback', environment: 'prod', reason: 'errors' })
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned', kind: 'rollback', build: 'false', release: before } })
  expect(deploymentPlan.parse(JSON.parse(step.outputs['plan'] ?? ''))).toMatchObject({
    rejects: bad,
    reason: 'errors',
    release: { images: { app: { digest: old } } },
  })
  await world.record('prod', old, { release: before, kind: 'rollback', rejected: [bad] })
  await world.put('prod', '{"state":"none"}', 'hold')
  await world.record('dev', digest)
  await world.record('staging', digest)
  for (const branch of ['dev', 'staging', 'main']) {
    const refused = await world.plan(world.job(branch))
    expect(refused).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
    expect(refused.log).toContain(`rejected: ${bad} was rolled back in prod, and a rejected release goes nowhere again`)
  }
})

it('a held environment is refused, a hotfix passes it, and hold and resume are planned', async () => {
  const hold = { state: 'held', reason: 'errors', by: 'octocat', at: '2026-11-01T08:00:00Z', run: 'r/1' }
  await world.put('prod', JSON.stringify(hold), 'hold')
  await world.record('staging', await world.build())
  const held = await world.plan(world.job('main'))
  expect(held.log).toContain(
    'gate hold: fail: prod is held by octocat since 2026-11-01T08:00:00Z: errors; when that is settled: gh ',
  )
  const hotfix = await world.plan(world.job('main'), { operation: 'hotfix', reason: 'checkout is down' })
  expect(hotfix.outputs).toMatchObject({ outcome: 'planned', kind: 'hotfix', environment: 'prod' })
  const resume = await world.plan(world.job('main'), { operation: 'resume', environment: 'prod', release: 'previous' })
  expect(resume.outputs).toMatchObject({ outcome: 'planned', kind: 'resume', services: '[]', build: 'false' })
  await world.put('prod', 'spoilt', 'hold')
  const spoilt = await world.plan(world.job('main'))
  expect(spoilt.log).toContain('the parameter /shop/prod/hold does not hold a hold record')
})
