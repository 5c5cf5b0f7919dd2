import { wavesOf } from '../actions/deploy-infrastructure/src/waves.ts'
import { lookups, publications } from '../lib/infrastructure/template.ts'
import { ofType, type SynthesisedStack } from './templates.case.ts'

type Stacks = readonly SynthesisedStack[]
type Properties = Record<string, unknown>

const resourcesOf = (stacks: Stacks) =>
  stacks.flatMap((stack) =>
    Object.entries(stack.resources).map(([id, { Type: type, Properties: properties = {} }]) => ({ stack, id, type, properties })),
  )

/** Types whose names belong to something else that has a name of its own, or are not names in the account. */
const ELSEWHERE = new Set([
  'AWS::ApiGatewayV2::Authorizer', // within its API
  'AWS::ApiGatewayV2::DomainName', // the domain
  'AWS::ApiGatewayV2::Stage', // within its API
  'AWS::ApplicationAutoScaling::ScalingPolicy', // within its target
  'AWS::CertificateManager::Certificate', // the domain
  'AWS::EC2::VPCEndpoint', // a service of AWS
  'AWS::ECS::Service', // within its cluster
  'AWS::Route53::RecordSet', // within its zone
])

const namesIn = (properties: Properties): string[] =>
  Object.entries({ ...properties, ...(properties['Budget'] as object | undefined) }).flatMap(([key, value]) =>
    /(Name|^Family)$/.test(key) && typeof value === 'string' ? [value] : [],
  )

/** Names in an account that resources are given. */
export const physicalNames = (stacks: Stacks): { name: string; place: string; at: string }[] =>
  resourcesOf(stacks)
    .filter(({ type }) => !ELSEWHERE.has(type))
    .flatMap(({ stack, type, properties }) =>
      namesIn(properties).map((name) => ({ name, place: stack.place, at: `${type} in ${stack.name}` })),
    )

/** Those that do not begin with project and place, so that another project, or another copy, could have them too. */
export const ambiguousNames = (stacks: Stacks, project: string) =>
  physicalNames(stacks).filter(({ name, place }) => {
    const own = [`${project}-${place}`, `/${project}/${place}/`, `alias/${project}-${place}`]
    return ![...own, ...(place === 'registry' ? [`${project}/`] : [])].some((beginning) => name.startsWith(beginning))
  })

/** Resources that CloudFormation takes no tags for, by November 2026. */
const UNTAGGABLE = new Set([
  ...['ApiMapping', 'Authorizer', 'Integration', 'Route'].map((kind) => `AWS::ApiGatewayV2::${kind}`),
  ...['ScalableTarget', 'ScalingPolicy'].map((kind) => `AWS::ApplicationAutoScaling::${kind}`),
  ...['EIPAssociation', 'Route', 'SubnetRouteTableAssociation', 'VPCGatewayAttachment'].map((kind) => `AWS::EC2::${kind}`),
  'AWS::EC2::SecurityGroupIngress',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  ...['InstanceProfile', 'ManagedPolicy'].map((kind) => `AWS::IAM::${kind}`),
  'AWS::KMS::Alias',
  'AWS::Lambda::Permission',
  'AWS::Route53::RecordSet',
  'AWS::S3::BucketPolicy',
  // Its group has them.
  'AWS::Scheduler::Schedule',
  ...['Subscription', 'TopicPolicy'].map((kind) => `AWS::SNS::${kind}`),
  'AWS::SQS::QueuePolicy',
])

const tagsOf = (type: string, properties: Properties): unknown => {
  if (type === 'AWS::Budgets::Budget') return properties['ResourceTags']
  if (type !== 'AWS::EC2::LaunchTemplate') return properties['Tags']
  return (properties as { TagSpecifications?: { Tags: unknown }[] }).TagSpecifications?.[0]?.Tags
}

/** Resources without one of the tags, though they could have it. */
export const untagged = (stacks: Stacks, keys: readonly string[]): string[] =>
  resourcesOf(stacks)
    .filter(({ type }) => !UNTAGGABLE.has(type))
    .filter(({ type, properties }) => {
      const tags = tagsOf(type, properties)
      const there = Array.isArray(tags) ? tags.map(({ Key }: { Key: string }) => Key) : Object.keys(tags ?? {})
      return !keys.every((key) => there.includes(key))
    })
    .map(({ stack, id, type }) => `${stack.name} ${id} (${type})`)

/** Security groups that let the world in, with the types of what uses them. */
export const doors = (stacks: Stacks): { at: string; ports: number[]; users: string[] }[] =>
  ofType(stacks, 'AWS::EC2::SecurityGroup').flatMap(({ stack, id, resource }) => {
    const ingress = (resource.Properties['SecurityGroupIngress'] ?? []) as Record<string, unknown>[]
    const open = ingress.filter(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 === '::/0')
    if (open.length === 0) return []
    const reference = `{"Fn::GetAtt":["${id}","GroupId"]}`
    const users = resourcesOf([stack]).filter(({ properties }) => JSON.stringify(properties).includes(reference))
    const ports = open.flatMap(({ FromPort, ToPort }) => [Number(FromPort), Number(ToPort)])
    return [{ at: `${stack.name} ${id}`, ports: [...new Set(ports)], users: [...new Set(users.map(({ type }) => type))] }]
  })

/** Images of containers and functions that neither come from a record nor have a digest. */
export const literalImages = (stacks: Stacks): { images: number; literal: unknown[] } => {
  const containers = ofType(stacks, 'AWS::ECS::TaskDefinition').flatMap(
    ({ resource }) => resource.Properties['ContainerDefinitions'] as { Image: unknown }[],
  )
  const functions = ofType(stacks, 'AWS::Lambda::Function').map(
    ({ resource }) => resource.Properties['Code'] as { ImageUri?: unknown },
  )
  const images = [...containers.map(({ Image }) => Image), ...functions.flatMap(({ ImageUri }) => ImageUri ?? [])]
  const literal = images.filter((image) => !/^\{"Ref":"Of\w+Image"\}$|@sha256:[0-9a-f]{64}"$/.test(JSON.stringify(image)))
  return { images: images.length, literal }
}

/** Stacks of services on ECS that may be deployed before the cluster of their environment, or at the same time. */
export const noLaterThanTheirCluster = (stacks: Stacks): string[] => {
  const waves = wavesOf(
    stacks.map(({ name, text }) => {
      const template = JSON.parse(text)
      return { name, lookups: lookups(template), publishes: publications(template) }
    }),
  )
  const waveOf = ({ name }: SynthesisedStack): number => waves.findIndex((wave) => wave.some((stack) => stack.name === name))
  const clusters = new Map(ofType(stacks, 'AWS::ECS::Cluster').map(({ stack }) => [stack.place, waveOf(stack)]))
  return ofType(stacks, 'AWS::ECS::Service')
    .filter(({ stack }) => waveOf(stack) <= (clusters.get(stack.place) ?? -1))
    .map(({ stack }) => stack.name)
}
