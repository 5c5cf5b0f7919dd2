import { afterAll, beforeAll, expect, test } from 'vitest'
import { digests, imageOf, startLambda } from './lambda.case.ts'

let world: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  world = await startLambda()
})
afterAll(() => world.close())

test('an update fails as scripted: the old code serves, nothing is published, and the next update is the cure', async () => {
  const { at, FunctionName } = await world.create()
  world.service.failNextUpdate(at, { code: 'ImageAccessDenied', reason: 'no' })
  const failed = await world.updated(FunctionName, digests.fails)
  expect(failed).toMatchObject({ State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReasonCode: 'ImageAccessDenied' })
  expect((await world.lambda.invoke({ FunctionName })).Payload?.transformToString()).toBe('"worked"')
  await expect(world.lambda.publishVersion({ FunctionName })).rejects.toMatchObject({ name: 'ResourceConflictException' })
  expect(await world.updated(FunctionName, digests.fails)).toMatchObject({ LastUpdateStatus: 'Successful' })
  expect((await world.lambda.invoke({ FunctionName })).FunctionError).toBe('Unhandled')
})

test('an update to a digest fails every time, or never ends', async () => {
  const { at, FunctionName } = await world.create()
  for (const _ of [1, 2])
    expect(await world.updated(FunctionName, digests.lost)).toMatchObject({ LastUpdateStatusReasonCode: 'ImageDeleted' })
  world.service.failNextUpdate(at, 'never-ends')
  await world.lambda.updateFunctionCode({ FunctionName, ImageUri: imageOf(digests.works) })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await world.shown(FunctionName)).LastUpdateStatus).toBe('InProgress')
})

test('of two updates that know the same revision one is refused', async () => {
  const { FunctionName } = await world.create()
  const { RevisionId } = await world.shown(FunctionName)
  const update = () => world.lambda.updateFunctionCode({ FunctionName, ImageUri: imageOf(digests.slow), RevisionId })
  const ends = await Promise.allSettled([update(), update()])
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('an Inactive function refuses its first invocation, and is Pending until it can be invoked', async () => {
  const { at, FunctionName } = await world.create()
  world.service.setState(at, 'Inactive', 'Idle')
  await expect(world.lambda.invoke({ FunctionName })).rejects.toMatchObject({ name: 'CodeArtifactUserPendingException' })
  expect(await world.shown(FunctionName)).toMatchObject({ State: 'Pending' })
  await expect.poll(async () => (await world.shown(FunctionName)).State, { interval: 5 }).toBe('Active')
  expect((await world.lambda.invoke({ FunctionName })).StatusCode).toBe(200)
})

test.each(['Failed', 'Inactive'] as const)(
  'a %s function whose image is gone answers nobody until it is updated',
  async (state) => {
    const { at, FunctionName } = await world.create()
    world.service.setState(at, state, 'ImageDeleted')
    await expect(world.lambda.invoke({ FunctionName })).rejects.toMatchObject({ name: 'CodeArtifactUserDeletedException' })
    expect(await world.updated(FunctionName)).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' })
    expect((await world.lambda.invoke({ FunctionName })).StatusCode).toBe(200)
  },
)

test('infrastructure changes the configuration of $LATEST, and the versions stay as they are', async () => {
  const { at, FunctionName } = await world.create()
  const Qualifier = await world.published(FunctionName)
  const version = async () => (await world.lambda.getFunction({ FunctionName, Qualifier })).Configuration
  expect((await version())?.ConfigSha256).toBe((await world.shown(FunctionName)).ConfigSha256)
  world.service.configure(at, { command: ['node', 'other.js'] })
  const { ConfigSha256, ImageConfigResponse } = await world.shown(FunctionName)
  expect(ImageConfigResponse?.ImageConfig?.Command).toEqual(['node', 'other.js'])
  expect((await version())?.ConfigSha256).not.toBe(ConfigSha256)
  expect(await world.published(FunctionName)).toBe('2')
})

test('provisioned concurrency fails as scripted when its alias moves', async () => {
  const { at, FunctionName } = await world.create()
  await world.lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: await world.published(FunctionName) })
  world.service.provision(at, 'live', 2)
  const state = async () => (await world.lambda.getProvisionedConcurrencyConfig({ FunctionName, Qualifier: 'live' })).Status
  expect(await state()).toBe('READY')
  world.service.failProvisioning(at, 'init failed')
  await world.updated(FunctionName)
  await world.lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: await world.published(FunctionName) })
  await expect.poll(state, { interval: 20, timeout: 3_000 }).toBe('FAILED')
})
