import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusterOf } from './cluster.ts'
import { example } from './configuration.case.ts'
import type { Configuration } from './configuration.ts'
import { architectureOf, ownEcs, publishedEcs, sizeOf } from './ecs.ts'
import { checkEcs } from './ecs-checks.ts'
import { checkNetworks } from './network.ts'
import { parseConfiguration } from './parse.ts'
import { addressOf, routesOf } from './routes.ts'

const withServices = (services: Configuration['services']): Configuration => ({ ...example(), services })

const site = { image: 'app', target: 'ecs', port: 80 } as const

describe('services on ECS of ours', () => {
  it('are those whose service and cluster are not named', () => {
    const configuration = withServices({
      api: site,
      old: { ...site, names: { service: 'old' } },
      guest: { ...site, names: { cluster: 'their-own' } },
      job: { image: 'app', target: 'ecs' },
      mixed: { ...site, in: { prod: { names: { service: 'legacy' } } } },
    })
    expect(ownEcs(configuration, 'dev').map(([name]) => name)).toEqual(['api', 'job', 'mixed'])
    expect(publishedEcs(configuration, 'prod').map(([name]) => name)).toEqual(['api'])
  })

  it('have twice the memory of their CPU units, which is a size that Fargate has', () => {
    expect(sizeOf({ image: 'app', target: 'ecs' })).toEqual({ cpu: 256, memory: 512 })
    expect(sizeOf({ image: 'app', target: 'ecs', cpu: 4096 })).toEqual({ cpu: 4096, memory: 8192 })
  })

  it.each([
    [undefined, 'X86_64'],
    [['linux/amd64'], 'X86_64'],
    [['linux/amd64', 'linux/arm64'], 'X86_64'],
    [['linux/arm64', 'linux/amd64'], 'ARM64'],
    [['linux/arm64'], 'ARM64'],
  ] as const)('of an image for %j run on %s, so that one for both can come first, whichever way they move', (platforms, runs) => {
    const configuration = example()
    configuration.images['app'] = { context: 'app', ...(platforms && { platforms: [...platforms] }) }
    expect(architectureOf(configuration, { image: 'app', target: 'ecs' })).toBe(runs)
  })

  it('are observed and recorded where users are, and nowhere else', () => {
    expect(clusterOf(example(), 'dev')).toMatchObject({ insights: 'off', accessLogs: false, shell: false })
    expect(clusterOf(example(), 'prod')).toMatchObject({ insights: 'on', accessLogs: 90 })
  })
})

describe('container instances', () => {
  const asked = (instances: object | undefined, job: object) => {
    const configuration = withServices({ job: { image: 'app', target: 'ecs', ...job } })
    configuration.images['arm'] = { context: 'app', platforms: ['linux/arm64'] }
    Object.assign(configuration.environments['prod'] ?? {}, { cluster: { instances } })
    expect(checkEcs(configuration)).toEqual([])
    parseConfiguration(JSON.stringify(configuration))
    return clusterOf(configuration, 'prod').instances
  }

  it.each([
    [undefined, {}, undefined],
    [undefined, { capacity: 'ec2' }, { architecture: 'X86_64', type: 't3.medium', most: 4 }],
    [undefined, { capacity: 'ec2', image: 'arm' }, { architecture: 'ARM64', type: 't4g.medium', most: 4 }],
    [{ most: 8 }, { capacity: 'ec2' }, { architecture: 'X86_64', type: 't3.medium', most: 8 }],
    // They stay while a service leaves them, and stay what they are.
    [{}, {}, { architecture: 'X86_64', type: 't3.medium', most: 4 }],
    [{ most: 8 }, { image: 'arm' }, { architecture: 'ARM64', type: 't4g.medium', most: 8 }],
    [{ type: 'm7g.large' }, {}, { architecture: 'ARM64', type: 'm7g.large', most: 4 }],
  ])('asked for by %j and by a service %j are %j', (instances, job, made) => {
    expect(asked(instances, job)).toEqual(made)
  })

  it('of a project whose name ECS keeps for itself are refused, also where no service runs on them yet', () => {
    const configuration: Configuration = { ...withServices({ job: { image: 'app', target: 'ecs' } }), project: 'ecs-shop' }
    expect(checkEcs(configuration)).toEqual([])
    Object.assign(configuration.environments['dev'] ?? {}, { cluster: { instances: {} } })
    expect(checkEcs(configuration)).toMatchObject([{ path: ['environments', 'dev', 'cluster', 'instances'] }])
  })
})

