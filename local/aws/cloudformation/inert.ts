import { randomBytes } from 'node:crypto'
import { CREATE_ONLY } from './create-only.ts'
import type { Made, Properties } from './model.ts'
import type { Provisioner, Tools } from './provisioner.ts'

/** Beginnings of ids that AWS chooses itself. */
const prefixes: Record<string, string> = {
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::SecurityGroup': 'sg',
  'AWS::EC2::LaunchTemplate': 'lt',
  'AWS::EC2::Instance': 'i',
  'AWS::EC2::EIP': 'eipalloc',
  'AWS::EC2::NatGateway': 'nat',
}

/** Types whose `Ref` is an ARN, with the resource part of it. */
const byArn: Record<string, [service: string, resource: string]> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['elasticloadbalancing', 'loadbalancer/app'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['elasticloadbalancing', 'targetgroup'],
  'AWS::ElasticLoadBalancingV2::Listener': ['elasticloadbalancing', 'listener/app'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['elasticloadbalancing', 'listener-rule/app'],
  'AWS::IAM::ManagedPolicy': ['iam', 'policy'],
  'AWS::SNS::Topic': ['sns', ''],
}

const NAMES =
  /^(Name|(Role|LogGroup|Topic|Cluster|AutoScalingGroup|LaunchTemplate|Instance.*Profile|Alarm|ManagedPolicy|Queue|ScheduleGroup)Name)$/

/** The property by which a template names a resource: with another name it is another resource. */
const nameOf = (properties: Properties): string | undefined => {
  const [, name] = Object.entries(properties).find(([key, value]) => NAMES.test(key) && typeof value === 'string') ?? []
  return name as string | undefined
}

const hex = (): string => randomBytes(9).toString('hex').slice(0, 17)

const identify = (
  type: string,
  properties: Properties,
  { place, stack, logicalId }: Tools,
): Pick<Made, 'physicalId' | 'attributes'> => {
  const { account, region } = place
  const prefix = prefixes[type]
  const name = nameOf(properties) ?? `${stack}-${logicalId}-${hex().slice(0, 12).toUpperCase()}`
  const given = byArn[type]
  if (given !== undefined) {
    const [service, resource] = given
    const where = service === 'iam' ? `:${account}` : `${region}:${account}`
    const path =
      service === 'elasticloadbalancing' ? `${resource}/${name}/${hex()}` : resource === '' ? name : `${resource}/${name}`
    const arn = `arn:aws:${service}:${where}:${path}`
    return { physicalId: arn, attributes: { Arn: arn, [`${type.split('::')[2]}Arn`]: arn } }
  }
  const id = prefix === undefined ? name : `${prefix}-${hex()}`
  const [, service = '', kind = ''] = type.toLowerCase().split('::')
  const arn =
    type === 'AWS::IAM::Role' ? `arn:aws:iam::${account}:role/${id}` : `arn:aws:${service}:${region}:${account}:${kind}/${id}`
  return {
    physicalId: id,
    attributes: {
      Arn: arn,
      GroupId: id,
      VpcId: id,
      ApiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
      SubnetId: id,
      AllocationId: id,
      LatestVersionNumber: '1',
    },
  }
}

/** A type that is only data here: it gets an id and attributes, and nothing of it exists. */
export const inert = (type: string): Provisioner => ({
  replaces: (changed) => changed.some((name) => NAMES.test(name) || CREATE_ONLY[type]?.includes(name)),
  create: async (properties, tools) => {
    await tools.sleep(tools.pace.resource)
    return identify(type, properties, tools)
  },
  update: async ({ physicalId, attributes }, _, tools) => {
    await tools.sleep(tools.pace.resource)
    const LatestVersionNumber = String(Number(attributes['LatestVersionNumber'] ?? 0) + 1)
    return { physicalId, attributes: { ...attributes, LatestVersionNumber } }
  },
  remove: (_, tools) => tools.sleep(tools.pace.resource),
})
