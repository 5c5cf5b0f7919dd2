import { beforeAll, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { isPipelineStack } from '../lib/delivery/names.ts'
import { permissionsOf } from './identity/permissions/permissions.ts'
import { ambiguousNames, doors, literalImages, noLaterThanTheirCluster, physicalNames, untagged } from './properties.case.ts'
import { ofType, type SynthesisedStack, synthesise } from './templates.case.ts'

const configuration = { ...example(), tags: { CostCenter: 'retail' } }
Object.assign(configuration.environments['dev'] ?? {}, { slack: '/shop/dev/slack' })

/** What an environment of the example is made of; budgets come where it has some. */
const CONTENTS = [
  ...['identity', 'network', 'cluster', 'hosts'],
  ...Object.keys(configuration.services).map((service) => `service-${service}`),
]

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
  it('are called so that the roles of the pipeline reach theirs, and those of the administrator are none of them', () => {
    const reached = stacks.filter(({ name, place }) => isPipelineStack('shop', place, name)).map(({ name }) => name)
    const others = stacks.map(({ name }) => name).filter((name) => !reached.includes(name))
    expect(others.filter((name) => !/-(identity|images|oidc-\d+)$/.test(name))).toEqual([])
    expect(reached.filter((name) => /-identity$/.test(name))).toEqual([])
  })

  it('are one stack a purpose and place, each in the account and region of delivery.json', () => {
    const { environments } = configuration
    const places = Object.entries(environments).flatMap(([name, { account, region, budgets }]) =>
      [...CONTENTS, ...(budgets === undefined ? [] : ['budgets'])].map(
        (content) => `shop-${name}-${content} ${account} ${region}`,
      ),
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

  it('are deployed cluster first, also before a worker, which needs nothing else of it', () => {
    const worker = { image: 'app', target: 'ecs' } as const
    const { api } = configuration.services
    if (api === undefined) throw new Error('the example has changed')
    const withWorker = synthesise({ ...configuration, services: { api, jobs: worker } })
    expect(ofType(withWorker, 'AWS::ECS::Service')).toHaveLength(6)
    expect(noLaterThanTheirCluster(withWorker)).toEqual([])
  }, 60_000)

  it('let the world in on the ports of the web alone, and only to load balancers and published hosts', () => {
    const open = doors(stacks)
    expect(open.length).toBeGreaterThan(2)
    for (const { at, ports, users } of open) {
      expect(
        ports.filter((port) => port !== 80 && port !== 443),
        at,
      ).toEqual([])
      // The group of the load balancer is published for the services behind it.
      expect(
        users.filter((type) => !/LoadBalancer$|LaunchTemplate$|SSM::Parameter$/.test(type)),
        at,
      ).toEqual([])
      expect(users.length, at).toBeGreaterThan(0)
    }
    expect(
      ofType(stacks, 'AWS::EC2::SecurityGroupIngress').filter(({ resource }) =>
        /"(0\.0\.0\.0|::)\/0"/.test(JSON.stringify(resource)),
      ),
    ).toEqual([])
  })

  it('have no image with a literal tag', () => {
    const { images, literal } = literalImages(stacks)
    expect(literal).toEqual([])
    expect(images).toBeGreaterThan(5)
  })

  it('tag all that can be tagged with project, environment and what delivery.json says', () => {
    expect(untagged(stacks, ['CostCenter', 'slipway:environment', 'slipway:project'])).toEqual([])
    expect(named('shop-dev-network').text).toContain('{"Key":"slipway:environment","Value":"dev"}')
  })

  it('name nothing that a second copy in the same account would name too', () => {
    expect(ambiguousNames(stacks, 'shop')).toEqual([])
    expect(physicalNames(stacks).length).toBeGreaterThan(60)
  })

  it('cannot be deleted in prod, nor where they say who may do what; what runs in dev and staging can', () => {
    const open = stacks.filter(({ terminationProtection }) => !terminationProtection).map(({ name }) => name)
    const deletable = ['dev', 'staging'].flatMap((place) =>
      CONTENTS.filter((content) => content !== 'identity').map((content) => `shop-${place}-${content}`),
    )
    expect(open.toSorted()).toEqual([...deletable, 'shop-dev-budgets'].toSorted())
    const logs = ofType(stacks, 'AWS::Logs::LogGroup').map(({ stack, resource }) => [stack.place, resource.DeletionPolicy])
    expect(Object.fromEntries(logs)).toEqual({ dev: 'Delete', staging: 'Delete', prod: 'RetainExceptOnCreate' })
  })

  it('ask AWS nothing when they are made: no look-up, no asset', () => {
    expect(stacks.filter(({ asks }) => asks).map(({ name }) => name)).toEqual([])
  })
})

describe('the roles', () => {
  const roles = () =>
    ofType(stacks, 'AWS::IAM::Role')
      .filter(({ resource }) => JSON.stringify(resource.Properties['AssumeRolePolicyDocument']).includes('WebIdentity'))
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

  it('that are not of GitHub’s jobs are assumed by one service of AWS each', () => {
    const others = ofType(stacks, 'AWS::IAM::Role')
      .map(({ resource }) => JSON.stringify(resource.Properties['AssumeRolePolicyDocument']))
      .filter((trust) => !trust.includes('WebIdentity'))
    expect(others.length).toBeGreaterThan(10)
    expect(
      others.filter(
        (trust) => !/"Principal":\{"Service":"[a-z0-9-]+\.amazonaws\.com"\}/.test(trust) || /"(AWS|Federated)":|"\*"/.test(trust),
      ),
    ).toEqual([])
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
        'RetainExceptOnCreate',
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
    expect(named('shop-registry-images').resources['app']?.DeletionPolicy).toBe('RetainExceptOnCreate')
  })
})

it('an environment more is one entry in delivery.json', () => {
  const qa = { branch: 'qa', account: '555555555555', region: 'eu-west-1', promotesFrom: 'dev', budgets: [{ limit: 10 }] }
  const more = synthesise({ ...configuration, environments: { ...configuration.environments, qa } })
  const known = new Map(stacks.map(({ name, text }) => [name, text]))
  const added = more.filter(({ name }) => !known.has(name))
  expect(added.map(({ name, account, region }) => `${name} ${account} ${region}`).toSorted()).toEqual(
    ['shop-oidc-555555555555', ...[...CONTENTS, 'budgets'].map((content) => `shop-qa-${content}`)]
      .map((name) => `${name} 555555555555 eu-west-1`)
      .toSorted(),
  )
  // Who reads, builds and pulls from now on is said elsewhere; nothing else changes.
  const changed = more.filter(({ name, text }) => known.has(name) && known.get(name) !== text).map(({ name }) => name)
  expect(changed.filter((name) => !/-identity$|-images$/.test(name))).toEqual([])
})
