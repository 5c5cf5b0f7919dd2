import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration, Environment } from '../lib/delivery/configuration.ts'
import type { EcsService } from '../lib/delivery/ecs.ts'
import type { LambdaService } from '../lib/delivery/functions.ts'
import type { Ec2Service } from '../lib/delivery/hosts.ts'

type Parts = { all: Configuration; dev: Environment; prod: Environment; api: EcsService; events: LambdaService; edge: Ec2Service }
type Change = (parts: Parts) => void

/** The example with one change, or as it is. */
export const changed = (change: Change = () => undefined): Configuration => {
  const all = example()
  const { dev, prod } = all.environments
  const { api, events, edge } = all.services
  if (!dev || !prod || api?.target !== 'ecs' || events?.target !== 'lambda' || edge?.target !== 'ec2')
    throw new Error('the example has changed')
  change({ all, dev, prod, api, events, edge })
  return all
}

const without =
  (...targets: string[]): Change =>
  ({ all }) => {
    for (const [name, { target }] of Object.entries(all.services)) if (targets.includes(target)) delete all.services[name]
  }

const schedules = { 'clean-up': { at: 'rate(1 day)', command: ['clean-up'] } }
const permissions = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop-uploads/*'] }]
const certificate = 'arn:aws:acm:eu-west-1:222222222222:certificate/12345678-1234-1234-1234-123456789012'

/** Changes of what environments and services say, by key: each key of the schema has at least one. */
export const ENVIRONMENT: Record<string, Change> = {
  branch: ({ dev }) => Object.assign(dev, { branch: 'develop' }),
  account: ({ dev }) => Object.assign(dev, { account: '555555555555' }),
  region: ({ dev }) => Object.assign(dev, { region: 'eu-central-1' }),
  promotesFrom: ({ prod }) => Object.assign(prod, { promotesFrom: 'dev' }),
  protect: ({ dev }) => Object.assign(dev, { protect: true }),
  zone: ({ dev }) => Object.assign(dev, { domain: 'dev.example.org', zone: 'Z9876543210' }),
  domain: ({ prod }) => Object.assign(prod, { domain: 'example.com' }),
  slack: ({ dev }) => Object.assign(dev, { slack: '/shop/dev/slack' }),
  budgets: ({ prod }) => Object.assign(prod, { budgets: [{ limit: 100 }] }),
  'budgets, another': ({ dev }) => Object.assign(dev, { budgets: [{ limit: 200 }, { limit: 1, name: 'ec2' }] }),
  certificate: ({ prod }) => Object.assign(prod, { certificate }),
  network: ({ dev }) => Object.assign(dev, { network: { zones: 3, nat: 'none', endpoints: ['ecr.api'] } }),
  cluster: ({ dev }) => Object.assign(dev, { cluster: { insights: 'on', accessLogs: 30 } }),
  soak: ({ prod }) => Object.assign(prod, { soak: '2h' }),
  window: ({ prod }) => Reflect.deleteProperty(prod, 'window'),
  freeze: ({ prod }) => Reflect.deleteProperty(prod, 'freeze'),
  reviewers: ({ prod }) => Object.assign(prod, { reviewers: ['hubot'] }),
}

export const SERVICE: Record<string, Change> = {
  names: ({ api }) => Object.assign(api, { names: { cluster: 'old', service: 'web', role: 'web-task' } }),
  capacity: ({ api }) => Object.assign(api, { capacity: 'ec2' }),
  schedules: ({ api }) => Object.assign(api, { schedules }),
  preDeploy: ({ api, edge }) => [api, edge].map((each) => Object.assign(each, { preDeploy: ['other'] })),
  secrets: ({ api, events, edge }) => [api, events, edge].map((each) => Object.assign(each, { secrets: ['TOKEN'] })),
  permissions: ({ api, events, edge }) => [api, events, edge].map((each) => Object.assign(each, { permissions })),
  alarms: ({ api, events, edge }) => [api, events, edge].map((each) => Object.assign(each, { alarms: ['broken'] })),
  functions: ({ events }) => Object.assign(events, { functions: { one: {}, two: {} } }),
  http: ({ events }) => Object.assign(events, { http: {} }),
  schedule: ({ events }) => Object.assign(events, { schedule: 'rate(1 day)' }),
  traffic: ({ events }) => Object.assign(events, { traffic: [{ percent: 10, for: '5m' }] }),
  reservedConcurrency: ({ events }) => Object.assign(events, { reservedConcurrency: 5 }),
  tracing: ({ events }) => Object.assign(events, { tracing: true }),
  timeout: ({ events }) => Object.assign(events, { timeout: '20s' }),
  autoscaling: ({ api }) => Object.assign(api, { autoscaling: { min: 1, max: 9 } }),
  published: ({ edge }) => Object.assign(edge, { published: false }),
  host: ({ api, edge }) => [api, edge].map((each, index) => Object.assign(each, { host: `www${index}` })),
  ...Object.fromEntries(
    [
      ...['variables', 'url', 'count', 'stopTimeout', 'cpu', 'memory', 'logs', 'path', 'priority', 'shell', 'readonly', 'port'],
      ...['health', 'stickiness', 'instanceType', 'volume', 'ami', 'batch', 'dependsOn', 'in'],
    ].map((key): [string, Change] => [
      key,
      ({ api, events, edge }) => [api, events, edge].map((each) => Object.assign(each, { [key]: OTHER[key] })),
    ]),
  ),
}

/** As far as their values are read at all. */
const OTHER: Record<string, unknown> = {
  ...{ variables: { A: 'b' }, url: 'https://example.net', count: 1, stopTimeout: '10s', cpu: 512, memory: 1024, logs: 90 },
  ...{ path: '/other', priority: 7, shell: true, readonly: false, port: 9090, health: '/other', stickiness: '1h', volume: 30 },
  ...{ instanceType: 't3.large', ami: 'ami-0123456789abcdef0', batch: 2, dependsOn: [], in: {} },
}

/** What is said once, and what there was none of before. */
export const WHOLE: Record<string, { before?: Change; change: Change }> = {
  project: { change: ({ all }) => Object.assign(all, { project: 'store' }) },
  repository: { change: ({ all }) => Object.assign(all.repository, { id: 3 }) },
  registry: { change: ({ all }) => Object.assign(all.registry, { account: '999999999999' }) },
  identity: { change: ({ all }) => Object.assign(all, { identity: { existingProvider: ['222222222222'] } }) },
  tags: { change: ({ all }) => Object.assign(all, { tags: { CostCenter: 'retail' } }) },
  environments: {
    change: ({ all, dev }) => Object.assign(all.environments, { qa: { ...dev, branch: 'qa', account: '555555555555' } }),
  },
  images: { change: ({ all }) => Object.assign(all.images, { other: { context: 'other' } }) },
  'target: ecs': { before: without('ecs'), change: () => undefined },
  'target: lambda': { before: without('lambda'), change: () => undefined },
  'target: ec2': { before: without('ec2'), change: () => undefined },
  'capacity: ec2': {
    before: without('ec2'),
    change: (parts) => {
      without('ec2')(parts)
      Object.assign(parts.api, { capacity: 'ec2' })
    },
  },
  'services, one more': {
    change: ({ all, api, events, edge }) => Object.assign(all.services, { api2: api, events2: events, edge2: edge }),
  },
  'images, its build': { change: ({ all }) => Object.assign(all.images['app'] ?? {}, { context: 'other', args: { A: 'b' } }) },
}
