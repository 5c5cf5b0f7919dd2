import {
  CancelUpdateStackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation'
import { beforeAll, expect, test } from 'vitest'
import { account, startStacks, worker, workerRole } from './stack.case.ts'

/** Two resources that are only data; the second needs the first. */
const data = (name = 'one', more: object = {}) => ({
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain', Properties: { LogGroupName: `/shop/dev/${name}` } },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { AlarmDescription: { 'Fn::Join': [' in ', [{ Ref: 'Group' }, { Ref: 'AWS::Region' }]] } },
    },
    ...more,
  },
})

const ends: (() => Promise<void>)[] = []
let world: Awaited<ReturnType<typeof startStacks>>
beforeAll(async () => {
  const reader = {
    arn: `arn:aws:iam::${account}:role/stranger`,
    trust: { Statement: { Effect: 'Allow' as const, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' } },
  }
  const inside = worker([
    { Statement: { Effect: 'Allow', Action: 'ssm:PutParameter', Resource: 'arn:aws:ssm:*:*:parameter/shop/dev/outputs/*' } },
  ])
  world = await startStacks((end) => ends.push(end), { roles: [inside, reader] })
  return async () => {
    for (const end of ends) await end()
  }
})

const creation = { ChangeSetType: 'CREATE' as const }

test('a failed creation takes back what it made, and has to be deleted before the next', async () => {
  const { client, cloudFormation, deploy, events, propose, stack } = world
  cloudFormation.script([{ stack: 'failing', logicalId: 'Alarm', then: 'fail', reason: 'too many alarms' }])
  const failed = await deploy('failing', data(), creation)
  expect(failed).toMatchObject({
    StackStatus: 'ROLLBACK_COMPLETE',
  })
  const told = (await events('failing')).map(
    ({ LogicalResourceId, ResourceStatus, ResourceStatusReason: reason }) =>
      `${LogicalResourceId} ${ResourceStatus}${reason ? `: ${reason}` : ''}`,
  )
  expect(told).toContain('Alarm CREATE_FAILED: too many alarms')
  expect(told).toContain(
    'failing ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Alarm]. Rollback requested by user.',
  )
  expect(told).toContain('Group DELETE_SKIPPED')
  const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: 'failing' }))
  expect(StackResources).toMatchObject([{ LogicalResourceId: 'Group', ResourceStatus: 'DELETE_SKIPPED' }])
  await expect(propose('failing', data())).rejects.toThrow(/is in ROLLBACK_COMPLETE state and can not be updated/)
  await expect(propose('failing', data(), creation)).rejects.toThrow(/already exists and cannot be created again/)
  cloudFormation.script([])
  const { StackId } = await stack('failing')
  await client.send(new DeleteStackCommand({ StackName: 'failing' }))
  await expect.poll(async () => (await stack(StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE')
  await expect(stack('failing')).rejects.toThrow('does not exist')
  expect((await deploy('failing', data(), creation)).StackStatus).toBe('CREATE_COMPLETE')
})

test('an update that hangs can be cancelled, and one that cannot go back says so', async () => {
  const { client, cloudFormation, deploy, execute, propose, stack } = world
  await deploy('stuck', data(), creation)
  await expect(client.send(new CancelUpdateStackCommand({ StackName: 'stuck' }))).rejects.toThrow(
    'cannot be called from current stack status',
  )
  cloudFormation.script([{ stack: 'stuck', logicalId: 'Group', then: 'hang' }])
  const update = execute(await propose('stuck', data('two')))
  await expect.poll(async () => (await stack('stuck')).StackStatus).toBe('UPDATE_IN_PROGRESS')
  await expect(propose('stuck', data('three'))).rejects.toThrow(/is in UPDATE_IN_PROGRESS state and can not be updated/)
  await client.send(new CancelUpdateStackCommand({ StackName: 'stuck' }))
  expect((await update).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  cloudFormation.script([{ stack: 'stuck', logicalId: 'Alarm', then: 'fail-on-rollback' }])
  expect(await deploy('stuck', data('two'))).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: expect.stringContaining('[Alarm]'),
  })
})

test('a name given twice, a template too long, and what is not served are refused by name', async () => {
  const { client, propose } = world
  const input = {
    StackName: 'refused',
    ChangeSetName: 'twice',
    ChangeSetType: 'CREATE' as const,
    TemplateBody: JSON.stringify(data()),
  }
  const { Id } = await client.send(new CreateChangeSetCommand({ ...input, ClientToken: 'token' }))
  expect((await client.send(new CreateChangeSetCommand({ ...input, ClientToken: 'token' }))).Id).toBe(Id)
  await expect(client.send(new CreateChangeSetCommand(input))).rejects.toMatchObject({ name: 'AlreadyExistsException' })
  const name = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'shop-dev-api-task' } }
  await expect(propose('refused', data('one', { Role: name }), { ...creation, Capabilities: [] })).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  })
  await expect(propose('refused', data('x'.repeat(52_000)), creation)).rejects.toThrow(/less than or equal to 51200/)
  const cidr = { Type: 'AWS::EC2::Subnet', Properties: { CidrBlock: { 'Fn::Cidr': ['10.0.0.0/16', 1] } } }
  await expect(propose('refused', data('one', { Subnet: cidr }), creation)).rejects.toThrow('Fn::Cidr is not served here')
  await expect(propose('refused', { ...data(), Rules: {} }, creation)).rejects.toThrow('Rules is not served here')
  await expect(propose('nowhere', data())).rejects.toThrow('Stack [nowhere] does not exist')
  await expect(client.send(new ExecuteChangeSetCommand({ ChangeSetName: 'none', StackName: 'refused' }))).rejects.toMatchObject({
    name: 'ChangeSetNotFoundException',
  })
  await expect(client.send(new CreateStackCommand({ StackName: 'direct', TemplateBody: '{}' }))).rejects.toThrow(
    'NotImplemented: cloudformation:CreateStack',
  )
})

