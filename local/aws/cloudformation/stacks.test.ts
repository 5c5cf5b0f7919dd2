import { expect, test } from 'vitest'
import { serviceTemplate, startStacks, worker } from './stack.case.ts'

const created = { ChangeSetType: 'CREATE' as const, Parameters: [{ ParameterKey: 'Created', ParameterValue: 'no' }] }

test('a new stack is reviewed, made without tasks, and told in events of its request', async ({ onTestFinished }) => {
  const { propose, execute, stack, events, record, service } = await startStacks(onTestFinished, { roles: [worker()] })
  await expect(propose('shop-dev-service-api', serviceTemplate(), created)).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Unable to fetch parameters [/shop/dev/api/image] from parameter store for this account.',
  })
  await expect(stack('shop-dev-service-api')).rejects.toThrow('Stack with id shop-dev-service-api does not exist')
  await record('app@sha256:a')
  const set = await propose('shop-dev-service-api', serviceTemplate(), created)
  expect(set.Changes?.map(({ ResourceChange: { Action, LogicalResourceId } = {} }) => `${Action} ${LogicalResourceId}`)).toEqual([
    'Add Cluster',
    'Add Task',
    'Add Service',
  ])
  expect(set.Parameters).toContainEqual({
    ParameterKey: 'OfApiImage',
    ParameterValue: '/shop/dev/api/image',
    ResolvedValue: 'app@sha256:a',
  })
  expect((await stack('shop-dev-service-api')).StackStatus).toBe('REVIEW_IN_PROGRESS')
  await record('app@sha256:b')
  expect((await execute(set)).StackStatus).toBe('CREATE_COMPLETE')
  expect(await service()).toEqual({ count: 0, image: 'app@sha256:a', deployments: 1 })
  const told = await events('shop-dev-service-api')
  expect(told.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)).toEqual([
    'shop-dev-service-api REVIEW_IN_PROGRESS',
    'shop-dev-service-api CREATE_IN_PROGRESS',
    'Cluster CREATE_IN_PROGRESS',
    'Task CREATE_IN_PROGRESS',
    expect.stringMatching(/CREATE_COMPLETE$/),
    expect.stringMatching(/CREATE_COMPLETE$/),
    'Service CREATE_IN_PROGRESS',
    'Service CREATE_COMPLETE',
    'shop-dev-service-api CREATE_COMPLETE',
  ])
  expect(told.slice(1).every(({ ClientRequestToken }) => ClientRequestToken === 'run-1')).toBe(true)
})

test('an update says what changes and why, keeps the count, and makes other change sets void', async ({ onTestFinished }) => {
  const world = await startStacks(onTestFinished, { roles: [worker()] })
  await world.record('app@sha256:a')
  await world.deploy('shop-dev-service-api', serviceTemplate(), created)
  await world.scale(2)
  const same = [{ ParameterKey: 'Created', UsePreviousValue: true }]
  const unchanged = await world.propose('shop-dev-service-api', undefined, { Parameters: same })
  expect(unchanged).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' })
  expect(unchanged.StatusReason).toMatch(/^The submitted information didn't contain changes/)
  await world.record('app@sha256:b')
  const older = await world.propose('shop-dev-service-api', undefined)
  const set = await world.propose('shop-dev-service-api', undefined)
  expect(set.Changes?.map(({ ResourceChange }) => ResourceChange)).toEqual([
    expect.objectContaining({
      Action: 'Modify',
      LogicalResourceId: 'Task',
      Replacement: 'True',
      Details: expect.arrayContaining([
        expect.objectContaining({ ChangeSource: 'ParameterReference', CausingEntity: 'OfApiImage', Evaluation: 'Static' }),
      ]),
    }),
    expect.objectContaining({
      LogicalResourceId: 'Service',
      Replacement: 'False',
      Details: expect.arrayContaining([expect.objectContaining({ ChangeSource: 'ResourceReference', CausingEntity: 'Task' })]),
    }),
  ])
  expect((await world.execute(set)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(await world.service()).toMatchObject({ count: 2, image: 'app@sha256:b' })
  await expect(world.execute(older)).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' })
  // A count that the template states is set by every update.
  const counted = JSON.parse(JSON.stringify(serviceTemplate({}, { A: '1' })))
  counted.Resources.Service.Properties.DesiredCount = 0
  await world.deploy('shop-dev-service-api', counted)
  expect(await world.service()).toMatchObject({ count: 0 })
})

test('a failed update goes back to what CloudFormation had last, not to what was deployed since', async ({ onTestFinished }) => {
  const world = await startStacks(onTestFinished, { roles: [worker()] })
  const group = { Group: { Type: 'AWS::Logs::LogGroup', DependsOn: 'Service', Properties: { LogGroupName: '/shop/dev/api' } } }
  await world.record('app@sha256:a')
  await world.deploy('shop-dev-service-api', serviceTemplate(), created)
  await world.deploy('shop-dev-service-api', undefined)
  await world.scale(1)
  await world.record('app@sha256:c')
  world.cloudFormation.script([{ stack: 'shop-dev-service-api', logicalId: 'Group', then: 'fail', reason: 'the group is there' }])
  const failed = await world.deploy('shop-dev-service-api', serviceTemplate(group))
  expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(await world.service()).toMatchObject({ image: 'app@sha256:a', count: 1 })
  const events = await world.events('shop-dev-service-api')
  expect(events.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({
    LogicalResourceId: 'Group',
    ResourceStatusReason: 'the group is there',
  })
  expect(failed.Parameters).toContainEqual(expect.objectContaining({ ResolvedValue: 'app@sha256:a' }))
})
