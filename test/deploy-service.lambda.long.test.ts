import {
  type AliasConfiguration,
  InvokeCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../local/aws/faults.ts'
import { account, region, until } from './cloud-world.ts'
import { answering, type LambdaWorldOptions, startLambdaWorld } from './lambda-world.ts'

const ENVIRONMENT = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ATTEMPT: '1' }

/** One or more functions that serve v1 under their alias. */
const openWorld = async (names: readonly string[] = ['events'], options: LambdaWorldOptions = {}) => {
  const images = { v1: answering('src-v1'), v2: answering('src-v2'), v3: answering('src-v3') }
  const world = await startLambdaWorld({ images, ...options })
  onTestFinished(world.close)
  for (const name of names) {
    await world.create(name, 'v1')
  }
  const seeded = await world.deploy(world.inputs(names.join('\n'), 'v1'), { env: { ...ENVIRONMENT, GITHUB_RUN_ID: '1' } })
  expect(seeded.outputs['outcome'], seeded.log).toBe('succeeded')
  return world
}

const weightsOf = (alias: AliasConfiguration | undefined): Record<string, number> =>
  alias?.RoutingConfig?.AdditionalVersionWeights ?? {}

test('errors of the new version under the alias return the traffic, without any alarm', async () => {
  const world = await openWorld()
  world.script[world.digests['v2'] ?? ''] = { throws: { errorType: 'Error', errorMessage: 'no database' } }
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '50% 60s' }))
  await running.printed('50 % of the traffic')
  for (let call = 0; call < 4; call += 1)
    await world.client.send(new InvokeCommand({ FunctionName: 'events', Qualifier: 'live' }))
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toMatch(/CloudWatch counts errors: \d of version 2 of events/)
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test('of two deployments that come together one wins, and the other names it', async () => {
  const world = await openWorld()
  const runs = ['v2', 'v3'].map((tag, index) =>
    world.deploy(world.inputs('events', tag), { env: { ...ENVIRONMENT, GITHUB_RUN_ID: `70${index}` } }),
  )
  const steps = await Promise.all(runs)
  const outcomes = steps.map(({ outputs }) => outputs['outcome'])
  expect(outcomes.toSorted(), steps.map(({ log }) => log).join('\n\n')).toEqual(['succeeded', 'superseded'])
  const winner = steps.findIndex(({ outputs }) => outputs['outcome'] === 'succeeded')
  const digest = world.digests[winner === 0 ? 'v2' : 'v3'] ?? ''
  expect((await world.code('events', 'live')).digest).toBe(digest)
  expect(steps[1 - winner]?.outputs['reason']).toMatch(new RegExp(`replaced in flight by .*(${digest}|70${winner})`))
})

test('somebody who moves the alias in mid-canary is named by the version that stands there, and left alone', async () => {
  const world = await openWorld()
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  await running.printed('10 % of the traffic')
  await world.client.send(new PublishVersionCommand({ FunctionName: 'events', Description: 'by hand' }))
  const routing = { AdditionalVersionWeights: { 2: 0.4 } }
  await world.client.send(new UpdateAliasCommand({ FunctionName: 'events', Name: 'live', RoutingConfig: routing }))
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'superseded' })
  expect(step.outputs['reason']).toMatch(/events:1 with 40 % on 2 \(slipway-/)
})

test('a failed update goes back with its code and the statement that is missing', async () => {
  const world = await openWorld()
  world.lambda.failNextUpdate(world.at('events'), { code: 'ImageAccessDenied', reason: 'Lambda may not read the image' })
  const step = await world.deploy(world.inputs('events', 'v2'))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toBe('events: the update failed: Lambda may not read the image (ImageAccessDenied)')
  expect(step.summary).toContain('"Principal":{"Service":"lambda.amazonaws.com"}')
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  expect((await world.code('events')).digest).toBe(world.digests['v1'])
})

