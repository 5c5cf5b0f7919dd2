import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { account, region } from '../cloud-world.ts'
import { deployInfrastructure, establish, green } from './runs.ts'
import { assembleStacks, attempt, bring, execute, outcomes, twoStacks } from './stacks.case.ts'
import { type InfrastructureWorld, openInfrastructure } from './world.ts'

const OTHER_NETWORK = { CidrBlock: '10.1.0.0/16' }

const vpcs = async (world: InfrastructureWorld) => ({
  published: await world.parameter('outputs/network/vpc'),
  ofHosts: world.stacks.stack(account, region, 'shop-dev-hosts')?.resources.get('First')?.properties['VpcId'],
})

test('what another stack of the run publishes anew reaches the stack that looks it up, whether that changes or not', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  await bring(world, assembleStacks(world, twoStacks()))
  const first = await vpcs(world)
  expect(first.ofHosts).toBe(first.published)

  const moved = assembleStacks(world, twoStacks({ network: OTHER_NETWORK }))
  const shown = await green(attempt(world, { operation: 'prepare', assembly: moved }))
  expect(shown.summary).toContain('`shop-dev-network` may change before what it looks up')
  expect(shown.summary).toMatch(/Change if what they refer to does, perhaps to be made anew: `First`/)
  const done = await green(attempt(world, { operation: 'execute', assembly: moved, approved: shown.outputs['approved'] ?? '' }))
  expect(outcomes(done)).toEqual({ network: 'updated', hosts: 'updated' })
  const second = await vpcs(world)
  expect(second.published).not.toBe(first.published)
  expect(second.ofHosts).toBe(second.published)

  const both = twoStacks({ network: { CidrBlock: '10.2.0.0/16' }, hosts: { Tags: [{ Key: 'a', Value: 'b' }] } })
  expect(outcomes(await bring(world, assembleStacks(world, both)))).toEqual({ network: 'updated', hosts: 'updated' })
  const third = await vpcs(world)
  expect(third.published).not.toBe(second.published)
  expect(third.ofHosts).toBe(third.published)
  // What is published stays the same.
  const tagged = twoStacks({ network: { CidrBlock: '10.2.0.0/16', Tags: [{ Key: 'a', Value: 'b' }] } })
  Object.assign(tagged.templates, { 'shop-dev-hosts': both.templates['shop-dev-hosts'] })
  expect(outcomes(await bring(world, assembleStacks(world, tagged)))).toEqual({ network: 'updated' })
})

test('a replacement that only the templates could show is brought, but not of what holds data: the next run shows that', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  const name = '/shop/dev/outputs/network/more'
  const stacks = (isMore: boolean, description: string, log: string) => {
    const { templates, protect } = twoStacks()
    const { 'shop-dev-network': network, 'shop-dev-hosts': hosts } = structuredClone(templates) as unknown as Record<
      string,
      { Parameters: Record<string, unknown>; Resources: Record<string, unknown> }
    >
    if (network === undefined || hosts === undefined) throw new Error('the templates have changed')
    const publication = { Type: 'AWS::SSM::Parameter', Properties: { Name: name, Type: 'String', Value: 'more' } }
    if (isMore) network.Resources['More'] = publication
    if (isMore) hosts.Parameters['OfMore'] = { Type: 'AWS::SSM::Parameter::Value<String>', Default: name }
    Object.assign(hosts.Resources, {
      First: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'OfVpc' }, GroupDescription: description } },
      Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { Ref: 'First' }, IpProtocol: 'tcp' } },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: log } },
    })
    return assembleStacks(world, { templates: { 'shop-dev-network': network, 'shop-dev-hosts': hosts }, protect })
  }
  const made = () => {
    const found = world.stacks.stack(account, region, 'shop-dev-hosts')?.resources
    return { group: found?.get('First')?.physicalId, rule: found?.get('Rule')?.properties['GroupId'] }
  }
  await bring(world, stacks(false, 'a', '/one'))
  const before = made()
  expect(outcomes(await bring(world, stacks(true, 'b', '/one')))).toEqual({ network: 'updated', hosts: 'updated' })
  expect(made().group).not.toBe(before.group)
  expect(made().rule).toBe(made().group)

  await bring(world, stacks(false, 'b', '/one'))
  const late = stacks(true, 'b', '/three')
  const refused = await execute(world, late)
  expect(outcomes(refused)).toEqual({ network: 'updated', hosts: 'refused' })
  expect(refused.outputs['reason']).toMatch(/Modify Log \(AWS::Logs::LogGroup\) makes it anew/)
  const shown = await green(attempt(world, { operation: 'prepare', assembly: late }))
  expect(shown.summary).toMatch(/`Log` .*\*\*REPLACED, with what it holds\*\*/)
  const done = attempt(world, { operation: 'execute', assembly: late, approved: shown.outputs['approved'] ?? '' })
  expect(outcomes(await green(done))).toEqual({ hosts: 'updated' })
})

test('telling CloudFormation of the image that was delivered since brings nothing else along, but what was approved of the network', async ({
  onTestFinished,
}) => {
  const services = ['api']
  const world = await openInfrastructure(onTestFinished)
  await establish(world, services)
  await green(world.startDelivery(world.plan('v2', services), 2))
  const Name = outputNames('shop', 'dev').network.serviceSubnets
  const subnets = () => world.parameter('outputs/network/service-subnets')
  const put = (Value = '') => world.ssm.send(new PutParameterCommand({ Name, Value, Type: 'StringList', Overwrite: true }))
  const stack = () => world.stacks.stack(account, region, 'shop-dev-service-api')
  const [before, known] = [await subnets(), stack()?.desired?.parameters]

  const refused = await deployInfrastructure(world, 3, world.assemble({ services, variables: { A: '1' } }), () =>
    put('subnet-unapproved'),
  )
  expect(refused.prepared.summary).toContain('First CloudFormation is told which image is recorded')
  expect(refused.executed.outputs, refused.executed.log).toMatchObject({
    outcome: 'refused',
    changes: 'false',
    reason: expect.stringMatching(/Subnets was subnet-\w+ when it was approved and is subnet-unapproved now/),
  })
  expect(stack()?.desired?.parameters).toEqual(known)
  await put(before)

  const assembly = world.assemble({ services, variables: { A: '1' }, cidr: '10.1.0.0/16' })
  const { prepared, executed } = await deployInfrastructure(world, 5, assembly, () =>
    green(world.startDelivery(world.plan('v3', services), 4)),
  )
  expect(prepared.summary).toContain('`shop-dev-network` may change before what it looks up')
  expect(outcomes(executed), executed.log).toEqual({ network: 'updated', cluster: 'updated', 'service-api': 'updated' })
  expect(await subnets()).not.toBe(before)
  const made = stack()?.resources.get('Service')?.properties
  expect(made?.['NetworkConfiguration']).toEqual({ AwsvpcConfiguration: { Subnets: [await subnets()] } })
  expect(await world.observe()).toMatchObject({ api: 'v3', count: 2, running: 2 })
})
