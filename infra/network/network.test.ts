import { App } from 'aws-cdk-lib'
import { expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Network } from '../../lib/delivery/schema/network.ts'
import type { Resource } from '../templates.case.ts'
import { networkStacks } from './network.ts'

type Resources = Record<string, Resource>

const resourcesOf = (given: Network): Resources => {
  const network = { ...given, flowLogs: false as const }
  const configuration = example()
  const { dev } = configuration.environments
  if (dev === undefined) throw new Error('the example has changed')
  const { account, region } = dev
  const app = new App({ analyticsReporting: false })
  networkStacks(app, { configuration, environment: { ...dev, network }, place: 'dev', account, region, protect: false })
  return app.synth().stacks[0]?.template.Resources ?? {}
}

const subnetsOf = (network: Network): Resources =>
  Object.fromEntries(Object.entries(resourcesOf(network)).filter(([, { Type }]) => Type === 'AWS::EC2::Subnet'))

const ranges = (subnets: Resources): [id: string, range: unknown][] =>
  Object.entries(subnets).map(([id, { Properties }]) => [id, Properties['CidrBlock']])

/** What CloudFormation would have to make anew, with another range or in another zone. */
const placesOf = (subnets: Resources) =>
  Object.fromEntries(
    Object.entries(subnets).map(([id, { Properties }]) => [
      id,
      { CidrBlock: Properties['CidrBlock'], AvailabilityZone: Properties['AvailabilityZone'] },
    ]),
  )

it('has for each kind of subnet and zone a range of its own, the same however many there are', () => {
  const found = ranges(subnetsOf({ zones: 3 }))
  expect(found.map(([id, range]) => [id.replace(/^Network(\w+)Subnet(\d)Subnet.*$/, '$1 $2'), range])).toEqual([
    ['public 1', '10.0.0.0/19'],
    ['public 2', '10.0.32.0/19'],
    ['public 3', '10.0.64.0/19'],
    ['private 1', '10.0.96.0/19'],
    ['private 2', '10.0.128.0/19'],
    ['private 3', '10.0.160.0/19'],
  ])
})

it.each<[string, Network, Network]>([
  ['another zone', {}, { zones: 3 }],
  ['a second zone', { zones: 1, subnets: 'public' }, { zones: 2, subnets: 'public' }],
  ['private subnets', { subnets: 'public' }, { subnets: 'private' }],
  ['private subnets and a zone', { subnets: 'public' }, { zones: 3, subnets: 'private', nat: 'per-zone' }],
  ['a way out', { nat: 'none' }, { nat: 'one' }],
])('leaves the subnets that are there where %s is added: two subnets cannot have the same range', (_, before, after) => {
  const there = placesOf(subnetsOf(before))
  expect(placesOf(subnetsOf(after))).toMatchObject(there)
  const all = ranges(subnetsOf(after)).map(([, range]) => range)
  expect(new Set(all).size).toBe(all.length)
})

it('leaves room for the least that a load balancer takes in the smallest network', () => {
  expect(ranges(subnetsOf({ cidr: '192.168.7.0/24', zones: 3 })).map(([, range]) => range)).toContain('192.168.7.160/27')
})
