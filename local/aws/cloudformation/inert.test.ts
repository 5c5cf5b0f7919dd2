import { expect, test } from 'vitest'
import { inert } from './inert.ts'

test.each([
  ['AWS::EC2::VPC', 'CidrBlock', true],
  ['AWS::EC2::VPC', 'Tags', false],
  ['AWS::EC2::Subnet', 'VpcId', true],
  ['AWS::EC2::SecurityGroup', 'VpcId', true],
  ['AWS::EC2::SecurityGroup', 'SecurityGroupIngress', false],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'Port', true],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'HealthCheckPath', false],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', true],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'Subnets', false],
  ['AWS::SNS::Topic', 'TopicName', true],
  ['AWS::SNS::Topic', 'VpcId', false],
])('%s with another %s: another resource is %s', (type, property, replaces) => {
  expect(inert(type).replaces([property])).toBe(replaces)
})