test('works as the role that it is given, and no other may be given', async () => {
  const { cloud, client, deploy, events, propose } = world
  const output = (path: string) => ({
    Output: { Type: 'AWS::SSM::Parameter', Properties: { Name: path, Type: 'String', Value: 'x' } },
  })
  const { StackStatus, RoleARN } = await deploy('shop-dev-roles', data('roles', output('/shop/dev/outputs/x')), creation)
  expect([StackStatus, RoleARN]).toEqual(['CREATE_COMPLETE', workerRole])
  expect(cloud.recorder.calls({ principal: 'shop-dev-cloudformation' }).map(({ operation }) => operation)).toEqual([
    'PutParameter',
  ])
  const denied = await deploy('shop-dev-denied', data('denied', output('/shop/prod/outputs/x')), creation)
  expect(denied.StackStatus).toBe('ROLLBACK_COMPLETE')
  expect(
    (await events('shop-dev-denied')).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason,
  ).toMatch(/not authorized to perform: ssm:PutParameter/)
  const stranger = { ...creation, RoleARN: `arn:aws:iam::${account}:role/stranger` }
  await expect(propose('shop-dev-other', data(), stranger)).rejects.toThrow(/is invalid or cannot be assumed/)
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: 'shop-dev-roles' }))
  expect(JSON.parse(TemplateBody)).toEqual(data('roles', output('/shop/dev/outputs/x')))
})

test('a protected stack is not deleted, and what a template drops is removed or kept as it says', async () => {
  const { client, deploy, events, propose } = world
  await deploy('kept', data(), creation)
  await client.send(new UpdateTerminationProtectionCommand({ StackName: 'kept', EnableTerminationProtection: true }))
  await expect(client.send(new DeleteStackCommand({ StackName: 'kept' }))).rejects.toThrow('TerminationProtection is enabled')
  const set = await propose('kept', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })
  expect(
    set.Changes?.map(({ ResourceChange: change }) => [change?.Action, change?.LogicalResourceId, change?.PolicyAction]),
  ).toEqual([
    ['Add', 'Topic', undefined],
    ['Remove', 'Group', 'Retain'],
    ['Remove', 'Alarm', 'Delete'],
  ])
  await deploy('kept', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })
  const ends = (await events('kept')).map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)
  expect(ends.slice(-5)).toEqual([
    'kept UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Alarm DELETE_IN_PROGRESS',
    'Alarm DELETE_COMPLETE',
    'Group DELETE_SKIPPED',
    'kept UPDATE_COMPLETE',
  ])
  const { StackSummaries = [], NextToken } = await client.send(new ListStacksCommand({}))
  expect([StackSummaries.length, NextToken === undefined]).toEqual([3, false])
})
