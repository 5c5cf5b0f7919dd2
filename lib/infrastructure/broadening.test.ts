import { expect, it } from 'vitest'
import { broadenings } from './broadening.ts'
import type { Resource, Template } from './template.ts'

const template = (...resources: Resource[]): Template => ({
  Resources: Object.fromEntries(resources.map((resource, index) => [`r${index}`, resource])),
})

const role = (statement: object, more: object = {}): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    PermissionsBoundary: 'b',
    Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } }],
    ...more,
  },
})

const read = { Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::data/*'] }
const group = (...rules: object[]): Resource => ({ Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: rules } })
const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }

it.each<[string, Resource, Resource, string[]]>([
  ['the same', role(read), role(read), []],
  ['an action less', role({ ...read, Action: ['s3:GetObject', 's3:PutObject'] }), role(read), []],
  ['what a wildcard covered already', role({ Action: 's3:*', Resource: '*' }), role(read), []],
  ['a condition more', role(read), role({ ...read, Condition: { Bool: { a: 'true' } } }), []],
  ['another description of a rule', group(https), group({ ...https, Description: 'new' }), []],
  ['a rule less', group(https, { ...https, CidrIp: '0.0.0.0/0' }), group(https), []],
  [
    'an action more',
    role(read),
    role({ ...read, Action: ['s3:GetObject', 's3:PutObject'] }),
    ['allows s3:PutObject on arn:aws:s3:::data/*'],
  ],
  ['a wider resource', role(read), role({ ...read, Resource: '*' }), ['allows s3:GetObject on *']],
  [
    'a condition less',
    role({ ...read, Condition: { Bool: { a: 'true' } } }),
    role(read),
    ['allows s3:GetObject on arn:aws:s3:::data/*'],
  ],
  [
    'a boundary less',
    role(read),
    role(read, { PermissionsBoundary: undefined }),
    ['boundary none: the most that the role may do'],
  ],
  ['a managed policy', role(read), role(read, { ManagedPolicyArns: ['admin'] }), ['managed policy admin: attached']],
  [
    'a deny less',
    role({ ...read, Effect: 'Deny' }),
    role({ Effect: 'Deny', Action: 'x:y', Resource: '*' }),
    ['no longer denies s3:GetObject on arn:aws:s3:::data/*'],
  ],
  [
    'a rule more',
    group(https),
    group(https, { ...https, CidrIp: '0.0.0.0/0' }),
    ['lets in tcp 443 {"CidrIp":"0.0.0.0/0"}: a rule of the security group'],
  ],
])('%s', (_, before, after, words) => {
  expect(broadenings(template(before), template(after)).map(({ what }) => what)).toEqual(words)
})

it('calls everything of a new resource new', () => {
  const found = broadenings(undefined, template(role(read)))
  expect(found.map(({ isNew, what }) => [isNew, what])).toEqual([
    [true, 'allows s3:GetObject on arn:aws:s3:::data/*'],
    [true, 'boundary b: the most that the role may do'],
  ])
})
