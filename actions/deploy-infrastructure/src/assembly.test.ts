import { describe, expect, it } from 'vitest'
import { readAssembly } from './assembly.ts'

const place = {
  environment: 'dev',
  account: '222222222222',
  regions: ['eu-north-1', 'us-east-1'],
  role: 'arn:aws:iam::222222222222:role/shop-dev-cloudformation',
}

const artifact = (over: object = {}, environment = 'aws://222222222222/eu-north-1') => ({
  type: 'aws:cloudformation:stack',
  environment,
  properties: {
    templateFile: 'network.json',
    terminationProtection: true,
    tags: { 'slipway:environment': 'dev' },
    cloudFormationExecutionRoleArn: place.role,
    ...over,
  },
})

const TEMPLATE = {
  Parameters: {
    OfImage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shop/dev/api/image' },
    Created: { Type: 'String' },
  },
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC' },
    Out: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/dev/outputs/network/vpc' } },
  },
}

const reading = (artifacts: object, template: unknown = TEMPLATE) =>
  readAssembly(
    async (file) => (file === 'manifest.json' ? JSON.stringify({ artifacts }) : JSON.stringify(template, null, 2)),
    place,
  )

describe('the cloud assembly', () => {
  it('has the stacks of the environment that CloudFormation deploys with its role, minified', async () => {
    const { stacks, known } = await reading({
      'shop-dev-network': artifact(),
      'shop-dev-budgets': artifact({ terminationProtection: undefined }, 'aws://222222222222/us-east-1'),
      'shop-dev-identity': artifact({ cloudFormationExecutionRoleArn: 'arn:aws:iam::222222222222:role/cdk' }),
      'shop-prod-network': artifact({ tags: { 'slipway:environment': 'prod' } }),
      Tree: { type: 'cdk:tree' },
    })
    expect(stacks.map(({ name, region, protect }) => [name, region, protect])).toEqual([
      ['shop-dev-network', 'eu-north-1', true],
      ['shop-dev-budgets', 'us-east-1', false],
    ])
    expect(stacks[0]).toMatchObject({
      body: JSON.stringify(TEMPLATE),
      lookups: { OfImage: '/shop/dev/api/image' },
      publishes: ['/shop/dev/outputs/network/vpc'],
    })
    expect(known).toEqual(['shop-dev-network', 'shop-dev-budgets', 'shop-dev-identity', 'shop-prod-network'])
  })

  it('tells a stack with other tags or another protection from the one that was approved', async () => {
    const fingerprint = async (over: object) => (await reading({ a: artifact(over) })).stacks[0]?.fingerprint
    const tags = { 'slipway:environment': 'dev', CostCenter: 'x' }
    const all = await Promise.all([{}, { tags }, { terminationProtection: false }].map(fingerprint))
    expect(new Set(all).size).toBe(3)
    expect(await fingerprint({})).toBe(all[0])
  })

  it.each<[string, object, unknown, RegExp]>([
    [
      'nothing for the environment',
      { a: artifact({ tags: {} }) },
      TEMPLATE,
      /nothing for the environment dev: run npm run synth/,
    ],
    [
      'another account',
      { a: artifact({}, 'aws://333333333333/eu-north-1') },
      TEMPLATE,
      /delivery.json says aws:\/\/222222222222\/eu-north-1/,
    ],
    ['a template that is none', { a: artifact() }, [], /template of a .* cannot be read/],
    [
      'a template that is too large',
      { a: artifact() },
      { Resources: { A: { Type: 'x'.repeat(51_200) } } },
      /template of a has \d+ bytes, CloudFormation takes 51200/,
    ],
  ])('is refused with %s', async (_, artifacts, template, words) => {
    await expect(reading(artifacts, template)).rejects.toThrow(words)
  })
})
