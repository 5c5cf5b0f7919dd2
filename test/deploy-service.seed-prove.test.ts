import { join } from 'node:path'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { test } from 'vitest'
import type { DeploymentPlan } from '../lib/delivery/plan.ts'
import { idOf, parameter, planOf, release, runPlan, runUrl, tenures } from './deploy-service.plan.ts'
import { openWorld, type World } from './world.ts'

const SOURCE = join(import.meta.dirname, '..', 'actions', 'deploy-service', 'src', 'main.ts')

const run = (world: World, operation: string, plan: DeploymentPlan, number: number, more: Record<string, string> = {}) =>
  runPlan(world, plan, number, { operation, ...more }, {}, SOURCE)

const put = (world: World, name: string, Value: string) =>
  world.ssm.send(new PutParameterCommand({ Name: `/shop/dev/${name}`, Value, Type: 'String', Overwrite: true }))

/** What stands recorded after a delivery. */
const record = async (world: World, tag: string, services: readonly string[] = ['api']): Promise<void> => {
  const value = {
    release: idOf(world, tag, services),
    images: { app: { digest: world.digests[tag], tag } },
    services: Object.fromEntries(services.map((name) => [name, 'app'])),
    commit: tag.padEnd(40, '0'),
    run: runUrl(1),
    actor: 'octocat',
    verifiedAt: '2026-11-01T08:00:00.000Z',
    rejected: [],
  }
  await put(world, 'release', JSON.stringify(value))
  for (const service of services) await put(world, `${service}/image`, world.imageOf(tag))
}

const made = { name: 'api', stack: 'shop-dev-service-api' }

test.concurrent('seed writes what is missing with the digest of the plan, deploys nothing, and is done once', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  const plan = planOf('v1', { services: [made, { name: 'web', stack: 'shop-dev-service-web' }, { name: 'adopted' }] })
  await record(world, 'v2', ['web'])
  const before = await release(world)
  const mark = world.cloud.recorder.mark()
  const trial = await run(world, 'seed', plan, 1, { 'dry-run': 'true' })
  expect(trial.outputs).toMatchObject({ outcome: 'skipped' })
  expect(world.writes(mark)).toEqual([])
  const step = await run(world, 'seed', plan, 1)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', digest: world.digests['v1'], release: '' })
  expect(step.summary).toContain('Recorded the first image of api; nothing was deployed')
  const names = ['api/image', 'web/image', 'adopted/image']
  const [v1, v2] = [world.imageOf('v1'), world.imageOf('v2')]
  expect(await Promise.all(names.map((name) => parameter(world, name)))).toEqual([v1, v2, undefined])
  expect(await release(world)).toEqual(before)
  expect(world.writes(mark)).toEqual(['ssm:PutParameter'])
  expect(await tenures(world)).toMatchObject([{ owner: '1', to: expect.any(Number) }])
  const again = await run(world, 'seed', plan, 1)
  expect(again.outputs).toMatchObject({ outcome: 'no-change' })
  expect(world.writes(mark)).toEqual(['ssm:PutParameter'])
})

test.concurrent('seed renews what was seeded for a service that was then never delivered, and leaves what was', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await record(world, 'v1', ['web'])
  // Left the release since; it may still run.
  await record(world, 'v1', ['api'])
  const services = [made, { name: 'web', stack: 'shop-dev-service-web' }, { name: 'fresh', stack: 'shop-dev-service-fresh' }]
  await put(world, 'fresh/image', `${world.imageOf('v1').split('@')[0]}@sha256:${'0'.repeat(64)}`)
  const step = await run(world, 'seed', planOf('v2', { services }), 3)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', digest: world.digests['v2'] })
  const names = ['api/image', 'web/image', 'fresh/image']
  const [v1, v2] = [world.imageOf('v1'), world.imageOf('v2')]
  expect(await Promise.all(names.map((name) => parameter(world, name)))).toEqual([v1, v1, v2])
})

