import { expect, onTestFinished, test } from 'vitest'
import { account, region } from './cloud-world.ts'
import { answering, type LambdaWorldOptions, startLambdaWorld } from './lambda-world.ts'

const openWorld = async (options: LambdaWorldOptions = {}) => {
  const world = await startLambdaWorld({ images: { v1: answering('src-v1'), v2: answering('src-v2') }, ...options })
  onTestFinished(world.close)
  return world
}

test('an existing function with no alias gets one on the new version, which is said, and proven; then nothing is left to do', async () => {
  const world = await openWorld()
  await world.create('events', 'v1')
  const first = await world.deploy(world.inputs('events', 'v2', { 'smoke-version': 'src-v2' }))
  expect(first.outputs, first.log).toMatchObject({
    outcome: 'succeeded',
    'running-digest': world.digests['v2'],
    revision: 'events:1',
  })
  expect(first.log).toContain("events has no alias 'live': it is made")
  expect(first.summary).toContain('the alias is new, so it gets all of the traffic at once')
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  const mark = world.cloud.recorder.mark()
  const second = await world.deploy(world.inputs('events', 'v2'))
  expect(second.outputs, second.log).toMatchObject({ outcome: 'no-change', 'running-digest': world.digests['v2'] })
  expect(world.writes(mark)).toEqual([])
})

test('an alarm that goes off between 10 % and 100 % returns the weight to 0, and the unpublished code as well', {
  timeout: 60_000,
}, async () => {
  const world = await openWorld()
  world.lambda.setAlarm(account, region, 'events-errors', 'OK')
  await world.create('events', 'v1')
  await world.deploy(world.inputs('events', 'v1'))
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s', alarms: 'events-errors' }))
  await running.printed('10 % of the traffic')
  expect(await world.alias('events')).toMatchObject({
    FunctionVersion: '1',
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.1 } },
  })
  world.lambda.setAlarm(account, region, 'events-errors', 'ALARM')
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({
    outcome: 'failed-rolled-back',
    cause: 'the alarms fired: events-errors',
    'running-digest': world.digests['v1'],
  })
  expect(await world.alias('events')).toEqual(expect.not.objectContaining({ RoutingConfig: expect.anything() }))
  expect(await world.code('events', 'live')).toMatchObject({ Version: '1', digest: world.digests['v1'] })
  expect(await world.code('events')).toMatchObject({ digest: world.digests['v1'], LastUpdateStatus: 'Successful' })
})