test.each([
  ['a failed update', 'Failed', 'ImageDeleted'],
  ['a deleted image', 'Inactive', 'ImageDeleted'],
] as const)('%s is no obstacle for the next image', async (_, state, code) => {
  const world = await openWorld()
  world.lambda.setState(world.at('events'), state, code)
  world.lambda.setState({ ...world.at('events'), version: '1' }, state, code)
  const step = await world.deploy(world.inputs('events', 'v2', { 'smoke-version': 'src-v2' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
})

test('SIGINT in mid-canary returns the weight within a second, ends as cancelled and proves what ran before', async () => {
  const world = await openWorld()
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  await running.printed('10 % of the traffic')
  const mark = world.cloud.recorder.mark()
  running.process.kill('SIGINT')
  const killed = Date.now()
  await until(
    async () => world.cloud.recorder.calls({ since: mark, call: 'lambda:UpdateAlias' }),
    (calls) => calls.length > 0,
  )
  expect(Date.now() - killed).toBeLessThan(3_000)
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests['v1'] })
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test('kill -9 in mid-canary leaves a weight that the post step returns, knowing nothing but what was saved', async () => {
  const world = await openWorld(['events', 'worker'])
  const given = world.inputs('events\nworker', 'v2', { traffic: '10% 60s' })
  const running = world.startDeploy(given)
  await running.printed('10 % of the traffic')
  running.process.kill('SIGKILL')
  const { state } = await running.done
  expect(weightsOf(await world.alias('worker'))).toEqual({ 2: 0.1 })
  const post = await world.deploy(given, { state })
  expect(post.exitCode, post.log).toBe(0)
  expect(post.log).toContain('cancelled: what ran before is running again')
  for (const name of ['events', 'worker']) {
    expect(await world.alias(name)).toEqual(expect.not.objectContaining({ RoutingConfig: expect.anything() }))
    expect((await world.code(name)).digest).toBe(world.digests['v1'])
  }
})

test('kill -9 in mid-canary and another run of the same image, with no post step: the traffic goes on to where it was going', async () => {
  const world = await openWorld()
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  await running.printed('10 % of the traffic')
  running.process.kill('SIGKILL')
  await running.done
  const step = await world.deploy(world.inputs('events', 'v2'))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '2' })
  expect(await world.versions('events')).toHaveLength(2)
})

test('when the alias of the second function cannot be moved the first goes back', async () => {
  const world = await openWorld(['events', 'worker'])
  world.cloud.faults.set([{ call: 'lambda:UpdateAlias', nth: 2, then: 'deny' }])
  const step = await world.deploy(world.inputs('worker\nevents', 'v2'))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  for (const name of ['events', 'worker']) expect(await world.alias(name)).toMatchObject({ FunctionVersion: '1' })
})

test('no alias moves where the version of one function does not answer as it should', async () => {
  const world = await openWorld(['events', 'worker'])
  world.script[world.digests['v2'] ?? ''] = (_, { functionName }) => answering(functionName === 'worker' ? 'src-v1' : 'src-v2')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('events\nworker', 'v2', { 'smoke-version': 'src-v2' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toBe('worker: version 2 was invoked: /version answers with version src-v1, expected src-v2')
  expect(world.writes(mark)).not.toContain('lambda:UpdateAlias')
})

test.each<[string, Fault[]]>([
  ['UpdateFunctionCode', [{ call: 'lambda:UpdateFunctionCode', nth: 1, then: 'reset-after-apply' }]],
  ['PublishVersion', [{ call: 'lambda:PublishVersion', nth: 1, then: 'reset-after-apply' }]],
  ['UpdateAlias', [{ call: 'lambda:UpdateAlias', nth: 1, then: 'reset-after-apply' }]],
  ['every call, once each, after 500', [{ call: '*', nth: 9, then: 'error-500' }]],
])('a lost answer of %s leaves one version and no doubt', async (_, faults) => {
  const world = await openWorld()
  world.cloud.faults.set(faults)
  const step = await world.deploy(world.inputs('events', 'v2', { 'smoke-version': 'src-v2' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect((await world.versions('events')).map(({ Version }) => Version)).toEqual(['1', '2'])
  expect((await world.code('events', 'live')).digest).toBe(world.digests['v2'])
})

test('a share of the traffic that another tool set is refused, and replaced where that is asked for', async () => {
  const world = await openWorld()
  world.lambda.configure(world.at('events'), { memory: 512 })
  await world.client.send(new PublishVersionCommand({ FunctionName: 'events', Description: 'canary of another tool' }))
  const routing = { AdditionalVersionWeights: { 2: 0.2 } }
  await world.client.send(new UpdateAliasCommand({ FunctionName: 'events', Name: 'live', RoutingConfig: routing }))
  const refused = await world.deploy(world.inputs('events', 'v2'))
  expect(refused.outputs, refused.log).toMatchObject({ outcome: 'refused' })
  expect(refused.outputs['reason']).toContain('events:2 with 20 % of the traffic (canary of another tool); nothing was changed')
  const same = await world.deploy(world.inputs('events', 'v1'))
  expect(same.outputs, same.log).toMatchObject({ outcome: 'refused' })
  const forced = await world.deploy(world.inputs('events', 'v2', { 'in-progress': 'supersede' }))
  expect(forced.outputs, forced.log).toMatchObject({ outcome: 'succeeded' })
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test('configuration that infrastructure changed reaches the alias, with the same image', async () => {
  const world = await openWorld()
  world.lambda.configure(world.at('events'), { memory: 1024 })
  const step = await world.deploy(world.inputs('events', 'v1'))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', revision: 'events:2' })
  expect(await world.code('events', 'live')).toMatchObject({ MemorySize: 1024, Version: '2' })
})

test('an alias with provisioned concurrency is switched at once, and waited for; where that fails it goes back', async () => {
  const world = await openWorld()
  world.lambda.provision(world.at('events'), 'live', 2)
  const step = await world.deploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded' })
  expect(step.summary).toContain('the alias has provisioned concurrency, which allows no weights; it is switched at once')
  world.lambda.failProvisioning(world.at('events'), 'no capacity')
  const failed = await world.deploy(world.inputs('events', 'v3'))
  expect(failed.outputs, failed.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v2'] })
  expect(failed.outputs['cause']).toContain('provisioned concurrency failed: no capacity')
})

test('versions that this action published go when they are old, but none that anything refers to', async () => {
  const world = await openWorld()
  for (let memory = 201; memory < 209; memory += 1) {
    await world.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'events', MemorySize: memory }))
    await until(
      () => world.code('events'),
      ({ LastUpdateStatus }) => LastUpdateStatus === 'Successful',
    )
    const Description = memory === 204 ? 'of somebody else' : 'slipway-test'
    await world.client.send(new PublishVersionCommand({ FunctionName: 'events', Description }))
  }
  world.lambda.provision(world.at('events'), '3', 1)
  const step = await world.deploy(world.inputs('events', 'v2'))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', revision: 'events:10' })
  // 1 served before, 3 has provisioned concurrency, 5 is of somebody else, 6 to 10 are the newest.
  expect((await world.versions('events')).map(({ Version }) => Version)).toEqual(['1', '3', '5', '6', '7', '8', '9', '10'])
})

test('an alias that was made goes again when what answers outside is not right', async () => {
  const world = await openWorld()
  const given = world.inputs('events', 'v2', { alias: 'next', 'smoke-url': 'http://127.0.0.1:9/version', 'smoke-timeout': '1s' })
  const step = await world.deploy(given)
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(await world.alias('events', 'next')).toBeUndefined()
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  expect((await world.code('events')).digest).toBe(world.digests['v1'])
})

test('versions with different roles, which cannot share the traffic, are switched at once', async () => {
  const world = await openWorld()
  world.lambda.configure(world.at('events'), { role: `arn:aws:iam::${account}:role/other` })
  const step = await world.deploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded' })
  expect(step.summary).toContain('the versions have different roles')
})

test('alarms that can no longer be read return the traffic', async () => {
  const world = await openWorld()
  world.lambda.setAlarm(account, region, 'slow', 'OK')
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s', alarms: 'slow' }))
  await running.printed('10 % of the traffic')
  world.cloud.faults.set([{ call: 'cloudwatch:DescribeAlarms', then: 'deny' }])
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toContain('cloudwatch:DescribeAlarms was denied')
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test('a version that cannot be published is given up in time', async () => {
  const world = await openWorld()
  world.cloud.faults.set([{ call: 'lambda:PublishVersion', then: 'error-500' }])
  const step = await world.deploy(world.inputs('events', 'v2', { timeout: '3s' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'timed-out', 'running-digest': world.digests['v1'] })
})

test('a share that was found and then ended green is no longer there to be taken back', async () => {
  const world = await openWorld(['events'], { factor: 1, pace: { update: 1_000 } })
  world.lambda.configure(world.at('events'), { timeout: 60 })
  const first = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 10s' }))
  await first.printed('10 % of the traffic')
  world.script[world.digests['v3'] ?? ''] = () => ({ ...answering('src-v3'), takes: 15_000 })
  const second = world.startDeploy(world.inputs('events', 'v3', { 'smoke-event': '{}', 'request-timeout': '60s' }))
  expect((await first.done).outputs).toMatchObject({ outcome: 'succeeded' })
  const step = await second.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'superseded' })
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '2' })
  expect((await world.code('events')).digest).toBe(world.digests['v2'])
})

test('an alias that somebody else moved to the same image is not taken back by a run that published nothing of it', async () => {
  const world = await openWorld(['a', 'b'], { factor: 1, pace: { update: 4_000 } })
  await world.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'b', ImageUri: world.imageOf('v2') }))
  await until(
    () => world.code('b'),
    ({ LastUpdateStatus }) => LastUpdateStatus === 'Successful',
  )
  const { Version } = await world.client.send(new PublishVersionCommand({ FunctionName: 'b', Description: 'somebody else' }))
  world.lambda.failNextUpdate(world.at('a'), { code: 'ImageAccessDenied', reason: 'Lambda may not read the image' })
  const running = world.startDeploy(world.inputs('a\nb', 'v2'))
  await running.printed('a: the image is being updated')
  await world.client.send(new UpdateAliasCommand({ FunctionName: 'b', Name: 'live', FunctionVersion: Version }))
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-not-rolled-back' })
  expect(step.outputs['reason']).toContain('b:2 (somebody else), which this run did not start, is left alone')
  expect(await world.alias('b')).toMatchObject({ FunctionVersion: '2' })
  expect((await world.code('b')).digest).toBe(world.digests['v2'])
  expect((await world.code('a')).digest).toBe(world.digests['v1'])
})

test('a switch whose proof ends in an error goes back, and an event is not sent again', async () => {
  const world = await openWorld()
  world.cloud.faults.set([{ call: 'lambda:Invoke', nth: 2, then: 'reset-after-apply' }])
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('events', 'v2', { 'smoke-event': '{"ping":true}' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['reason']).toContain('it is not known what answers for events')
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  expect(world.cloud.recorder.calls({ since: mark, call: 'lambda:Invoke' })).toHaveLength(2)
})

test('a version that answers by its number, and not under the alias, goes back', async () => {
  const world = await openWorld()
  const broken = { throws: { errorType: 'Error', errorMessage: 'broken under the alias' } }
  world.script[world.digests['v2'] ?? ''] = (_, { invokedArn }) => (invokedArn.endsWith(':live') ? broken : answering('src-v2'))
  const step = await world.deploy(world.inputs('events', 'v2', { 'smoke-version': 'src-v2' }))
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['reason']).toContain("events: 'live' was invoked: it ended with an error: Error: broken under the alias")
  expect(await world.alias('events')).toMatchObject({ FunctionVersion: '1' })
  world.script[world.digests['v1'] ?? ''] = broken
  const same = await world.deploy(world.inputs('events', 'v1', { 'smoke-version': 'src-v1' }))
  expect(same.outputs['reason'], same.log).toContain('the service is asked to run this image already, but')
})

test('an error that nobody foresaw returns the share in the process that has set it', async () => {
  const world = await openWorld()
  const running = world.startDeploy(world.inputs('events', 'v2', { traffic: '10% 60s' }))
  await running.printed('10 % of the traffic')
  world.cloud.faults.set([{ call: 'lambda:GetAlias', nth: 1, then: 'deny' }])
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.outputs['cause']).toContain('lambda:GetAlias was denied')
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test('what cannot be taken back at once after somebody else came is tried again, and said', async () => {
  const world = await openWorld(['events', 'worker'])
  const running = world.startDeploy(world.inputs('events\nworker', 'v2', { traffic: '10% 60s' }))
  await running.printed('10 % of the traffic')
  world.cloud.faults.set([{ call: 'lambda:UpdateAlias', nth: 2, then: 'deny' }])
  world.lambda.configure(world.at('worker'), { memory: 512 })
  await world.client.send(new PublishVersionCommand({ FunctionName: 'worker', Description: 'by hand' }))
  const routing = { AdditionalVersionWeights: { 3: 0.4 } }
  await world.client.send(new UpdateAliasCommand({ FunctionName: 'worker', Name: 'live', RoutingConfig: routing }))
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-not-rolled-back' })
  expect(step.outputs['reason']).toMatch(/worker:1 with 40 % on 3 .*not all is back: .*lambda:UpdateAlias was denied/)
  expect(weightsOf(await world.alias('events'))).toEqual({})
})

test.each<[string, Record<string, string>, string]>([
  ['a function that is not there', { function: 'nothing' }, `there is no function 'nothing' in account ${account}, ${region}`],
  ['a function from a zip file', { function: 'zip' }, "the function 'zip' is made from a zip file"],
  ['another architecture', { function: 'arm' }, 'it is built for linux/amd64, the service needs linux/arm64'],
  ['functions of two architectures', { function: 'events\narm' }, 'one image cannot run in all of these functions'],
  ['steps longer than the deployment', { traffic: '10% 1h' }, "Raise 'timeout', or shorten the steps"],
  ['an image of another region', { 'aws-region': 'us-east-1' }, 'there is no function'],
  ['an alarm that is not there', { traffic: '10% 10s', alarms: 'no-such' }, "there is no alarm 'no-such' in account"],
  ['a command before', { 'pre-deploy': '["true"]' }, "input 'pre-deploy'"],
])('%s is refused before anything is written', async (_, over, reason) => {
  const world = await startLambdaWorld({ images: { v1: answering('src-v1') } })
  onTestFinished(world.close)
  await world.create('events', 'v1')
  await world.create('arm', 'v1', { architecture: 'arm64' })
  await world.lambda.createFunction({ account, region }, { name: 'zip' })
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy({ ...world.inputs('events', 'v1'), ...over })
  expect(step.outputs, step.log).toMatchObject({ outcome: 'refused' })
  expect(step.outputs['reason']).toContain(reason)
  expect(world.writes(mark)).toEqual([])
})
