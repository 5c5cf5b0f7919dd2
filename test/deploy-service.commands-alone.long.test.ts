import { join } from 'node:path'
import { test } from 'vitest'
import { parameter, planOf, release, runPlan } from './deploy-service.plan.ts'
import { openWorld } from './world.ts'

const SOURCE = join(import.meta.dirname, '..', 'actions', 'deploy-service', 'src', 'main.ts')

test('a service without tasks is delivered by its pre-deploy command, recorded, and never started', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, {
    images: { v1: { exitsAfter: 50, exitsWith: 0 }, v2: { exitsAfter: 50, exitsWith: 1 } },
  })
  await world.createService('job', 'v1', { desiredCount: 0 })
  const job = { name: 'job', stack: 'shop-dev-service-job', count: 0, preDeploy: ['node', '--version'] }
  const deliver = (tag: string, run: number) => runPlan(world, planOf(tag, { services: [job] }), run, {}, {}, SOURCE)
  const first = await deliver('v1', 1)
  expect(first.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': '' })
  expect(await parameter(world, 'job/image')).toBe(world.imageOf('v1'))
  expect((await release(world)).services).toEqual({ job: 'app' })
  const broken = await deliver('v2', 2)
  expect(broken.outputs['outcome']).not.toBe('succeeded')
  expect(await parameter(world, 'job/image')).toBe(world.imageOf('v1'))
  expect((await world.service('job')).desiredCount).toBe(0)
})
