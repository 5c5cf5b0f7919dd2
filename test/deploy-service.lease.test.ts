import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { test } from 'vitest'
import { idOf, planOf, release, runPlan, runUrl, startPlan, tenures } from './deploy-service.plan.ts'
import { openWorld, type World } from './world.ts'

/** When a deployment of each image was started. */
const starts = async (world: World): Promise<{ at: number; tag: string }[]> =>
  Promise.all(
    world.cloud.recorder.calls({ call: 'ecs:UpdateService' }).map(async ({ time, input }) => {
      const { taskDefinition = '' } = input as { taskDefinition?: string }
      const described = await world.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
      const image = described.taskDefinition?.containerDefinitions?.[0]?.image ?? ''
      return { at: time, tag: Object.keys(world.digests).find((tag) => image.endsWith(world.digests[tag] ?? '-')) ?? '' }
    }),
  )

test.concurrent('pushes in a row go one after the other, the newest wins, and nothing is dropped', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {}, v3: {}, v4: {} } })
  await world.createService('api', 'v1')
  const first = startPlan(world, planOf('v2'), 102)
  await first.printed('started ecs-svc/')
  first.process.kill('SIGSTOP')
  const second = startPlan(world, planOf('v3'), 103)
  const third = startPlan(world, planOf('v4'), 104)
  const waiting = `waiting: the lease of shop in dev is held by ${runUrl(102)} (deploy)`
  await Promise.all([second, third].map((step) => step.printed(waiting)))
  first.process.kill('SIGCONT')
  const steps = await Promise.all([first.done, second.done, third.done])
  expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  expect(steps[0].outputs).toMatchObject({ outcome: 'succeeded', release: idOf(world, 'v2') })
  expect(['succeeded', 'skipped']).toContain(steps[1].outputs['outcome'])
  expect(steps[2].outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v4'] })
  expect(await release(world)).toMatchObject({ release: idOf(world, 'v4'), run: runUrl(104) })

  const held = await tenures(world)
  expect(held.map(({ owner }) => owner).toSorted()).toEqual(['102', '103', '104'])
  for (const [index, { to }] of held.entries()) expect(to).toBeLessThanOrEqual(held[index + 1]?.from ?? Number.POSITIVE_INFINITY)
  const runOf: Record<string, string> = { v2: '102', v3: '103', v4: '104' }
  for (const { at, tag } of await starts(world)) {
    const tenure = held.find(({ owner }) => owner === runOf[tag])
    expect(at).toBeGreaterThanOrEqual(tenure?.from ?? Number.NaN)
    expect(at).toBeLessThanOrEqual(tenure?.to ?? Number.NaN)
  }
})

test.concurrent('a run that is older than what is recorded is skipped, and writes nothing', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await runPlan(world, planOf('v1'), 105)
  const mark = world.cloud.recorder.mark()
  const step = await runPlan(world, planOf('v2'), 104)
  expect(step.outputs).toMatchObject({ outcome: 'skipped', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('skipped: run 105 is newer than this one (104)')
  expect(world.writes(mark)).toEqual([])
  expect((await runPlan(world, planOf('v1'), 103)).outputs['outcome']).toBe('no-change')
  expect(await release(world)).toMatchObject({ run: runUrl(105) })
})

test.concurrent('the lease of a killed run is taken over when it has run out, and its late post step touches nothing', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { factor: 10, images: { v1: {}, v2: { startsAfter: 600_000 }, v3: {} } })
  await world.createService('api', 'v1')
  const short = { 'lease-duration': '4s', 'request-timeout': '1s' }
  const killed = startPlan(world, planOf('v2'), 102, short)
  await killed.printed('started ecs-svc/')
  killed.process.kill('SIGKILL')
  const at = Date.now()
  const { state } = await killed.done
  const next = await runPlan(world, planOf('v3'), 103)
  expect(next.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v3'] })
  const held = await tenures(world)
  expect(held.map(({ owner }) => owner)).toEqual(['102', '103'])
  expect(held[1]?.from).toBeGreaterThan(at + 2_000)

  // Late, as a runner that was busy: the environment is somebody else's story by now.
  const mark = world.cloud.recorder.mark()
  const post = await world.deploy({}, { state })
  expect(post.exitCode).toBe(0)
  expect(world.writes(mark)).toEqual([])
  expect(await world.service('api')).toMatchObject({ runningCount: 2 })
})

test.concurrent('the post step of a killed run goes back and gives the lease back', async ({ expect, onTestFinished }) => {
  const world = await openWorld(onTestFinished, { factor: 10, images: { v1: {}, v2: { startsAfter: 600_000 } } })
  await world.createService('api', 'v1')
  const killed = startPlan(world, planOf('v2'), 102)
  await killed.printed('started ecs-svc/')
  killed.process.kill('SIGKILL')
  const { state } = await killed.done
  const post = await world.deploy({}, { state, env: { GITHUB_RUN_ID: '102' } })
  expect(post.log).toContain('api: cancelled: what ran before is running again')
  expect(await tenures(world)).toMatchObject([{ owner: '102', to: expect.any(Number) }])
  const next = await runPlan(world, planOf('v1'), 103)
  expect(next.outputs['outcome']).toBe('no-change')
  expect(next.log).not.toContain('waiting')
})

test.concurrent('what waits for the lease gives up when its time is over or the job is cancelled, and has changed nothing', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { factor: 5, images: { v1: {}, v2: { startsAfter: 600_000 }, v3: {} } })
  await world.createService('api', 'v1')
  const holder = startPlan(world, planOf('v2'), 102)
  await holder.printed('started ecs-svc/')
  const mark = world.cloud.recorder.mark()
  const impatient = await runPlan(world, planOf('v3'), 103, { 'lease-timeout': '0s' })
  expect(impatient.outputs['outcome']).toBe('refused')
  expect(impatient.outputs['reason']).toContain(`held by ${runUrl(102)} (deploy); it is not waited for`)
  const cancelled = startPlan(world, planOf('v3'), 104)
  await cancelled.printed('waiting: the lease')
  cancelled.process.kill('SIGINT')
  expect((await cancelled.done).outputs).toMatchObject({ outcome: 'cancelled' })
  expect(world.writes(mark)).toEqual([])
  holder.process.kill('SIGINT')
  expect((await holder.done).outputs).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests['v1'] })
  expect((await tenures(world)).at(-1)?.to).toBeLessThan(Date.now())
})
