import fc from 'fast-check'
import type { Configuration, Service } from './configuration.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?$/)
const account = fc.stringMatching(/^\d{12}$/)
const region = fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1', 'ap-southeast-2')

const RESERVED = ['release', 'hold', 'lock', 'outputs', 'infra', 'registry', 'build', 'budget', 'service']
const taken = (name: string): boolean => RESERVED.includes(name) || /^(aws|ssm|amazon|amzn|internal)|-infra$/.test(name)
const name = word.filter((text) => !taken(text))
const names = (most: number) => fc.uniqueArray(name, { minLength: 1, maxLength: most })

/** Lambda takes images from its own region only, so all are where the registry is. */
const environmentsOf = (list: string[], home: string) =>
  fc.array(fc.record({ account, region: fc.constant(home) }), { minLength: list.length, maxLength: list.length }).map((places) =>
    Object.fromEntries(
      places.map((place, index) => {
        const upstream = index === 0 ? undefined : list[index - 1]
        return [
          list[index] ?? '',
          { branch: `b/${list[index]}`, ...place, ...(upstream && { promotesFrom: upstream, soak: '30m' }) },
        ]
      }),
    ),
  )

type Without<T> = T extends Service ? Omit<T, 'image' | 'dependsOn'> : never
type Kind = Without<Service>
const kinds: Kind[] = [
  { target: 'ecs', port: 8080, health: '/healthz', cpu: 256, memory: 1024, preDeploy: ['migrate'] },
  {
    target: 'ecs',
    count: 0,
    preDeploy: ['true'],
    schedules: { 'clean-up': { at: 'rate(1 day)', command: ['clean-up'] } },
    secrets: ['TOKEN'],
  },
  { target: 'lambda', functions: { one: { command: ['a.b'] }, two: {} }, schedule: 'rate(5 minutes)' },
  { target: 'lambda', names: { function: 'old-function', alias: 'current' } },
  { target: 'ec2', port: 80, names: { tag: { key: 'Role', value: 'edge' } } },
]

/** No two services answer at the same address. */
const addressOf = (kind: Kind, index: number) =>
  kind.target === 'ecs' && kind.port !== undefined ? { path: `/s${index}`, priority: index + 1 } : {}

/** Each service may wait for those before it, so there is no cycle. */
const servicesOf = (list: string[], images: string[]) =>
  fc
    .tuple(
      ...list.map((_, index) =>
        fc.record({
          kind: fc.constantFrom(...kinds),
          image: fc.constantFrom(...images),
          dependsOn: fc.subarray(list.slice(0, index)),
        }),
      ),
    )
    .map((services) =>
      Object.fromEntries(
        services.map(({ kind, image, dependsOn }, index) => [
          list[index] ?? '',
          { image, ...structuredClone(kind), ...addressOf(kind, index), ...(dependsOn.length > 0 && { dependsOn }) },
        ]),
      ),
    )

/** Configurations of which most are valid; names may still clash or be too long. */
export const configurations: fc.Arbitrary<Configuration> = fc
  .tuple(name, names(4), names(3), names(6), account, region)
  .chain(([project, environments, images, services, registryAccount, registryRegion]) =>
    fc.tuple(environmentsOf(environments, registryRegion), servicesOf(services, images)).map(
      ([environmentMap, serviceMap]): Configuration => ({
        project,
        repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
        registry: { account: registryAccount, region: registryRegion },
        environments: environmentMap,
        images: Object.fromEntries(images.map((image) => [image, { context: image }])),
        services: serviceMap,
      }),
    ),
  )

/** The example that tests change in one place. */
export const example = (): Configuration => ({
  project: 'shop',
  repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2, subject: 'immutable' },
  registry: { account: '111111111111', region: 'eu-west-1' },
  environments: {
    dev: { branch: 'dev', account: '222222222222', region: 'eu-west-1', budgets: [{ limit: 100 }] },
    staging: { branch: 'staging', account: '333333333333', region: 'eu-west-1', promotesFrom: 'dev' },
    prod: {
      branch: 'main',
      account: '444444444444',
      region: 'eu-west-1',
      promotesFrom: 'staging',
      soak: '30m',
      window: { days: ['mon', 'tue'], from: '08:00', to: '17:00', timezone: 'Europe/Zurich' },
      freeze: [{ from: '2026-12-20', to: '2027-01-03', reason: 'holidays' }],
      reviewers: ['octocat', 'acme/platform'],
      domain: 'example.org',
      zone: 'Z0123456789ABCDEFGHIJ',
    },
  },
  images: { app: { context: 'app' } },
  services: {
    api: {
      image: 'app',
      target: 'ecs',
      port: 8080,
      health: '/healthz',
      preDeploy: ['node', 'dist/migrate.js'],
      cpu: 256,
      memory: 512,
      count: 2,
      variables: { LOG_LEVEL: 'info' },
      secrets: ['DATABASE_URL'],
      in: { prod: { count: 4, variables: { LOG_LEVEL: 'warn' }, url: 'https://api.example.org' } },
    },
    events: {
      image: 'app',
      target: 'lambda',
      functions: { events: { command: ['dist/lambda.handler'] } },
      dependsOn: ['api'],
    },
    edge: { image: 'app', target: 'ec2', port: 8080, health: '/healthz' },
  },
})
