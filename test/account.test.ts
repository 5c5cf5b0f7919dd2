import { describe, expect, test } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { placesIn } from '../scripts/account/places.ts'
import { type Facts, limitKey } from '../scripts/account/preflight/facts.ts'
import { judge } from '../scripts/account/preflight/judge.ts'
import { type Needs, needsOf } from '../scripts/account/preflight/needs.ts'
import type { SynthesisedStack } from '../scripts/account/synthesis.ts'
import { reporter } from '../scripts/doctor/finding.ts'

const region = 'eu-west-1'
const account = '222222222222'
const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`

/** A stack with resources of these types. */
const stackOf = (place: string, ...resources: (string | [string, Record<string, unknown>])[]): SynthesisedStack => ({
  name: `shop-${place}-x`,
  place,
  account,
  region,
  isAdministrators: false,
  terminationProtection: false,
  tags: {},
  template: '',
  resources: Object.fromEntries(
    resources.map((each, index) => {
      const [Type, Properties] = typeof each === 'string' ? [each, {}] : each
      return [`R${index}`, { Type, Properties }]
    }),
  ),
})

describe('which places are in the account of the credentials', () => {
  test.each([
    ['111111111111', [], ['registry']],
    ['222222222222', [], ['dev']],
    ['222222222222', ['dev'], ['dev']],
  ])('%s %j', (number, asked, expected) => {
    expect(placesIn(example(), number, asked).map(({ name }) => name)).toEqual(expected)
  })
  test.each([
    [
      '999999999999',
      [],
      /^these credentials are of account 999999999999, which has no place in delivery.json: it has registry in/,
    ],
    ['222222222222', ['prod'], /^'prod' is in account 444444444444, and these credentials are of 222222222222/],
    ['222222222222', ['Dev'], /^--environment takes registry, dev, staging, prod, received 'Dev'/],
  ])('%s %j is refused', (number, asked, message) => {
    expect(() => placesIn(example(), number, asked)).toThrow(message)
  })
})

describe('what the stacks of an account need of it', () => {
  test.each([
    ['AWS::ECS::Cluster', 'ecs.amazonaws.com'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'elasticloadbalancing.amazonaws.com'],
    ['AWS::AutoScaling::AutoScalingGroup', 'autoscaling.amazonaws.com'],
    ['AWS::ApplicationAutoScaling::ScalableTarget', 'ecs.application-autoscaling.amazonaws.com'],
    ['AWS::ApiGatewayV2::DomainName', 'ops.apigateway.amazonaws.com'],
  ])('%s the role of %s', (type, service) => {
    expect(needsOf(example(), [stackOf('registry', type)]).serviceRoles).toEqual([service])
  })

  test('quotas of what is counted, for all environments of a region together', () => {
    const types = ['AWS::EC2::EIP', 'AWS::EC2::VPC', 'AWS::EC2::InternetGateway'] as const
    const { limits } = needsOf(example(), [stackOf('dev', ...types, 'AWS::EC2::EIP'), stackOf('staging', ...types)])
    expect(limits.map(({ name, amount }) => [name, amount])).toEqual([
      // Two tasks of a quarter of a vCPU in each environment, twice while they are replaced.
      ['fargate', 2],
      ['addresses', 3],
      ['networks', 2],
      ['gateways', 2],
    ])
  })

  test('reserved executions, and the ten that AWS leaves to the rest', () => {
    const functions = [
      stackOf('registry', ['AWS::Lambda::Function', { ReservedConcurrentExecutions: 20 }], 'AWS::Lambda::Function'),
    ]
    expect(needsOf(example(), functions).limits).toMatchObject([{ name: 'concurrency', amount: 30 }])
    expect(needsOf(example(), [stackOf('registry', 'AWS::Lambda::Function')]).limits).toMatchObject([{ amount: 1 }])
  })
})

/** What is found where the account is as it should be but for `change`. */
const found = (change: Partial<Facts>, needs: Partial<Needs> = {}, existing: string[] = [], hasProviderStack = false) => {
  const configuration = { ...example(), ...(existing.length > 0 && { identity: { existingProvider: existing } }) }
  const facts: Facts = {
    providers: { value: [] },
    serviceRoles: new Map(),
    strangers: { value: [] },
    limits: new Map(),
    regions: new Map(),
    costExplorer: { value: true },
    ...change,
  }
  const all = { regions: [], serviceRoles: [], limits: [], ...needs }
  return judge(configuration, { account, region, hasProviderStack }, all, facts, reporter('here'))
    .filter(({ status }) => status !== 'ok')
    .map(({ status, message, mend }) => `${status}: ${message} → ${mend}`)
}

const addresses = { name: 'addresses' as const, region, amount: 3, why: 'NAT gateways' }
const concurrency = { name: 'concurrency' as const, region, amount: 2, why: '2 functions' }
const limits = (name: string, value: number, taken: number) => new Map([[limitKey(region, name), { value: { value, taken } }]])

describe('what stands in the way', () => {
  test.each<[string, string[], string[]]>([
    ['nothing', found({}), []],
    [
      "GitHub's provider, made by somebody else",
      found({ providers: { value: [provider] } }),
      [expect.stringContaining(`add "identity": { "existingProvider": ["${account}"] } to delivery.json`)],
    ],
    ['the provider of our own stack', found({ providers: { value: [provider] } }, {}, [], true), []],
    ['a provider that is named', found({ providers: { value: [provider] } }, {}, [account]), []],
    [
      'a provider that is named and not there',
      found({}, {}, [account]),
      [expect.stringContaining('and there is none → remove 222222222222 from existingProvider')],
    ],
    [
      'a role that was made by hand',
      found({ strangers: { value: ['shop-dev-read'] } }),
      [expect.stringMatching(/^wrong: the role shop-dev-read exists and belongs to no stack.*delete-role/)],
    ],
    [
      'a service-linked role that is missing',
      found({ serviceRoles: new Map([['ecs.amazonaws.com', { value: false }]]) }, { serviceRoles: ['ecs.amazonaws.com'] }),
      [expect.stringContaining('aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com')],
    ],
    ['a quota that is just enough', found({ limits: limits('addresses', 5, 2) }, { limits: [addresses] }), []],
    [
      'a quota that others have used',
      found({ limits: limits('addresses', 5, 3) }, { limits: [addresses] }),
      [expect.stringMatching(/3 needed \(NAT gateways\), 2 of 5 free → .*--quota-code L-0263D0A3 --desired-value 6$/)],
    ],
    [
      'the few executions of a new account',
      found({ limits: limits('concurrency', 10, 0) }, { limits: [concurrency] }),
      [expect.stringMatching(/^weak: concurrent executions .*10 of 10 free: as new accounts have it/)],
    ],
    [
      'a region that is off',
      found({ regions: new Map([[region, { value: 'not-opted-in' }]]) }, { regions: [region] }),
      [expect.stringContaining('aws account enable-region --region-name eu-west-1')],
    ],
    [
      'Cost Explorer, never opened',
      found({ costExplorer: { value: false } }),
      [expect.stringMatching(/^weak: Cost Explorer has never been opened/)],
    ],
    [
      'what may not be read',
      found({ providers: { unseen: 'denied' }, costExplorer: { unseen: 'denied' } }, { regions: [region], limits: [addresses] }),
      Array(4).fill(expect.stringMatching(/^unseen: /)),
    ],
  ])('%s', (_, findings, expected) => {
    expect(findings).toEqual(expected)
  })
})
