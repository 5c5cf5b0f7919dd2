import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { test } from 'vitest'
import type { Release } from '../lib/delivery/records.ts'
import { hold, idOf, parameter, planOf, release, runPlan, runUrl, startPlan } from './deploy-service.plan.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

const NOTHING = { services: [] }
const rollback = (world: World, to: string, from: string) =>
  planOf(to, { kind: 'rollback', rejects: idOf(world, from), reason: 'prices are wrong', commit: to.padEnd(40, '0') })

/** `api` has had v1, then v2, each recorded; v2 runs. */
const twoReleases = async (
  end: (close: () => Promise<void>) => void,
  images: WorldOptions['images'] = {},
  factor = 20,
): Promise<World> => {
  const world = await openWorld(end, { factor, images: { v1: {}, v2: {}, v3: {}, ...images } })
  await world.createService('api', 'v2')
  for (const [index, tag] of ['v1', 'v2'].entries()) {
    const value: Release = {
      release: idOf(world, tag),
      images: { app: { digest: world.digests[tag] ?? '', tag } },
      services: { api: 'app' },
      commit: tag.padEnd(40, '0'),
      run: runUrl(index + 1),
      actor: 'octocat',
      verifiedAt: `2026-11-0${index + 1}T08:00:00.000Z`,
      ...(index > 0 && { previous: idOf(world, 'v1') }),
      rejected: [],
    }
    await put(world, 'release', JSON.stringify(value))
    await put(world, 'api/image', world.imageOf(tag))
  }
  return world
}

const put = (world: World, name: string, Value: string) =>
  world.ssm.send(new PutParameterCommand({ Name: `/shop/dev/${name}`, Value, Type: 'String', Overwrite: true }))

test.concurrent('a rollback holds, brings back the digest, and records it as it stood; the release that it left never comes back', async ({
  expect,
  onTestFinished,
}) => {
  const world = await twoReleases(onTestFinished)
  const [first, second] = [idOf(world, 'v1'), idOf(world, 'v2')]
  const before = await release(world)
  expect(before).toMatchObject({ release: second, previous: first })
  const mark = world.cloud.recorder.mark()
  const step = await runPlan(world, rollback(world, 'v1', 'v2'), 3)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v1'], release: first })
  expect(await hold(world)).toMatchObject({
    state: 'held',
    release: second,
    reason: 'prices are wrong',
    by: 'mona',
    run: runUrl(3),
  })
  const recorded = await release(world)
  expect(recorded).toMatchObject({
    release: first,
    kind: 'rollback',
    reason: 'prices are wrong',
    rejected: [second],
    run: runUrl(3),
  })
  expect(recorded).not.toHaveProperty('previous')
  expect(Date.parse(recorded.verifiedAt)).toBeLessThan(Date.parse(before.verifiedAt))
  const writes = world.writes(mark)
  expect(writes.indexOf('ssm:PutParameter')).toBeLessThan(writes.indexOf('ecs:UpdateService'))

  // Approved while the rollback ran: the hold is seen under the lease.
  const held = await runPlan(world, planOf('v3'), 4)
  expect(held.outputs['outcome']).toBe('refused')
  expect(held.outputs['reason']).toContain('dev is held by mona')
  const resumed = await runPlan(world, planOf('v1', { kind: 'resume', ...NOTHING }), 5)
  expect(resumed.outputs).toMatchObject({ outcome: 'succeeded', services: '[]' })
  expect(await parameter(world, 'hold')).toBe('{"state":"none"}')
  const rejected = await runPlan(world, planOf('v2'), 6)
  expect(rejected.outputs['reason']).toContain(`${second} was rolled back in dev`)
  expect(world.writes(mark).filter((call) => call === 'ecs:UpdateService')).toHaveLength(1)
  expect((await runPlan(world, planOf('v3'), 7)).outputs['outcome']).toBe('succeeded')
  expect(await release(world)).toMatchObject({ rejected: [second], previous: first })
})

test.concurrent('a rollback makes a delivery under way stop and go back, then brings its own', async ({
  expect,
  onTestFinished,
}) => {
  const world = await twoReleases(onTestFinished, { v3: { startsAfter: 600_000 } }, 10)
  const short = { 'lease-duration': '6s' }
  const delivery = startPlan(world, planOf('v3'), 3, short)
  await delivery.printed('started ecs-svc/')
  const back = startPlan(world, rollback(world, 'v1', 'v2'), 4)
  await back.printed(`waiting: the lease of shop in dev is held by ${runUrl(3)}`)
  const stopped = await delivery.done
  expect(stopped.outputs).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests['v2'] })
  expect(stopped.outputs['reason']).toContain(`dev was put on hold by mona (prices are wrong), ${runUrl(4)}`)
  const step = await back.done
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v1'] })
  expect(await release(world)).toMatchObject({ release: idOf(world, 'v1'), rejected: [idOf(world, 'v2')] })
})

