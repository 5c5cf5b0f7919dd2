import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2'
import { DescribeInstanceInformationCommand, type InstanceInformation } from '@aws-sdk/client-ssm'
import { call } from '../../../../../lib/aws/errors.ts'
import { AT_ONCE, chunksOf, type Fleet } from './fleet.ts'

/** One instance that carries the tag, as EC2 and Systems Manager know it. */
export type Host = {
  id: string
  /** EC2's word; never of an instance that is gone for good. */
  state: string
  /** Milliseconds since it was launched, or started again. */
  age: number
  /** As images say it; undefined where EC2 does not tell. */
  architecture: string | undefined
  hasProfile: boolean
  /** Undefined where it has never registered with Systems Manager. */
  agent: { ping: string; version: string; platform: string; lastPing: Date | undefined } | undefined
}

/** All instances with the tag that are not on their way out, by id. Two rounds of calls. */
export const findHosts = async (fleet: Fleet): Promise<Host[]> => {
  const instances = await describeInstances(fleet)
  const agents = await describeAgents(
    fleet,
    instances.flatMap(({ InstanceId, State }) => (InstanceId && State?.Name === 'running' ? [InstanceId] : [])),
  )
  return instances
    .map((instance) => hostOf(instance, agents.get(instance.InstanceId ?? ''), fleet.tools.clock.now()))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

const describeInstances = async ({ ec2, tag }: Fleet): Promise<Instance[]> => {
  const Filters = [
    { Name: `tag:${tag.key}`, Values: [tag.value] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ]
  const instances: Instance[] = []
  let NextToken: string | undefined
  do {
    const command = new DescribeInstancesCommand({ Filters, ...(NextToken && { NextToken }) })
    const page = await call('ec2:DescribeInstances', () => ec2.send(command))
    instances.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances))
    NextToken = page.NextToken
  } while (NextToken)
  return instances
}

const describeAgents = async ({ ssm }: Fleet, ids: readonly string[]): Promise<Map<string, InstanceInformation>> => {
  const parts = chunksOf(ids, AT_ONCE).map(async (Values) => {
    const found: [string, InstanceInformation][] = []
    let NextToken: string | undefined
    do {
      const input = { Filters: [{ Key: 'InstanceIds', Values }], MaxResults: AT_ONCE, ...(NextToken && { NextToken }) }
      const page = await call('ssm:DescribeInstanceInformation', () => ssm.send(new DescribeInstanceInformationCommand(input)))
      for (const agent of page.InstanceInformationList ?? []) found.push([agent.InstanceId ?? '', agent])
      NextToken = page.NextToken
    } while (NextToken)
    return found
  })
  return new Map((await Promise.all(parts)).flat())
}

const ARCHITECTURES: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' }

const hostOf = (instance: Instance, agent: InstanceInformation | undefined, now: number): Host => ({
  id: instance.InstanceId ?? '',
  state: instance.State?.Name ?? '',
  age: now - (instance.LaunchTime?.getTime() ?? 0),
  architecture: ARCHITECTURES[instance.Architecture ?? ''],
  hasProfile: instance.IamInstanceProfile !== undefined,
  agent: agent && {
    ping: agent.PingStatus ?? '',
    version: agent.AgentVersion ?? '',
    platform: agent.PlatformType ?? '',
    lastPing: agent.LastPingDateTime,
  },
})
