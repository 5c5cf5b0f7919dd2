import { afterEach, describe, expect, test } from 'vitest'
import { account, exiting, ids, region, startHosts } from './hosts.case.ts'

let world: Awaited<ReturnType<typeof startHosts>>
afterEach(() => world.close())

const name = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: Error) => error.name,
  )

const never = new Promise<never>(() => {})

const [first = '', second = '', third = ''] = ids

describe('sending', () => {
  test('refuses what breaks a bound, an unknown document, version or hash, and instances that are no managed nodes', async () => {
    world = await startHosts(exiting())
    world.fleet.add({ account, region, instanceId: 'i-0000000d', pingStatus: undefined })
    world.fleet.add({ account, region, instanceId: 'i-0000000e', platform: 'Windows' })
    world.fleet.change(third, { state: 'terminated' })
    const target = { Key: 'tag:service', Values: ['edge'] }
    const { ssm } = world
    const without = (more: object) => name(ssm.sendCommand({ DocumentName: 'swap', ...more }))
    expect(
      await Promise.all([
        without({}),
        without({ InstanceIds: ids, Targets: [target] }),
        without({ InstanceIds: [first, first] }),
        without({ InstanceIds: Array.from({ length: 51 }, (_, index) => `i-${index}`) }),
        without({ InstanceIds: [first], TimeoutSeconds: 29 }),
        without({ InstanceIds: [first], Comment: 'x'.repeat(101) }),
        without({ InstanceIds: [first], MaxConcurrency: '0' }),
        without({ InstanceIds: ['i-0000000f'] }),
        without({ InstanceIds: [third] }),
        without({ InstanceIds: ['i-0000000d'] }),
        without({ InstanceIds: ['i-0000000e'] }),
        without({ InstanceIds: [first], DocumentName: 'other' }),
        without({ InstanceIds: [first], DocumentVersion: '2' }),
        without({ InstanceIds: [first], DocumentHash: 'a'.repeat(64) }),
        without({ InstanceIds: [first], Parameters: { Unknown: ['a'] } }),
        without({ InstanceIds: [first], Parameters: { Shout: ['perhaps'] } }),
        without({ InstanceIds: [first], Parameters: { Said: ['Not Lower'] } }),
        without({ InstanceIds: [first], Parameters: { Open: ['a'.repeat(65_536)] } }),
      ]),
    ).toEqual([
      ...['ValidationException', 'ValidationException', 'DuplicateInstanceId', 'ValidationException', 'ValidationException'],
      ...['ValidationException', 'ValidationException', 'InvalidInstanceId', 'InvalidInstanceId', 'InvalidInstanceId'],
      ...['UnsupportedPlatformType', 'InvalidDocument', 'InvalidDocumentVersion', 'InvalidDocument'],
      ...['InvalidParameters', 'InvalidParameters', 'InvalidParameters', 'MaxDocumentSizeExceeded'],
    ])
    const { Document } = await ssm.describeDocument({ Name: 'swap' })
    expect(await without({ InstanceIds: [first], DocumentHash: Document?.Hash, DocumentVersion: '1' })).toBe('accepted')
  })

  test('asks for the document and for each instance with its tags', async () => {
    world = await startHosts(exiting())
    await world.send({ InstanceIds: [first] })
    const sent = world.cloud.recorder.calls({ call: 'ssm:SendCommand' })
    expect(sent[0]?.authorizations).toEqual([
      { action: 'ssm:SendCommand', resource: `arn:aws:ssm:${region}:${account}:document/swap` },
      {
        action: 'ssm:SendCommand',
        resource: `arn:aws:ec2:${region}:${account}:instance/${first}`,
        context: { 'ssm:resourceTag/service': 'edge', 'aws:ResourceTag/service': 'edge' },
      },
    ])
  })
})

