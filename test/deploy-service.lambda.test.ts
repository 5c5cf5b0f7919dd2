import { expect, onTestFinished, test } from 'vitest'
import { answering, type LambdaWorldOptions, startLambdaWorld } from './lambda-world.ts'

const openWorld = async (options: LambdaWorldOptions = {}) => {
  const world = await startLambdaWorld({ images: { v1: answering('src-v1'), v2: answering('src-v2') }, ...options })
  onTestFinished(world.close)
  return world
}

test('an existing function with no alias gets one on the new version, which is said, and proven; then nothing is left to do', async () => {
  const world = await openWorld()
  await world.create('events', 'v1')
  const first = await world.deployFunction(world.inputs('events', 'v2', { 'smoke-version': 'src-v2' }))
  expect(first.outputs, first.log).toMatchObject({
    outcome: 'succeeded',
    'running-digest': world.digests['v2'],
    revision: 'events:1',
  })
  expect(first.log).toContain("events has no alias 'live': it is made")
  expect(first.summary).toContain('the alias is new, so it gets all of the traffic at once')
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  const mark = world.cloud.recorder.mark()
  const second = await world.deployFunction(world.inputs('events', 'v2'))
  expect(second.outputs, second.log).toMatchObject({ outcome: 'no-change', 'running-digest': world.digests['v2'] })
  expect(world.writes(mark)).toEqual([])
})