test.concurrent('seed refuses an image that is in no registry, and where automation is held', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {} } })
  const missing = await run(world, 'seed', planOf('gone', { services: [made] }), 1)
  expect(missing.outputs).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is not in its registry') })
  const held = { state: 'held', reason: 'sale today', by: 'mona', at: '2026-11-01T08:00:00.000Z', run: runUrl(3) }
  await put(world, 'hold', JSON.stringify(held))
  const step = await run(world, 'seed', planOf('v1', { services: [made] }), 2)
  expect(step.outputs['reason']).toContain('sale today')
  expect(await parameter(world, 'api/image')).toBeUndefined()
})

test.concurrent('prove brings back what is recorded, under a hold too, and takes nothing of the plan', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  for (const name of ['api', 'web']) await world.createService(name, name === 'api' ? 'v2' : 'v1')
  await record(world, 'v1', ['api', 'web'])
  const held = { state: 'held', reason: 'sale today', by: 'mona', at: '2026-11-01T08:00:00.000Z', run: runUrl(3) }
  await put(world, 'hold', JSON.stringify(held))
  await put(world, 'fresh/image', world.imageOf('v2'))
  const before = await release(world)
  const services = [
    { ...made, preDeploy: ['migrate'] },
    { name: 'web', dependsOn: ['fresh'] },
    { name: 'fresh', stack: 'shop-dev-service-fresh' },
    { name: 'new' },
  ]
  const plan = planOf('not-built', { services })
  const mark = world.cloud.recorder.mark()
  const step = await run(world, 'prove', plan, 5)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', release: '' })
  expect(JSON.parse(step.outputs['services'] ?? '')).toMatchObject([
    { service: 'api', outcome: 'succeeded', runningDigest: world.digests['v1'] },
    { service: 'web', outcome: 'no-change', runningDigest: world.digests['v1'] },
  ])
  expect(step.summary).toMatch(/fresh was never delivered/)
  expect(step.summary).toMatch(/new has no image on record/)
  expect(await release(world)).toEqual(before)
  expect(world.writes(mark)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])
  expect(await tenures(world)).toMatchObject([{ owner: '5', to: expect.any(Number) }])
  const again = await run(world, 'prove', plan, 6)
  expect(again.outputs).toMatchObject({ outcome: 'no-change' })
  expect(world.writes(mark)).toHaveLength(2)
})

test.concurrent('prove refuses a recorded image that is gone, and starts what stands at 0 unless it is meant to', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  for (const name of ['api', 'web']) await world.createService(name, 'v2')
  for (const name of ['idle', 'lost']) await world.createService(name, 'v1', { desiredCount: 0 })
  await record(world, 'v1', ['api', 'web', 'idle', 'lost'])
  await put(world, 'web/image', `${world.imageOf('v1').split('@')[0]}@sha256:${'0'.repeat(64)}`)
  const services = [made, { name: 'web' }, { name: 'idle', count: 0 }, { name: 'lost' }]
  const gone = await run(world, 'prove', planOf('v2', { services }), 5)
  expect(gone.outputs).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is not in its registry') })
  await put(world, 'web/image', world.imageOf('v1'))
  const step = await run(world, 'prove', planOf('v2', { services }), 5)
  expect(JSON.parse(step.outputs['services'] ?? '')).toMatchObject([
    { service: 'api', outcome: 'succeeded' },
    { service: 'web', outcome: 'succeeded' },
    { service: 'idle', outcome: 'no-change', runningDigest: '' },
    { service: 'lost', outcome: 'succeeded', runningDigest: world.digests['v1'] },
  ])
  expect(step.log).not.toMatch(/idle: .*is running/)
  expect(step.summary).toContain('lost stood at 0 tasks, and was started again with the recorded image')
  expect(await world.service('lost')).toMatchObject({ desiredCount: 2, runningCount: 2 })
  expect(await world.service('idle')).toMatchObject({ desiredCount: 0 })
})