test('a role that may send to instances of one tag may not send to others, nor another document', async () => {
  const may = (Action: string, Resource: string, Condition = {}) => ({ Effect: 'Allow' as const, Action, Resource, Condition })
  const Condition = { StringEquals: { 'ssm:resourceTag/service': 'edge' } }
  const Statement = [
    may('ssm:SendCommand', `arn:aws:ssm:${region}:${account}:document/swap`),
    may('ssm:SendCommand', `arn:aws:ec2:${region}:${account}:instance/*`, Condition),
  ]
  const role = { arn: `arn:aws:iam::${account}:role/deploy`, trust: { Statement: [] }, policies: [{ Statement }] }
  world = await startHosts(exiting(), { roles: [role] })
  world.fleet.change(second, { tags: { service: 'other' } })
  world.documents.put({ account, region, name: 'other', content: { schemaVersion: '2.2', mainSteps: [] } })
  const send = (DocumentName: string, ...InstanceIds: string[]) =>
    name(world.as('deploy').sendCommand({ DocumentName, InstanceIds }))
  expect([await send('swap', first), await send('swap', first, second), await send('other', first)]).toEqual([
    ...['accepted', 'AccessDeniedException', 'AccessDeniedException'],
  ])
})

describe('reading', () => {
  test('does not find a command right after it was sent', async () => {
    world = await startHosts(exiting(), { pace: { consistency: Number.POSITIVE_INFINITY } })
    const CommandId = await world.send()
    expect(await name(world.output(CommandId))).toBe('InvocationDoesNotExist')
    expect(await world.invocations(CommandId)).toEqual([])
  })

  test('finds an invocation by its command and its instance', async () => {
    world = await startHosts(exiting())
    const CommandId = await world.send()
    expect((await world.ended(CommandId)).details).toEqual(['Success'])
    expect(await name(world.output(CommandId, second))).toBe('InvocationDoesNotExist')
  })

  test('shows no output before the end, and the code -1', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    world = await startHosts(exiting({}, promise))
    const CommandId = await world.send()
    await world.reaches(CommandId, 'InProgress')
    expect(await world.output(CommandId)).toMatchObject({
      ResponseCode: -1,
      StandardOutputContent: '',
      StatusDetails: 'InProgress',
    })
    resolve()
    await world.ended(CommandId)
    expect(await world.output(CommandId)).toMatchObject({
      ResponseCode: 0,
      StandardOutputContent: `${first}\n`,
      PluginName: 'host',
    })
  })
})

describe('the instances', () => {
  test('one that is stopped is undeliverable, which the whole command does not count', async () => {
    world = await startHosts(exiting())
    world.fleet.change(second, { state: 'stopped' })
    const { command, details } = await world.ended(await world.send({ InstanceIds: ids }))
    expect(details).toEqual(['Success', 'Undeliverable', 'Success'])
    expect(command).toMatchObject({
      Status: 'Success',
      StatusDetails: 'Success',
      TargetCount: 3,
      CompletedCount: 3,
      ErrorCount: 0,
    })
  })

  test('one of another platform that a tag finds does not run the script', async () => {
    world = await startHosts(exiting())
    world.fleet.change(second, { platform: 'Windows' })
    const { details } = await world.ended(await world.send({ Targets: [{ Key: 'tag:service', Values: ['edge'] }] }))
    expect(details).toEqual(['Success', 'InvalidPlatform', 'Success'])
  })

  test('one without a connection is delayed, and served when it is back', async () => {
    world = await startHosts(exiting())
    world.fleet.change(first, { pingStatus: 'ConnectionLost' })
    const CommandId = await world.send()
    await world.reaches(CommandId, 'Delayed')
    world.fleet.change(first, { pingStatus: 'Online' })
    expect((await world.ended(CommandId)).details).toEqual(['Success'])
  })

  test('one that stays away ends as not delivered, after the time for delivery and for the step', async () => {
    world = await startHosts(exiting(), { factor: 500 })
    world.fleet.change(first, { pingStatus: 'ConnectionLost' })
    const began = performance.now()
    const { command, details } = await world.ended(await world.send({ TimeoutSeconds: 30 }))
    expect(performance.now() - began).toBeGreaterThan(90_000 / 500 - 5)
    expect(details).toEqual(['DeliveryTimedOut'])
    expect(command).toMatchObject({ Status: 'TimedOut', DeliveryTimedOutCount: 1, ErrorCount: 0 })
  })

  test('a tag that matches nothing is a success without a target', async () => {
    world = await startHosts(exiting())
    const { command } = await world.ended(await world.send({ Targets: [{ Key: 'tag:service', Values: ['none'] }] }))
    expect(command).toMatchObject({ Status: 'Success', StatusDetails: 'NoInstancesInTag', TargetCount: 0 })
  })

  test('one that is terminated while its script runs never answers', async () => {
    world = await startHosts(exiting({}, never), { factor: 500 })
    const CommandId = await world.send({ TimeoutSeconds: 30 })
    await world.reaches(CommandId, 'InProgress')
    world.fleet.change(first, { state: 'terminated' })
    expect((await world.ended(CommandId)).details).toEqual(['DeliveryTimedOut'])
  })

  test('one that is added is found by its tag from then on', async () => {
    world = await startHosts(exiting())
    world.fleet.add({ account, region, instanceId: 'i-0000000d', tags: { service: 'edge' } })
    const { details } = await world.ended(await world.send({ Targets: [{ Key: 'tag:service', Values: ['edge'] }] }))
    expect(details).toHaveLength(4)
  })
})

