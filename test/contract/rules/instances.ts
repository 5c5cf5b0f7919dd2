import { api as systemsManager } from '../documents.ts'
import { type Rule, refusal } from '../rule.ts'

const source = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html'
const errors = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html'

export const instanceRules: Rule[] = [
  {
    id: 'ec2.instances.missing',
    source: errors,
    text: 'An instance that does not exist is InvalidInstanceID.NotFound',
    run: ({ ec2 }) => refusal(ec2.describeInstances({ InstanceIds: ['i-0123456789abcdef0'] })),
    expected: 'InvalidInstanceID.NotFound',
  },
  {
    id: 'ec2.instances.malformed',
    source: errors,
    text: 'What is no id of an instance is InvalidInstanceID.Malformed',
    run: ({ ec2 }) => refusal(ec2.describeInstances({ InstanceIds: ['host'] })),
    expected: 'InvalidInstanceID.Malformed',
  },
  {
    id: 'ec2.instances.nothing',
    source,
    text: 'A filter that nothing matches gives an empty list',
    async run({ ec2 }) {
      const Filters = [
        { Name: 'tag:slipway-contract', Values: ['nothing'] },
        { Name: 'instance-state-name', Values: ['running', 'stopped'] },
      ]
      return (await ec2.describeInstances({ Filters })).Reservations ?? []
    },
    expected: [],
  },
  {
    id: 'ec2.instances.filter',
    source,
    text: 'A filter that does not exist is InvalidParameterValue',
    run: ({ ec2 }) => refusal(ec2.describeInstances({ Filters: [{ Name: 'colour', Values: ['blue'] }] })),
    expected: 'InvalidParameterValue',
  },
  {
    id: 'ec2.instances.page-size',
    source,
    text: 'Pages have between 5 and 1000 instances: InvalidParameterValue',
    run: ({ ec2 }) => refusal(ec2.describeInstances({ MaxResults: 4 })),
    expected: 'InvalidParameterValue',
  },
  {
    id: 'ec2.instances.pages-of-ids',
    source,
    text: 'A page size and ids together are InvalidParameterCombination',
    run: ({ ec2 }) => refusal(ec2.describeInstances({ MaxResults: 5, InstanceIds: ['i-0123456789abcdef0'] })),
    expected: 'InvalidParameterCombination',
  },
  {
    id: 'ec2.instances.found',
    source,
    text: 'A running instance is found by its id, with its state, its code and its profile',
    needs: ['hosts'],
    async run({ ec2, instance = '' }) {
      const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [instance] })
      const [found] = Reservations[0]?.Instances ?? []
      return [found?.InstanceId === instance, found?.State, found?.IamInstanceProfile?.Arn?.split('/')[0]?.split(':')[5]]
    },
    expected: [true, { Code: 16, Name: 'running' }, 'instance-profile'],
  },
  {
    id: 'ssm.information.found',
    source: systemsManager('DescribeInstanceInformation'),
    text: 'A managed node is found by its id, with the state of its connection and the version of its agent',
    needs: ['hosts'],
    async run({ ssm, instance = '' }) {
      const { InstanceInformationList = [] } = await ssm.describeInstanceInformation({
        Filters: [{ Key: 'InstanceIds', Values: [instance] }],
      })
      return InstanceInformationList.map(({ InstanceId, PingStatus, AgentVersion, PlatformType }) => {
        return [InstanceId === instance, PingStatus, /^\d+(\.\d+){3}$/.test(AgentVersion ?? ''), PlatformType]
      })
    },
    expected: [[true, 'Online', true, 'Linux']],
  },
  {
    id: 'ssm.information.filter',
    source: systemsManager('DescribeInstanceInformation'),
    text: 'A filter that does not exist is InvalidFilterKey',
    run: ({ ssm }) => refusal(ssm.describeInstanceInformation({ Filters: [{ Key: 'Colour', Values: ['blue'] }] })),
    expected: 'InvalidFilterKey',
  },
]
