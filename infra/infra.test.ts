import { beforeAll, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { permissionsOf } from './identity/permissions/permissions.ts'
import { ofType, type SynthesisedStack, synthesise } from './templates.case.ts'

const configuration = { ...example(), tags: { CostCenter: 'retail' } }

let stacks: SynthesisedStack[]
beforeAll(() => {
  stacks = synthesise(configuration)
}, 60_000)

const named = (name: string): SynthesisedStack => {
  const found = stacks.find((stack) => stack.name === name)
  if (found === undefined) throw new Error(`no stack ${name}`)
  return found
}

describe('the templates of the example', () => {
  it('are one stack a purpose and place, each in the account and region of delivery.json', () => {
    const { environments } = configuration
    const places = Object.entries(environments).flatMap(([name, { account, region }]) =>
      ['identity', 'network'].map((content) => `shop-${name}-${content} ${account} ${region}`),
    )
    const registry = ['identity', 'images'].map((content) => `shop-registry-${content} 111111111111 eu-west-1`)
    const providers = ['111111111111', '222222222222', '333333333333', '444444444444'].map(
      (account) => `shop-oidc-${account} ${account} eu-west-1`,
    )
    expect(stacks.map(({ name, account, region }) => `${name} ${account} ${region}`).toSorted()).toEqual(
      [...places, ...registry, ...providers].toSorted(),
    )
  })

  it('have no user, no key, and nothing that another stack has to import', () => {
    const types = new Set(stacks.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)))
    expect([...types].filter((type) => /IAM::(User|AccessKey|Group)|KeyPair|^Custom::/.test(type))).toEqual([])
    expect(stacks.flatMap(({ outputs }) => Object.keys(outputs))).toEqual([])
    expect(stacks.filter(({ text }) => text.includes('Fn::ImportValue')).map(({ name }) => name)).toEqual([])
  })

  it('let nobody in from everywhere', () => {
    const open = stacks.filter(({ text }) => /"CidrIp(v6)?":"(0\.0\.0\.0\/0|::\/0)"/.test(text))
    expect(open.map(({ name }) => name)).toEqual([])
  })

  it('tag all that can be tagged with project, environment and what delivery.json says', () => {
    const untagged = stacks.flatMap(({ name, resources }) =>
      Object.entries(resources)
        .filter(([, { Type, Properties }]) => !UNTAGGABLE.has(Type) && !hasTags(Properties['Tags']))
        .map(([id]) => `${name} ${id}`),
    )
    expect(untagged).toEqual([])
    expect(named('shop-dev-network').text).toContain('{"Key":"slipway:environment","Value":"dev"}')
  })

  it('name nothing that a second copy in the same account would name too', () => {
    const names = stacks.flatMap(({ name, resources }) =>
      Object.values(resources).flatMap(({ Properties }) =>
        Object.entries(Properties)
          .filter(
            ([key, value]) =>
              /^(RoleName|ManagedPolicyName|RepositoryName|LogGroupName|GroupName|Name)$/.test(key) && typeof value === 'string',
          )
          .map(([, value]) => `${name}: ${value}`),
      ),
    )
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((text) => !/: \/?shop[-/]/.test(text))).toEqual([])
  })

  it('cannot be deleted in prod, nor where they say who may do what; networks of dev and staging can', () => {
    const open = stacks.filter(({ terminationProtection }) => !terminationProtection).map(({ name }) => name)
    expect(open.toSorted()).toEqual(['shop-dev-network', 'shop-staging-network'])
    const logs = ofType(stacks, 'AWS::Logs::LogGroup').map(({ stack, resource }) => [stack.place, resource.DeletionPolicy])
    expect(Object.fromEntries(logs)).toEqual({ dev: 'Delete', staging: 'Delete', prod: 'Retain' })
  })
})

const UNTAGGABLE = new Set([
  'AWS::EC2::Route',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::ManagedPolicy',
])

const hasTags = (tags: unknown): boolean => {
  const keys = Array.isArray(tags) ? tags.map(({ Key }: { Key: string }) => Key) : Object.keys(tags ?? {})
  return ['CostCenter', 'slipway:environment', 'slipway:project'].every((key) => keys.includes(key))
}

describe('the roles', () => {
  const roles = () =>
    ofType(stacks, 'AWS::IAM::Role')
      .filter(({ stack }) => stack.name.endsWith('-identity'))
      .map(({ resource }) => resource.Properties)

  it('are those that delivery.json stands for, with their trust and their permissions as they are derived', () => {
    const made = roles().map(({ RoleName, AssumeRolePolicyDocument, Policies }) => [
      RoleName,
      { trust: AssumeRolePolicyDocument, policies: Policies },
    ])
    const derived = identity(configuration).roles.map((role) => {
      const PolicyDocument = permissionsOf(configuration, role)
      return [role.name, { trust: role.trust, policies: [{ PolicyName: role.purpose, PolicyDocument }] }]
    })
    expect(Object.fromEntries(made)).toEqual(Object.fromEntries(derived))
    expect(made.length).toBe(derived.length)
  })

  it('are all below a boundary, also those of services', () => {
    const free = ofType(stacks, 'AWS::IAM::Role').filter(
      ({ resource }) => resource.Properties['PermissionsBoundary'] === undefined,
    )
    expect(free).toEqual([])
  })

  it('rest on a provider for each account, which outlives its stack', () => {
    const providers = ofType(stacks, 'AWS::IAM::OIDCProvider')
    expect(
      providers.map(({ stack, resource }) => [stack.account, resource.DeletionPolicy, resource.Properties['ClientIdList']]),
    ).toEqual(
      ['111111111111', '222222222222', '333333333333', '444444444444'].map((account) => [
        account,
        'Retain',
        ['sts.amazonaws.com'],
      ]),
    )
  })
})

describe('the registry', () => {
  const repository = () => named('shop-registry-images').resources['app']?.Properties ?? {}

  it('never moves a tag, scans what arrives, encrypts it, and outlives its stack', () => {
    expect(repository()).toMatchObject({
      RepositoryName: 'shop/app',
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'AES256' },
    })
    expect(named('shop-registry-images').resources['app']?.DeletionPolicy).toBe('Retain')
  })
})

it('an environment more is one entry in delivery.json', () => {
  const environments = {
    ...configuration.environments,
    qa: { branch: 'qa', account: '555555555555', region: 'eu-north-1', promotesFrom: 'dev' },
  }
  const more = synthesise({ ...configuration, environments })
  const known = new Map(stacks.map(({ name, text }) => [name, text]))
  const added = more.filter(({ name }) => !known.has(name))
  expect(added.map(({ name, account, region }) => `${name} ${account} ${region}`).toSorted()).toEqual(
    ['shop-oidc-555555555555', 'shop-qa-identity', 'shop-qa-network'].map((name) => `${name} 555555555555 eu-north-1`),
  )
  // Who reads, builds and pulls from now on is said elsewhere; no network and no provider changes.
  const changed = more.filter(({ name, text }) => known.has(name) && known.get(name) !== text).map(({ name }) => name)
  expect(changed.filter((name) => !/-identity$|-images$/.test(name))).toEqual([])
})