describe('errors', () => {
  test('after the first one nothing more is started', async () => {
    const executor = exiting({ [first]: 24 })
    world = await startHosts(executor)
    const { command, details } = await world.ended(await world.send({ InstanceIds: ids, MaxConcurrency: '1' }))
    expect(details).toEqual(['Failed', 'Terminated', 'Terminated'])
    expect(command).toMatchObject({ Status: 'Failed', StatusDetails: 'Failed', ErrorCount: 1 })
    expect(executor.ran).toEqual([first])
  })

  test('as many as are allowed leave the command incomplete, with all instances tried', async () => {
    world = await startHosts(exiting({ [first]: 24 }))
    const { command, details } = await world.ended(await world.send({ InstanceIds: ids, MaxConcurrency: '1', MaxErrors: '1' }))
    expect(details).toEqual(['Failed', 'Success', 'Success'])
    expect(command?.StatusDetails).toBe('Incomplete')
  })

  test('no more instances work at a time than MaxConcurrency says', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const executor = exiting({}, promise)
    world = await startHosts(executor)
    const CommandId = await world.send({ InstanceIds: ids, MaxConcurrency: '50%' })
    await world.reaches(CommandId, 'InProgress', 1)
    expect(executor.ran).toEqual([first, second])
    resolve()
    await world.ended(CommandId)
    expect(executor.ran).toHaveLength(3)
  })
})

test('a cancel ends what waits at once and kills what runs', async () => {
  world = await startHosts(exiting({}, never))
  const CommandId = await world.send({ InstanceIds: ids, MaxConcurrency: '1' })
  await world.reaches(CommandId, 'InProgress')
  await world.ssm.cancelCommand({ CommandId })
  const { command, invocations } = await world.ended(CommandId)
  expect(command?.Status).toBe('Cancelled')
  expect(invocations.map(({ StatusDetails, CommandPlugins }) => [StatusDetails, CommandPlugins?.[0]?.ResponseCode])).toEqual([
    ['Cancelled', 137],
    ['Cancelled', -1],
    ['Cancelled', -1],
  ])
})

test('commands are listed by document, status and time', async () => {
  world = await startHosts(exiting({ [second]: 1 }))
  await world.ended(await world.send())
  const failed = await world.send({ InstanceIds: [second] })
  await world.ended(failed)
  const list = async (...Filters: { key: 'Status' | 'DocumentName' | 'InvokedAfter'; value: string }[]) =>
    (await world.ssm.listCommands({ Filters })).Commands?.map(({ CommandId }) => CommandId)
  expect(await list({ key: 'Status', value: 'Failed' }, { key: 'DocumentName', value: 'swap' })).toEqual([failed])
  expect(await list({ key: 'InvokedAfter', value: new Date(Date.now() + 1000).toISOString() })).toEqual([])
})
