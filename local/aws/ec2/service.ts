import { wildcard } from '../condition.ts'
import { page } from '../pages.ts'
import { AwsError, type Operation, type Service } from '../service.ts'
import type { Fleet, Instance } from './fleet.ts'

/** `Filter.1.Value.2` and its like: EC2's query protocol numbers the members of lists, from 1. */
const listOf = (input: Record<string, string>, name: string): string[] =>
  Object.entries(input).flatMap(([key, value]) => (new RegExp(`^${name}\\.\\d+$`).test(key) ? [value] : []))

type Filter = { name: string; values: string[] }

const filtersOf = (input: Record<string, string>): Filter[] =>
  Object.entries(input).flatMap(([key, name]) => {
    const [, number] = /^Filter\.(\d+)\.Name$/.exec(key) ?? []
    return number === undefined ? [] : [{ name, values: listOf(input, `Filter\\.${number}\\.Value`) }]
  })

/** Numbers of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const codes = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 }

const filterable: Record<string, (instance: Instance) => string[]> = {
  'instance-id': ({ instanceId }) => [instanceId],
  'instance-state-name': ({ state }) => [state],
  architecture: ({ architecture }) => [architecture],
  'tag-key': ({ tags }) => Object.keys(tags),
}

/** Values of one filter are alternatives, with `*` and `?`; filters are joined by and. */
const matches = ({ name, values }: Filter) => {
  const [, tag] = /^tag:(.+)$/.exec(name) ?? []
  const read = tag === undefined ? filterable[name] : ({ tags }: Instance) => (tags[tag] === undefined ? [] : [tags[tag]])
  if (read === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`)
  return (instance: Instance): boolean => read(instance).some((found) => values.some((value) => wildcard(value, found)))
}

const namesOfIds = (ids: string[]): string => (ids.length === 1 ? `ID '${ids[0]}' does` : `IDs '${ids.join(', ')}' do`)

const asked = (ids: string[], instances: Instance[]): Instance[] => {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
  if (malformed !== undefined) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`)
  const missing = ids.filter((id) => !instances.some(({ instanceId }) => instanceId === id))
  if (missing.length > 0) throw new AwsError('InvalidInstanceID.NotFound', `The instance ${namesOfIds(missing)} not exist`)
  return ids.length === 0 ? instances : instances.filter(({ instanceId }) => ids.includes(instanceId))
}

/** By the names that they have in EC2's XML. */
const view = (instance: Instance) => ({
  instanceId: instance.instanceId,
  instanceState: { code: codes[instance.state], name: instance.state },
  architecture: instance.architecture,
  platform: instance.platform === 'Windows' ? 'windows' : undefined,
  platformDetails: instance.platform === 'Windows' ? 'Windows' : 'Linux/UNIX',
  launchTime: instance.launchedAt,
  iamInstanceProfile: instance.role && { arn: `arn:aws:iam::${instance.account}:instance-profile/${instance.role}` },
  metadataOptions: { state: 'applied', httpTokens: 'required', httpEndpoint: 'enabled' },
  tagSet: Object.entries(instance.tags).map(([key, value]) => ({ key, value })),
})

/** EC2, as far as it tells which instances there are. */
export const ec2Service = (fleet: Fleet): Service => {
  const describeInstances: Operation<Record<string, string>> = {
    authorize: () => [{ action: 'ec2:DescribeInstances', resource: '*' }],
    run: (input, { principal: { account }, region }) => {
      const ids = listOf(input, 'InstanceId')
      const { MaxResults, NextToken } = input
      if (MaxResults !== undefined && ids.length > 0) {
        const message = 'The parameter instancesSet cannot be used with the parameter maxResults'
        throw new AwsError('InvalidParameterCombination', message)
      }
      const size = Number(MaxResults ?? 1000)
      if (size < 5 || size > 1000) {
        const message = `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`
        throw new AwsError('InvalidParameterValue', message)
      }
      const wanted = filtersOf(input).map(matches)
      const found = asked(ids, fleet.in(account, region)).filter((instance) => wanted.every((holds) => holds(instance)))
      const { items, nextToken } = page(found, size, NextToken)
      return {
        reservationSet: items.map((instance) => ({
          reservationId: `r-${instance.instanceId.slice(2)}`,
          ownerId: account,
          instancesSet: [view(instance)],
        })),
        nextToken,
      }
    },
  }
  return { name: 'ec2', operations: { DescribeInstances: describeInstances } }
}
