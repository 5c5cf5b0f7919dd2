import { expect, test } from 'vitest'
import { type Template, templateOf } from '../../infra/lambda/lambda.case.ts'
import { openFunctions } from './functions-world.ts'

/** The service with an API and a schedule, and a resource that comes after its function. */
const template = (memory: number): Template => {
  const whole = templateOf({ memory, http: {}, schedule: 'rate(5 minutes)' })
  const later = {
    Type: 'AWS::CloudWatch::Alarm',
    DependsOn: ['Functionevents'],
    Properties: { AlarmName: 'shop-dev-later', Threshold: memory },
  }
  return { ...whole, Resources: { ...whole.Resources, Later: later } }
}

const onFunctionsAlone = ['CreateFunction', 'GetFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration']

const made = async (onTestFinished: Parameters<typeof openFunctions>[0]) => {
  const world = await openFunctions(onTestFinished)
  await world.record('v1')
  expect(await world.execute(await world.prepare(template(512), 'CREATE'))).toBe('CREATE_COMPLETE')
  return world
}

test('a stack is made before its alias is there, which the first deployment makes, and no update of the stack moves', async ({
  onTestFinished,
}) => {
  const world = await made(onTestFinished)
  expect(await world.observe()).toEqual({ latest: 'v1 512 MiB', live: undefined })
  const first = await world.deliver('v1')
  expect(first.outputs, first.log).toMatchObject({ outcome: 'succeeded', revision: 'shop-dev-events:1' })
  const second = await world.deliver('v2')
  expect(second.outputs, second.log).toMatchObject({ outcome: 'succeeded' })
  await world.record('v2')

  // Nothing of the function changes, then its memory does; neither is what gets the traffic.
  await world.execute(await world.prepare(undefined))
  expect(await world.version()).toBe('2')
  expect(await world.execute(await world.prepare(template(1024)))).toBe('UPDATE_COMPLETE')
  expect(await world.observe()).toEqual({ latest: 'v2 1024 MiB', live: 'v2 512 MiB' })

  const third = await world.deliver('v2')
  expect(third.outputs, third.log).toMatchObject({ outcome: 'succeeded', revision: 'shop-dev-events:3' })
  expect(await world.observe()).toEqual({ latest: 'v2 1024 MiB', live: 'v2 1024 MiB' })
  expect((await world.deliver('v2')).outputs).toMatchObject({ outcome: 'no-change' })
  expect(world.askedOfLambda()).toEqual(onFunctionsAlone)
})

test('an update that fails goes back to what it had, and leaves the alias with what was deployed since', async ({
  onTestFinished,
}) => {
  const world = await made(onTestFinished)
  await world.deliver('v1')
  await world.deliver('v2')
  await world.record('v2')
  world.fail('Later')
  expect(await world.execute(await world.prepare(template(1024)))).toBe('UPDATE_ROLLBACK_COMPLETE')
  // The stack knew of v1 only: that is what it falls back to, in `$LATEST`, which nobody calls.
  expect(await world.observe()).toEqual({ latest: 'v1 512 MiB', live: 'v2 512 MiB' })
  const again = await world.deliver('v2')
  expect(again.outputs, again.log).toMatchObject({ outcome: 'succeeded' })
  expect(await world.observe()).toEqual({ latest: 'v2 512 MiB', live: 'v2 512 MiB' })
  expect(world.askedOfLambda()).toEqual(onFunctionsAlone)
})

test('a first deployment that fails leaves a function without an alias, and the stack can be changed and delivered', async ({
  onTestFinished,
}) => {
  const world = await made(onTestFinished)
  const failed = await world.deliver('v1', 'another')
  expect(failed.outputs, failed.log).toMatchObject({ outcome: 'failed-rolled-back' })
  expect(await world.version()).toBeUndefined()
  expect(await world.execute(await world.prepare(template(256)))).toBe('UPDATE_COMPLETE')
  expect((await world.deliver('v1')).outputs).toMatchObject({ outcome: 'succeeded' })
  expect(await world.observe()).toEqual({ latest: 'v1 256 MiB', live: 'v1 256 MiB' })
})
