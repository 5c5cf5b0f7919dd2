import type { SSM } from '@aws-sdk/client-ssm'
import type { Fleet, Instance } from '../ec2/fleet.ts'
import { page } from '../pages.ts'
import { AwsError, type InputOf, type Operation } from '../service.ts'
import { validation } from './parameter-store.ts'

const filterable: Record<string, (instance: Instance) => string | undefined> = {
  InstanceIds: ({ instanceId }) => instanceId,
  PingStatus: ({ pingStatus }) => pingStatus,
  AgentVersion: ({ agentVersion }) => agentVersion,
  PlatformTypes: ({ platform }) => platform,
  IamRole: ({ role }) => role,
  ResourceType: () => 'EC2Instance',
}

const matches = ({ key, values }: { key: string; values: string[] }) => {
  const [, tag] = /^tag:(.+)$/.exec(key) ?? []
  const read = tag === undefined ? filterable[key] : ({ tags }: Instance) => tags[tag]
  if (read === undefined) throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`)
  return (instance: Instance): boolean => values.includes(read(instance) ?? '')
}

/** Whether Systems Manager counts the instance among its managed nodes. */
export const isManaged = ({ pingStatus, state }: Instance): boolean =>
  pingStatus !== undefined && state !== 'shutting-down' && state !== 'terminated'

/** A node whose instance does not run loses its connection. */
const pingStatus = ({ pingStatus, state }: Instance) => (state === 'running' ? pingStatus : 'ConnectionLost')

/** `DescribeInstanceInformation`, by both of its forms of filter. */
export const instanceInformation = (fleet: Fleet, now: () => Date): Record<string, Operation> => {
  const describeInstanceInformation: Operation<InputOf<SSM, 'DescribeInstanceInformation'>> = {
    authorize: () => [{ action: 'ssm:DescribeInstanceInformation', resource: '*' }],
    run: ({ Filters = [], InstanceInformationFilterList = [], MaxResults = 50, NextToken }, { principal, region }) => {
      if (MaxResults < 5 || MaxResults > 50) {
        throw validation(`Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must be between 5 and 50`)
      }
      const wanted = [
        ...Filters.map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
        ...InstanceInformationFilterList.map(({ key = '', valueSet = [] }) => ({ key, values: valueSet })),
      ].map(matches)
      const managed = fleet.in(principal.account, region).filter(isManaged)
      const found = managed.filter((instance) => wanted.every((holds) => holds(instance)))
      const { items, nextToken } = page(found, MaxResults, NextToken)
      return {
        InstanceInformationList: items.map((instance) => ({
          InstanceId: instance.instanceId,
          PingStatus: pingStatus(instance),
          LastPingDateTime: now(),
          AgentVersion: instance.agentVersion,
          IsLatestVersion: true,
          PlatformType: instance.platform,
          PlatformName: instance.platform === 'Linux' ? 'Amazon Linux' : 'Microsoft Windows Server',
          PlatformVersion: '2023',
          ResourceType: 'EC2Instance',
          RegistrationDate: instance.launchedAt,
          IamRole: instance.role,
        })),
        NextToken: nextToken,
      }
    },
  }
  return { DescribeInstanceInformation: describeInstanceInformation }
}
