import { test } from 'vitest'
import { planOf, release, runPlan, runUrl, startPlan, tenures } from './deploy-service.plan.ts'
import { openWorld } from './world.ts'

const SHORT = { 'lease-duration': '4s', 'request-timeout': '1s' }
const IMAGES = { v1: {}, v2: { startsAfter: 600_000 }, v3: {} }

test.concurrent('a run that stood still and lost its lease writes nothing more, and says who has it', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { factor: 10, images: IMAGES })
  await world.createService('api', 'v1')
  const slow = startPlan(world, planOf('v2'), 102, SHORT)
  await slow.printed('started ecs-svc/')
  slow.process.kill('SIGSTOP')
  // Still at work when the first one wakes up.
  const next = startPlan(world, planOf('v3'), 103)
  await next.printed('started ecs-svc/')
  const mark = world.cloud.recorder.mark()
  slow.process.kill('SIGCONT')
  const [lost, taken] = await Promise.all([slow.done, next.done])
  expect(lost.exitCode).toBe(1)
  expect(lost.outputs).toMatchObject({ outcome: 'superseded', 'running-digest': '' })
  expect(lost.outputs['reason']).toBe(
    `the lease of shop in dev was lost: ${runUrl(103)} has it now; nothing more was written by this run`,
  )
  expect(taken.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v3'] })
  // The records of the one that has the lease, and nothing of the other.
  expect(world.writes(mark)).toEqual(['ecr:PutImage', 'ssm:PutParameter', 'ssm:PutParameter'])
  expect(await release(world)).toMatchObject({ run: runUrl(103) })
  expect((await tenures(world)).map(({ owner }) => owner)).toEqual(['102', '103'])
})

test.concurrent('a run whose renewals hang stops writing when its time is over; its post step goes back', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { factor: 10, images: IMAGES })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const running = startPlan(world, planOf('v2'), 102, SHORT)
  await running.printed('started ecs-svc/')
  world.cloud.faults.set([{ call: 'ssm:PutParameter', from: 1, then: 'hang' }])
  const step = await running.done
  expect(step.outputs['outcome']).toBe('failed-not-rolled-back')
  expect(step.outputs['reason']).toContain('the lease of shop in dev was lost: it could not be renewed in time')
  expect(world.writes(mark)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])

  world.cloud.faults.set([])
  const post = await world.deploy({}, { state: step.state, env: { GITHUB_RUN_ID: '102' } })
  expect(post.log).toContain('api: cancelled: what ran before is running again')
  expect((await tenures(world)).at(-1)?.to).toBeLessThan(Date.now())
  expect((await runPlan(world, planOf('v1'), 103)).outputs['outcome']).toBe('no-change')
})

test.concurrent('two runs that claim in the same moment: one goes first, the other waits for it', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {}, v3: {} } })
  await world.createService('api', 'v1')
  const [one, other] = await Promise.all([runPlan(world, planOf('v2'), 102), runPlan(world, planOf('v3'), 103)])
  expect(other.outputs['outcome']).toBe('succeeded')
  expect(['succeeded', 'skipped']).toContain(one.outputs['outcome'])
  expect((await world.service('api')).taskDefinition).toContain('api:')
  expect(await release(world)).toMatchObject({ run: runUrl(103), images: { app: { digest: world.digests['v3'] } } })
  const held = await tenures(world)
  expect(held).toHaveLength(2)
  expect(held[0]?.to).toBeLessThanOrEqual(held[1]?.from ?? 0)
})
