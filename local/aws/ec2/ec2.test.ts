import { STS } from '@aws-sdk/client-sts'
import { afterEach, describe, expect, test } from 'vitest'
import { startCloud } from '../../cloud.ts'
import { scaledTime } from '../../time.ts'
import { hostServices } from '../ssm/host-services.ts'
import { account, exiting, ids, region, startHosts } from '../ssm/hosts.case.ts'

let close: (() => Promise<unknown>) | undefined
afterEach(() => close?.())

const fleetWorld = async () => {
  const world = await startHosts(exiting())
  close = world.close
  world.fleet.change(ids[1] ?? '', { state: 'stopped', tags: { service: 'other' } })
  world.fleet.add({ account, region, instanceId: 'i-0000000d', pingStatus: undefined })
  const found = async (input: object) => {
    const { Reservations = [], NextToken } = await world.ec2.describeInstances(input)
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
    return { instances, found: instances.map(({ InstanceId }) => InstanceId), NextToken }
  }
  return { ...world, describe: found }
}

describe('DescribeInstances', () => {
  test('describes an instance as EC2 does', async () => {
    const world = await fleetWorld()
    const { instances } = await world.describe({ InstanceIds: [ids[0]] })
    expect(instances[0]).toMatchObject({
      InstanceId: ids[0],
      State: { Name: 'running', Code: 16 },
      Architecture: 'x86_64',
      IamInstanceProfile: { Arn: `arn:aws:iam::${account}:instance-profile/instance` },
      Tags: [{ Key: 'service', Value: 'edge' }],
      MetadataOptions: { HttpTokens: 'required' },
    })
    expect(instances[0]?.LaunchTime).toBeInstanceOf(Date)
  })

  test('finds by tag and state, with alternatives and wildcards', async () => {
    const world = await fleetWorld()
    const state = { Name: 'instance-state-name', Values: ['running', 'pending'] }
    expect((await world.describe({ Filters: [{ Name: 'tag:service', Values: ['edge'] }, state] })).found).toEqual([
      ids[0],
      ids[2],
    ])
    expect((await world.describe({ Filters: [{ Name: 'tag:service', Values: ['*'] }] })).found).toEqual(ids)
    expect((await world.describe({ Filters: [{ Name: 'tag-key', Values: ['none'] }] })).found).toEqual([])
  })

  test('comes in pages', async () => {
    const world = await fleetWorld()
    for (const letter of 'abc') world.fleet.add({ account, region, instanceId: `i-0000001${letter}` })
    const { found, NextToken } = await world.describe({ MaxResults: 5 })
    expect(found).toHaveLength(5)
    expect((await world.describe({ MaxResults: 5, NextToken })).found).toHaveLength(2)
  })

  test('names the instance that does not exist, and refuses the page size together with ids', async () => {
    const world = await fleetWorld()
    const refused = (input: object) => expect(world.describe(input)).rejects
    await refused({ InstanceIds: ['i-0123456789abcdef0'] }).toMatchObject({ name: 'InvalidInstanceID.NotFound' })
    await refused({ InstanceIds: ['host'] }).toMatchObject({ name: 'InvalidInstanceID.Malformed' })
    await refused({ InstanceIds: ids, MaxResults: 5 }).toMatchObject({ name: 'InvalidParameterCombination' })
    await refused({ Filters: [{ Name: 'colour', Values: ['blue'] }] }).toMatchObject({ name: 'InvalidParameterValue' })
  })

  test('has EC2’s own names for what any call may meet', async () => {
    const world = await fleetWorld()
    for (const [then, name] of Object.entries({
      deny: 'UnauthorizedOperation',
      throttle: 'RequestLimitExceeded',
      expire: 'RequestExpired',
    })) {
      world.cloud.faults.set([{ call: 'ec2:DescribeInstances', then: then as 'deny' }])
      await expect(world.describe({})).rejects.toMatchObject({ name })
    }
  })
})

test('DescribeInstanceInformation tells of registered nodes only, with the state of their connection', async () => {
  const world = await fleetWorld()
  world.fleet.change(ids[2] ?? '', { agentVersion: '3.3.1.0' })
  const ask = async (input: object) => (await world.ssm.describeInstanceInformation(input)).InstanceInformationList ?? []
  expect((await ask({})).map(({ InstanceId, PingStatus }) => [InstanceId, PingStatus])).toEqual([
    [ids[0], 'Online'],
    [ids[1], 'ConnectionLost'],
    [ids[2], 'Online'],
  ])
  const [found] = await ask({ Filters: [{ Key: 'InstanceIds', Values: [ids[2]] }] })
  expect(found).toMatchObject({ InstanceId: ids[2], AgentVersion: '3.3.1.0', PlatformType: 'Linux' })
  expect(await ask({ Filters: [{ Key: 'tag:service', Values: ['edge'] }] })).toHaveLength(2)
  await expect(ask({ Filters: [{ Key: 'Colour', Values: ['blue'] }] })).rejects.toMatchObject({ name: 'InvalidFilterKey' })
})

describe('the metadata of an instance', () => {
  const start = async () => {
    const time = scaledTime(200)
    const instances = [{ account, region, instanceId: ids[0] ?? '', role: 'edge-host' }]
    const hosts = hostServices({ time, executor: exiting(), documents: [], instances })
    let url = Promise.resolve('')
    const cloud = await startCloud({
      time,
      scenario: { accounts: [account], roles: [] },
      services: ({ issueKey }) => {
        url = hosts.metadata(ids[0] ?? '', issueKey)
        return hosts.services
      },
    })
    close = () => Promise.all([hosts.stopAll(), cloud.close()])
    const base = `${await url}/latest`
    const token = async (ttl: string) =>
      fetch(`${base}/api/token`, { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': ttl } })
    return { cloud, hosts, base, token }
  }

  test('gives nothing without a token', async () => {
    const { base, token } = await start()
    expect((await fetch(`${base}/meta-data/instance-id`)).status).toBe(401)
    expect((await token('0')).status).toBe(400)
    expect((await token('21601')).status).toBe(400)
  })

  test('gives keys of the role, and calls with them carry the instance’s name', async () => {
    const { cloud, base, token } = await start()
    const headers = { 'x-aws-ec2-metadata-token': await (await token('60')).text() }
    const get = async (path: string) => (await fetch(`${base}/${path}`, { headers })).text()
    const role = await get('meta-data/iam/security-credentials/')
    expect([role, await get('meta-data/instance-id')]).toEqual(['edge-host', ids[0]])
    const keys = JSON.parse(await get(`meta-data/iam/security-credentials/${role}`))
    const credentials = { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token }
    await new STS({ endpoint: cloud.endpoint, region, credentials }).getCallerIdentity({})
    expect(cloud.recorder.calls({ principal: 'edge-host' })[0]?.principal).toBe(
      `arn:aws:sts::${account}:assumed-role/edge-host/${ids[0]}`,
    )
    expect(cloud.secrets()).toContain(keys.SecretAccessKey)
  })
})
