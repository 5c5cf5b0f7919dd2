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
const denied = (...NotResource: string[]): Resource => role({ Effect: 'Deny', Action: 'iam:*', NotResource })
const besides = (...NotResource: string[]): Resource => role({ Action: 's3:*', NotResource })
const queue = (principal: object): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: { PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sqs:*', ...principal } } },
})
const route = (RouteKey: string, AuthorizationType?: string): Resource => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { RouteKey, AuthorizationType },
})
const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }

it.each<[string, Resource, Resource, string[]]>([
  ['the same', role(read), role(read), []],
  ['an action less', role({ ...read, Action: ['s3:GetObject', 's3:PutObject'] }), role(read), []],
  ['what a wildcard covered already', role({ Action: 's3:*', Resource: '*' }), role(read), []],
  ['a condition more', role(read), role({ ...read, Condition: { Bool: { a: 'true' } } }), []],
  ['another description of a rule', group(https), group({ ...https, Description: 'new' }), []],
  ['what is left out in another order', besides('a', 'b'), besides('b', 'a'), []],
  ['something left out of everything', role({ Action: 's3:*', Resource: '*' }), besides('a'), []],
  ['a route that asks who it is', route('$default', 'NONE'), route('$default', 'JWT'), []],
  ['a route that asks in another way', route('$default', 'JWT'), route('$default', 'AWS_IAM'), []],
  ['a route that asked nobody', route('GET /health'), route('GET /health', 'NONE'), []],
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
    'a deny that leaves out everything',
    denied('shop-dev-*'),
    denied('shop-dev-*', '*'),
    ['no longer denies iam:* on all but shop-dev-*'],
  ],
  [
    'a deny that leaves out one more',
    role({ Effect: 'Deny', Action: 'iam:PassRole', NotResource: 'shop-dev-*' }),
    role({ Effect: 'Deny', Action: 'iam:PassRole', NotResource: ['shop-dev-*', 'role/Admin'] }),
    ['no longer denies iam:PassRole on all but shop-dev-*'],
  ],
  ['all but what was allowed', role({ Action: 's3:*', Resource: 'x/*' }), besides('x/*'), ['allows s3:* on all but x/*']],
  ['all but what a wildcard begins', role({ Action: 's3:*', Resource: 'a*' }), besides('b'), ['allows s3:* on all but b']],
  ['a resource that was left out', besides('a', 'b'), besides('a'), ['allows s3:* on all but a']],
  [
    'an action that was left out',
    role({ NotAction: ['sts:*', 'iam:*'], Resource: '*' }),
    role({ NotAction: ['iam:*'], Resource: '*' }),
    ['allows all but iam:* on *'],
  ],
  [
    'a principal that was left out',
    queue({ NotPrincipal: { AWS: ['one', 'two'] } }),
    queue({ NotPrincipal: { AWS: 'one' } }),
    ['allows sqs:* to all but AWS one'],
  ],
  [
    'a route that asks nobody any more',
    route('$default', 'JWT'),
    route('$default', 'NONE'),
    ['route $default: may be called by everybody'],
  ],
  ['a route without a word about it', route('GET /a', 'AWS_IAM'), route('GET /a'), ['route GET /a: may be called by everybody']],
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
