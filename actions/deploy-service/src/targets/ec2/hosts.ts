import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2'
import { DescribeInstanceInformationCommand, type InstanceInformation } from '@aws-sdk/client-ssm'
import { call } from '../../../../../lib/aws/errors.ts'
import { AT_ONCE, chunksOf, type Fleet } from './fleet.ts'

/** One instance that carries the tag, as EC2 and Systems Manager know it. */
export type Host = {
  id: string
  /** EC2's word; never of an instance that is gone for good. */
  state: string
  /** Milliseconds since the epoch. */
  launchedAt: number
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
    .map((instance) => hostOf(instance, agents.get(instance.InstanceId ?? '')))
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
  const pages = chunksOf(ids, AT_ONCE).map(async (Values) => {
    const command = new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values }], MaxResults: AT_ONCE })
    const { InstanceInformationList = [] } = await call('ssm:DescribeInstanceInformation', () => ssm.send(command))
    return InstanceInformationList.map((agent): [string, InstanceInformation] => [agent.InstanceId ?? '', agent])
  })
  return new Map((await Promise.all(pages)).flat())
}

const ARCHITECTURES: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' }

const hostOf = (instance: Instance, agent: InstanceInformation | undefined): Host => ({
  id: instance.InstanceId ?? '',
  state: instance.State?.Name ?? '',
  launchedAt: instance.LaunchTime?.getTime() ?? 0,
  architecture: ARCHITECTURES[instance.Architecture ?? ''],
  hasProfile: instance.IamInstanceProfile !== undefined,
  agent: agent && {
    ping: agent.PingStatus ?? '',
    version: agent.AgentVersion ?? '',
    platform: agent.PlatformType ?? '',
    lastPing: agent.LastPingDateTime,
  },
})