test.concurrent('a hold waits for nobody: a delivery under way sees it, stops and goes back', async ({
  expect,
  onTestFinished,
}) => {
  const world = await twoReleases(onTestFinished, { v3: { startsAfter: 600_000 } }, 10)
  const delivery = startPlan(world, planOf('v3'), 3, { 'lease-duration': '6s' })
  await delivery.printed('started ecs-svc/')
  const held = await runPlan(world, planOf('v2', { kind: 'hold', reason: 'sale today', ...NOTHING }), 4)
  expect(held.outputs['outcome']).toBe('succeeded')
  expect(held.log).not.toContain('waiting')
  const stopped = await delivery.done
  expect(stopped.outputs).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests['v2'] })
  expect(stopped.outputs['reason']).toContain('dev was put on hold by mona (sale today)')
  expect(await release(world)).toMatchObject({ release: idOf(world, 'v2') })
})

test.concurrent('a rollback that cannot be carried out sets no hold', async ({ expect, onTestFinished }) => {
  const world = await twoReleases(onTestFinished)
  const mark = world.cloud.recorder.mark()
  const missing = await runPlan(world, planOf('gone', { kind: 'rollback', rejects: idOf(world, 'v2'), reason: 'r' }), 3)
  expect(missing.outputs['reason']).toContain('is not in its registry; nothing was changed')
  const late = await runPlan(world, planOf('v1', { kind: 'rollback', rejects: 'rel-of-last-week', reason: 'r' }), 3)
  expect(late.outputs['reason']).toContain(`this rollback leaves rel-of-last-week, and dev has ${idOf(world, 'v2')} by now`)
  expect(world.writes(mark)).toEqual([])
})

test.concurrent('a hotfix passes the hold, and clears it once it is recorded', async ({ expect, onTestFinished }) => {
  const world = await twoReleases(onTestFinished)
  const held = await runPlan(world, planOf('v2', { kind: 'hold', reason: 'sale today', ...NOTHING }), 3)
  expect(held.outputs['outcome']).toBe('succeeded')
  expect(await hold(world)).toEqual({ state: 'held', reason: 'sale today', by: 'mona', at: expect.any(String), run: runUrl(3) })
  expect((await runPlan(world, planOf('v3'), 4)).outputs['reason']).toContain('sale today')
  const step = await runPlan(world, planOf('v3', { kind: 'hotfix', reason: 'CVE' }), 5)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', release: idOf(world, 'v3') })
  expect(await release(world)).toMatchObject({ kind: 'hotfix', reason: 'CVE' })
  expect(await parameter(world, 'hold')).toBe('{"state":"none"}')
  expect((await runPlan(world, planOf('v3', { kind: 'resume', ...NOTHING }), 6)).outputs['outcome']).toBe('no-change')
})

test.concurrent('a digest that nobody named is looked up by the content tag, with one request', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {} } })
  await world.createService('api', 'v1', { desiredCount: 0 })
  const step = await runPlan(world, planOf('v1'), 1)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', digest: world.digests['v1'] })
  expect(await release(world)).toMatchObject({ images: { app: { digest: world.digests['v1'], tag: 'v1' } } })
  expect(world.cloud.recorder.calls({ call: 'ecr:BatchGetImage' })).toHaveLength(1)
})

test.concurrent('a dry run takes no lease and sets no hold', async ({ expect, onTestFinished }) => {
  const world = await twoReleases(onTestFinished)
  const mark = world.cloud.recorder.mark()
  const step = await runPlan(world, rollback(world, 'v1', 'v2'), 3, { 'dry-run': 'true' })
  expect(step.outputs).toMatchObject({ outcome: 'skipped' })
  await runPlan(world, planOf('v1', { kind: 'hold', reason: 'r', ...NOTHING }), 4, { 'dry-run': 'true' })
  expect(world.cloud.recorder.calls({ since: mark, call: 'ssm:PutParameter' })).toEqual([])
})

test.concurrent('a hold record that is none is refused, since it may have meant one', async ({ expect, onTestFinished }) => {
  const world = await twoReleases(onTestFinished)
  await put(world, 'hold', 'yes')
  const step = await runPlan(world, planOf('v3'), 3)
  expect(step.outputs['reason']).toContain('/shop/dev/hold does not hold a hold record')
})
