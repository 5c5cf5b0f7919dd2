import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { exampleConfiguration } from '../test/example.ts'

const inOneAccount = (): Configuration => {
  const all = example()
  const account = all.registry.account
  const environments = Object.entries(all.environments).map(([name, place]) => [name, { ...place, account }])
  return { ...all, environments: Object.fromEntries(environments) }
}

const withNetwork = (network: Configuration['environments'][string]['network']): Configuration => {
  const all = example()
  for (const environment of Object.values(all.environments)) environment.network = network
  return all
}

const withoutDomain = (): Configuration => {
  const all = example()
  for (const environment of Object.values(all.environments)) {
    delete environment.domain
    delete environment.zone
  }
  return all
}

const adopted = (): Configuration => {
  const all = example()
  const { api, events, edge } = all.services
  if (api?.target !== 'ecs' || events?.target !== 'lambda' || edge?.target !== 'ec2') throw new Error('the example has changed')
  api.names = { cluster: 'old', service: 'web', role: 'web-task', executionRole: 'web-start' }
  events.names = { function: 'old-events' }
  edge.names = { tag: { key: 'Role', value: 'edge' }, document: 'old-deploy' }
  return { ...all, identity: { existingProvider: ['222222222222'] } }
}

const china = (): Configuration => {
  const all = inOneAccount()
  for (const place of [all.registry, ...Object.values(all.environments)]) place.region = 'cn-north-1'
  return all
}

/** Every key of services on ECS: by host and path, on instances, on Spot, with a shell, scaled, and a worker. */
const everythingOfContainers = (): Configuration => {
  const all = example()
  const { api } = all.services
  if (api?.target !== 'ecs') throw new Error('the example has changed')
  Object.assign(all.environments['dev'] ?? {}, {
    domain: 'dev.example.org',
    certificate: 'arn:aws:acm:eu-west-1:222222222222:certificate/12345678-1234-1234-1234-123456789012',
    cluster: { insights: 'enhanced', accessLogs: 30, shellLogs: 90, instances: { type: 'm7g.large', most: 8 } },
  })
  all.images['arm'] = { context: 'app', platforms: ['linux/arm64'] }
  const permissions = [{ actions: ['s3:GetObject', 's3:List*'], resources: ['arn:aws:s3:::shop-uploads/*'] }]
  const scaled = { min: 2, max: 9, cpu: 50, memory: 70, requests: 600 }
  all.services = {
    ...all.services,
    api: {
      ...api,
      autoscaling: scaled,
      alarms: ['api-5xx'],
      stopTimeout: '60s',
      stickiness: '1d',
      logs: 90,
      permissions,
      schedules: {
        'clean-up': { at: 'rate(5 minutes)', command: ['node', 'dist/clean-up.js'] },
        report: { at: 'cron(0 8 ? * MON-FRI *)', timezone: 'Europe/Zurich', command: ['report'], timeout: '4h' },
      },
      in: { prod: { host: '@' } },
    },
    help: {
      image: 'app',
      target: 'ecs',
      port: 80,
      host: 'api',
      path: '/help/v1',
      priority: 7,
      capacity: 'fargate-spot',
      shell: true,
    },
    big: { image: 'arm', target: 'ecs', port: 80, path: '/big', capacity: 'ec2', readonly: false, cpu: 1024 },
    job: { image: 'app', target: 'ecs', capacity: 'fargate-spot', autoscaling: { min: 1, max: 2 }, secrets: ['TOKEN'] },
  }
  return all
}

/** Every key of functions; in prod behind a name of the zone, elsewhere at the address of AWS. */
const everythingOfFunctions = (): Configuration => {
  const all = example()
  const { events } = all.services
  if (events?.target !== 'lambda') throw new Error('the example has changed')
  Object.assign(events, {
    functions: { events: { command: ['dist/lambda.handler'] }, 'clean-up': {} },
    http: {
      routes: { $default: 'events', 'GET /version': 'events', 'POST /clean-up/{what}': 'clean-up' },
      cors: { origins: ['https://shop.example.org'], methods: ['GET'], headers: ['authorization'], credentials: true },
      throttle: { rate: 20, burst: 40 },
      authorizer: { issuer: 'https://login.example.org', audience: ['shop'], public: ['GET /version'] },
    },
    schedule: 'cron(0 8 ? * MON-FRI *)',
    memory: 1024,
    timeout: '20s',
    reservedConcurrency: 10,
    tracing: true,
    logs: 90,
    variables: { LOG_LEVEL: 'info' },
    secrets: ['TOKEN'],
    permissions: [
      { actions: ['s3:GetObject', 's3:List*'], resources: ['arn:aws:s3:::shop-uploads', 'arn:aws:s3:::shop-uploads/*'] },
    ],
  })
  Object.assign(all.images['app'] ?? {}, { platforms: ['linux/arm64'] })
  return all
}