describe('a route', () => {
  it('goes by the domain where there is one: the name of the service before it, another word, or nothing', () => {
    const configuration = withServices({ api: site, web: { ...site, host: '@' }, help: { ...site, host: 'www', path: '/help' } })
    expect(routesOf(configuration, 'prod').map((route) => addressOf(route, () => 'unused'))).toEqual([
      'https://api.example.org',
      'https://example.org',
      'https://www.example.org/help',
    ])
  })

  it('goes by the path where there is no domain, and what has none comes last of all', () => {
    const configuration = withServices({ web: site, api: { ...site, path: '/api' }, orders: { ...site, path: '/api/v1/orders' } })
    const routes = routesOf(configuration, 'dev')
    expect(routes.map((route) => addressOf(route, () => 'balancer'))).toEqual([
      'http://balancer',
      'http://balancer/api',
      'http://balancer/api/v1/orders',
    ])
    expect(routes.toSorted((a, b) => a.priority - b.priority).map(({ service }) => service)).toEqual(['orders', 'api', 'web'])
    expect(routes.find(({ service }) => service === 'web')?.priority).toBe(50_000)
  })

  it('is asked before every shorter one, which it may be below', () => {
    const place = (environment: string, path?: string) =>
      routesOf(withServices({ web: { ...site, ...(path && { path }) } }), environment)[0]?.priority ?? 0
    fc.assert(
      fc.property(fc.constantFrom('dev', 'prod'), fc.stringMatching(/^[a-z]{1,8}$/), (environment, part) => {
        const places = [`/${part}/v1/${part}`, `/${part}/v1`, `/${part}`, undefined].map((path) => place(environment, path))
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        expect(new Set(places).size).toBe(4)
      }),
    )
  })

  it('keeps its place when another service is added, whatever that one is called', () => {
    const before = routesOf(withServices({ api: { ...site, path: '/api' } }), 'dev')[0]
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,8}$/), (name) => {
        const more = withServices({ [name]: { ...site, path: `/${name}` }, api: { ...site, path: '/api' } })
        expect(routesOf(more, 'dev')).toContainEqual(before)
      }),
    )
  })

  it('is refused where another has its place by chance, until one of them says a place of its own', () => {
    const named = new Map<number, string>()
    const pair = Array.from({ length: 2_000 }, (_, index) => `s${index}`).flatMap((name) => {
      const [route] = routesOf(withServices({ [name]: { ...site, path: `/${name}` } }), 'dev')
      const other = named.get(route?.priority ?? 0)
      named.set(route?.priority ?? 0, name)
      return other === undefined ? [] : [[other, name] as const]
    })[0]
    const [one, two] = pair ?? ['', '']
    const both = (priority?: number) =>
      withServices({
        [one]: { ...site, path: `/${one}` },
        [two]: { ...site, path: `/${two}`, ...(priority !== undefined && { priority }) },
      })
    const messages = (configuration: Configuration) =>
      checkEcs(configuration).map(({ path, message }) => `${path.join('.')} ${message}`)
    expect(messages(both())).toEqual([
      expect.stringMatching(
        new RegExp(`^services\\.${two} gets the same place .* as ${one} in dev, \\d+; give one of them a 'priority'`),
      ),
    ])
    expect(messages(both(123))).toEqual([])
  })
})

it('container instances need a way out of private subnets, and one kind of processor', () => {
  const onInstances = { ...site, capacity: 'ec2' } as const
  const configuration = withServices({ api: onInstances, arm: { ...onInstances, path: '/arm', image: 'arm' } })
  configuration.images['arm'] = { context: 'app', platforms: ['linux/arm64'] }
  Object.assign(configuration.environments['dev'] ?? {}, {
    network: { subnets: 'public' },
    cluster: { instances: { type: 'm7g.large' } },
  })
  const found = checkEcs(configuration).map(({ path, message }) => `${path.join('.')} ${message}`)
  expect(found).toEqual([
    expect.stringMatching(/^services\.api\.capacity cannot be "ec2" in dev: container instances reach AWS by a NAT gateway only/),
    expect.stringMatching(
      /^environments\.dev\.cluster\.instances\.type must be a type whose processors are X86_64, .* got "m7g\.large"$/,
    ),
    expect.stringMatching(/^services\.arm\.capacity cannot be "ec2" beside api: their images are for different processors/),
  ])
})

it('a shell needs its channel where there is no way out of the network', () => {
  const endpoints = ['ecr.api', 'ecr.dkr', 'logs'] as const
  const inside = (shell: boolean): string[] => {
    const configuration = withServices({ job: { image: 'app', target: 'ecs', shell } })
    Object.assign(configuration.environments['dev'] ?? {}, { network: { nat: 'none', endpoints } })
    return checkNetworks(configuration).map(({ message }) => message)
  }
  expect(inside(false)).toEqual([])
  expect(inside(true)).toEqual([expect.stringContaining('they need the endpoints ssmmessages; add them')])
})
