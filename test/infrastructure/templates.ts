import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { infrastructureNames, roleArn, stackName } from '../../lib/delivery/names.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { account, region } from '../cloud-world.ts'

type Template = { Parameters?: object; Conditions?: object; Resources: Record<string, object> }

const outputs = outputNames('shop', 'dev')
const { image } = recordNames('shop', 'dev')
const lookup = (Default: string, type = 'String') => ({ Type: `AWS::SSM::Parameter::Value<${type}>`, Default })
const output = (Name: string, Value: unknown) => ({ Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value } })

/** What a change of infrastructure is made of in these tests. */
export type Variant = {
  /** Variables of the containers and functions. */
  variables?: Record<string, string>
  memory?: number
  services?: readonly string[]
  /** Termination protection. */
  protect?: boolean
  /** Addresses of the network; with others it is another one. */
  cidr?: string
  /** More resources in the stacks of services on ECS, so that something can fail after the service. */
  more?: Record<string, object>
}

const network = ({ cidr = '10.0.0.0/16' }: Variant): Template => ({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: cidr } },
    Zone: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } },
    },
    OutputSubnets: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: outputs.network.serviceSubnets, Type: 'StringList', Value: { 'Fn::Join': [',', [{ Ref: 'Zone' }]] } },
    },
  },
})

const cluster: Template = {
  Parameters: { Subnets: lookup(outputs.network.serviceSubnets, 'List<String>') },
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'shop-dev' } },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Name: 'shop-dev', Subnets: { Ref: 'Subnets' } },
    },
    OutputAddress: output(outputs.cluster.loadBalancerAddress, { 'Fn::GetAtt': ['Balancer', 'DNSName'] }),
  },
}

const ecsService = (name: string, { variables = {}, more = {} }: Variant): Template => ({
  Parameters: {
    Address: lookup(outputs.cluster.loadBalancerAddress),
    Subnets: lookup(outputs.network.serviceSubnets, 'List<String>'),
    Image: lookup(image(name)),
    Created: { Type: 'String', AllowedValues: ['no', 'yes'], Default: 'yes' },
  },
  Conditions: { IsNew: { 'Fn::Equals': [{ Ref: 'Created' }, 'no'] } },
  Resources: {
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        Family: `shop-dev-${name}`,
        Cpu: '256',
        Memory: '512',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        ContainerDefinitions: [
          {
            Name: name,
            Essential: true,
            Image: { Ref: 'Image' },
            Environment: Object.entries(variables).map(([Name, Value]) => ({ Name, Value })),
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        ServiceName: name,
        Cluster: 'shop-dev',
        TaskDefinition: { Ref: 'Task' },
        DesiredCount: { 'Fn::If': ['IsNew', 0, { Ref: 'AWS::NoValue' }] },
        CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: { Ref: 'Subnets' } } },
        DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
      },
    },
    ...more,
  },
})

const lambdaService = (name: string, { variables = {}, memory = 256 }: Variant): Template => ({
  Parameters: { Image: lookup(image(name)) },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: `shop-dev-${name}-function`, AssumeRolePolicyDocument: { Statement: [] } },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `shop-dev-${name}`,
        PackageType: 'Image',
        Code: { ImageUri: { Ref: 'Image' } },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        MemorySize: memory,
        Environment: { Variables: variables },
      },
    },
  },
})

const hostService = (name: string): Template => ({
  Parameters: { Subnets: lookup(outputs.network.serviceSubnets, 'List<String>') },
  Resources: {
    Hosts: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { AutoScalingGroupName: `shop-dev-${name}`, VPCZoneIdentifier: { Ref: 'Subnets' }, MinSize: '2' },
    },
  },
})

const templatesOf = (variant: Variant): Record<string, Template> => {
  const { services = ['api', 'events', 'edge'] } = variant
  const all: Record<string, Template> = {
    api: ecsService('api', variant),
    worker: ecsService('worker', variant),
    events: lambdaService('events', variant),
    edge: hostService('edge'),
  }
  return {
    [stackName('shop', 'dev', 'network')]: network(variant),
    [stackName('shop', 'dev', 'cluster')]: cluster,
    ...Object.fromEntries(services.map((name) => [stackName('shop', 'dev', `service-${name}`), all[name] as Template])),
  }
}

/** Writes a cloud assembly of small templates, of the shape that `infra/` gives them; resolves to its folder. */
export const writeAssembly = (folder: string, variant: Variant = {}): string => {
  mkdirSync(folder, { recursive: true })
  const role = roleArn({ account, region }, infrastructureNames('shop', 'dev').cloudFormation)
  const artifacts = Object.entries(templatesOf(variant)).map(([name, template]) => {
    const templateFile = `${name}.template.json`
    writeFileSync(join(folder, templateFile), JSON.stringify(template))
    const tags = { 'slipway:project': 'shop', 'slipway:environment': 'dev' }
    const properties = {
      templateFile,
      stackName: name,
      terminationProtection: variant.protect ?? false,
      tags,
      cloudFormationExecutionRoleArn: role,
    }
    return [name, { type: 'aws:cloudformation:stack', environment: `aws://${account}/${region}`, properties }]
  })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts: Object.fromEntries(artifacts) }))
  return folder
}