/** Every key of hosts: a published service, one for the network alone on machines of another kind, and workers. */
const everythingOfHosts = (): Configuration => {
  const all = example()
  const { edge } = all.services
  if (edge?.target !== 'ec2') throw new Error('the example has changed')
  const permissions = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop-uploads/*'] }]
  Object.assign(all.images['app'] ?? {}, { platforms: ['linux/amd64', 'linux/arm64'] })
  Object.assign(all.environments['prod'] ?? {}, { zone: 'Z0123456789ABCDEFGHIJ' })
  all.services = {
    edge: { ...edge, host: '@', instanceType: 't3a.micro', volume: 30, ami: 'ami-0123456789abcdef0', logs: 90, permissions },
    inner: {
      ...edge,
      count: 2,
      published: false,
      instanceType: 'c7gn.large',
      variables: { LOG_LEVEL: 'info' },
      stopTimeout: '1m',
    },
    worker: { image: 'app', target: 'ec2', count: 3, permissions, in: { dev: { count: 0 } } },
    own: { image: 'app', target: 'ec2', names: { role: 'own-host', document: 'own-deploy' } },
  }
  return all
}

/** Budgets of money, of one service and of use, told to Slack. */
const BUDGETS: NonNullable<Configuration['environments'][string]['budgets']> = [
  { limit: 100 },
  { limit: 1000, currency: 'EUR', thresholds: { actual: [50, 90], forecast: [100, 120] } },
  { name: 'ec2', limit: 1, service: 'Amazon Elastic Compute Cloud - Compute', thresholds: { actual: [100] } },
  { name: 'hours', limit: 750, usage: 'EC2: Running Hours', unit: 'Hrs' },
]

const withBudgets = (all: Configuration): Configuration => {
  for (const [name, environment] of Object.entries(all.environments))
    Object.assign(environment, { budgets: BUDGETS, slack: `/${all.project}/${name}/slack` })
  return all
}

/** Hosts alone, in a region whose CloudFormation knows no budgets. */
const elsewhere = (): Configuration => {
  const all = withBudgets(example())
  const { edge } = all.services
  if (edge === undefined) throw new Error('the example has changed')
  for (const place of [all.registry, ...Object.values(all.environments)]) place.region = 'eu-north-1'
  return { ...all, services: { edge } }
}

/** Every optional part at once. */
const everything = (): Configuration => {
  const [containers, functions, hosts] = [everythingOfContainers(), everythingOfFunctions(), everythingOfHosts()]
  const { events } = functions.services
  if (events === undefined) throw new Error('the example has changed')
  const { edge, ...others } = hosts.services
  if (edge?.target !== 'ec2') throw new Error('the example has changed')
  return withBudgets({
    ...containers,
    tags: { CostCenter: 'retail' },
    images: {
      ...containers.images,
      hosts: hosts.images['app'] ?? { context: 'app' },
      functions: functions.images['app'] ?? { context: 'app' },
    },
    services: {
      ...containers.services,
      events: { ...events, image: 'functions' },
      ...Object.fromEntries(Object.entries(others).map(([name, service]) => [name, { ...service, image: 'hosts' }])),
      edge: { ...edge, image: 'hosts', host: 'edge' },
    },
  })
}

/** Ways in which a project may be set up. */
export const VARIANTS: Record<string, () => Configuration> = {
  'the shipped delivery.json': exampleConfiguration,
  'an account for each environment': example,
  'one account for all': () => withBudgets(inOneAccount()),
  'no domain': withoutDomain,
  'a NAT gateway per zone, three zones, every endpoint': () =>
    withNetwork({
      zones: 3,
      nat: 'per-zone',
      endpoints: ['ecr.api', 'ecr.dkr', 'logs', 'monitoring', 'secretsmanager', 'ssm', 'ssmmessages', 'sts'],
      flowLogs: 365,
    }),
  'no NAT gateway, endpoints instead': () =>
    withNetwork({
      nat: 'none',
      endpoints: ['cloudformation', 'ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm', 'ssmmessages'],
    }),
  'public subnets, nothing recorded': () => withNetwork({ subnets: 'public', flowLogs: false }),
  'everything adopted': adopted,
  'functions with everything': everythingOfFunctions,
  'hosts with everything': everythingOfHosts,
  'another partition': () => withBudgets(china()),
  'a region without budgets in CloudFormation': elsewhere,
  'every optional part': everything,
  'everything of containers': everythingOfContainers,
}
