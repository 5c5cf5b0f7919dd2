import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { deploymentPlan } from '../../../lib/delivery/plan.ts'
import { outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { summary } from './summary.ts'
import { digest, found, push, release, tag, verified, world } from './world.case.ts'

describe('a push to the branch where images enter', () => {
  it('plans all services in order, with everything that a deployment needs', async () => {
    const { ports, asked } = world()
    const decision = await planDelivery(push('dev'), ports)
    expect(decision.plan).toEqual({
      version: 1,
      project: 'shop',
      environment: 'dev',
      account: '222222222222',
      region: 'eu-west-1',
      role: 'arn:aws:iam::222222222222:role/shop-dev-deploy',
      branch: 'dev',
      kind: 'first',
      release: {
        commit: 'c'.repeat(40),
        images: { app: { repository: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app', tag } },
      },
      services: [
        {
          name: 'api',
          image: 'app',
          dependsOn: [],
          preDeploy: ['node', 'dist/migrate.js'],
          target: 'ecs',
          cluster: 'shop-dev',
          service: 'api',
          container: 'api',
          count: 2,
        },
        {
          name: 'events',
          image: 'app',
          dependsOn: ['api'],
          target: 'lambda',
          functions: [{ name: 'shop-dev-events', command: ['dist/lambda.handler'] }],
          alias: 'live',
        },
        { name: 'edge', image: 'app', dependsOn: [], target: 'ec2', tag: { key: 'slipway:service', value: 'shop-dev-edge' } },
      ],
    })
    expect(asked).toEqual([
      'open arn:aws:iam::111111111111:role/shop-registry-read eu-west-1',
      'guard 111111111111',
      `image shop/app:${tag}`,
    ])
  })

  it('says that the image is to be built where it is missing', async () => {
    expect(outputs(await planDelivery(push('dev'), world().ports))).toMatchObject({
      outcome: 'planned',
      environment: 'dev',
      kind: 'first',
      build: 'true',
      services: '["api","events","edge"]',
      images: JSON.stringify([
        { name: 'app', repository: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app', context: 'app', tag },
      ]),
    })
  })

  it('carries the digest, and builds nothing, where the tree is known', async () => {
    const decision = await planDelivery(push('dev'), world({ images: found }).ports)
    expect(decision.plan.release.images['app']?.digest).toBe(digest)
    expect(outputs(decision)).toMatchObject({ build: 'false', images: expect.stringContaining(digest) })
  })

  it('gives a plan that comes back whole through its schema', async () => {
    const decision = await planDelivery(push('dev'), world({ images: found }).ports)
    expect(deploymentPlan.parse(JSON.parse(outputs(decision)['plan'] ?? ''))).toEqual(decision.plan)
  })
})

describe('a promotion', () => {
  it('is planned where these digests were verified upstream', async () => {
    const { ports, asked } = world({ images: found, history: verified })
    const decision = await planDelivery(push('staging'), ports)
    expect(decision.plan).toMatchObject({ environment: 'staging', account: '333333333333', kind: 'promotion', from: 'dev' })
    expect(decision.gates.map(({ gate, result }) => `${gate} ${result}`)).toEqual([
      'account pass',
      'record-size pass',
      'digest-exists pass',
      'verified-upstream pass',
    ])
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', build: 'false' })
    expect(asked.toSorted()).toEqual([
      'guard 111111111111',
      'guard 222222222222',
      'history /shop/dev/release',
      `image shop/app:${tag}`,
      'open arn:aws:iam::111111111111:role/shop-registry-read eu-west-1',
      'open arn:aws:iam::222222222222:role/shop-dev-read eu-west-1',
    ])
  })

  it('takes what differs in its environment', async () => {
    const history = { '/shop/staging/release': [release] }
    const decision = await planDelivery(push('main'), world({ images: found, history }).ports)
    expect(decision.plan.services[0]).toMatchObject({
      count: 4,
      cluster: 'shop-prod',
      smokeUrl: 'https://api.example.org/version',
    })
  })

  it.each([
    ['the tree was never built', {}, verified, 'digest-exists', /gh pr create --base dev --head staging$/],
    ['upstream has verified nothing', found, {}, 'verified-upstream', /nothing was ever verified in dev/],
    [
      'upstream has verified another digest',
      { [`shop/app:${tag}`]: `sha256:${'e'.repeat(64)}` },
      verified,
      'verified-upstream',
      /has never verified app@e{12}/,
    ],
    [
      'upstream has rolled it back',
      found,
      { '/shop/dev/release': [release, { ...release, rejected: [release.release] }] },
      'verified-upstream',
      /rolled this release back/,
    ],
  ])('is refused where %s', async (_, images, history, gate, reason) => {
    const decision = await planDelivery(push('staging'), world({ images, history }).ports)
    expect(decision.gates.at(-1)).toMatchObject({ gate, result: 'fail', reason: expect.stringMatching(reason) })
    expect(outputs(decision)).toEqual({ outcome: 'refused', environment: 'staging', kind: 'promotion' })
    expect(summary(decision, false)).toContain('### Plan for staging: refused')
    expect(summary(decision, false)).toContain(`| ${gate} | ❌ fail |`)
  })

  it.each(['111111111111', '222222222222'])(
    'is refused where the credentials are not of account %s, whatever was read',
    async (wrongAccount) => {
      const decision = await planDelivery(push('staging'), world({ images: found, history: verified, wrongAccount }).ports)
      expect(decision.gates).toMatchObject([{ gate: 'account', result: 'fail' }])
      expect(outputs(decision)['outcome']).toBe('refused')
    },
  )

  it('is refused where its record would not fit into SSM', async () => {
    const configuration = example()
    configuration.services = Object.fromEntries(
      Array.from({ length: 800 }, (_, index) => [`s${index}`, { image: 'app', target: 'ecs' as const }]),
    )
    const decision = await planDelivery(push('dev'), world({ configuration }).ports)
    expect(decision.gates.at(-1)).toMatchObject({ gate: 'record-size', result: 'fail' })
  })
})

describe('a plan', () => {
  it('reads the registry once for each image in use, and for no other', async () => {
    const configuration = example()
    configuration.images = { app: { context: 'app' }, web: { context: 'web' }, unused: { context: 'unused' } }
    configuration.services['site'] = { image: 'web', target: 'ecs' }
    const { ports, asked } = world({ configuration })
    await planDelivery(push('dev'), ports)
    expect(asked.filter((line) => line.startsWith('image '))).toEqual([`image shop/app:${tag}`, `image shop/web:${tag}`])
  })

  it('of 100 services in three environments takes less than a second', async () => {
    const configuration = example()
    configuration.services = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `service-${index}`,
        { image: 'app', target: 'ecs' as const, port: 8080, ...(index > 0 && { dependsOn: [`service-${index - 1}`] }) },
      ]),
    )
    const all = Object.fromEntries(Object.keys(configuration.services).map((name) => [name, 'app']))
    const record = { ...release, services: all }
    const history = { '/shop/dev/release': [record], '/shop/staging/release': [record] }
    const start = performance.now()
    const decisions = await Promise.all(
      ['dev', 'staging', 'main'].map((branch) =>
        planDelivery(push(branch), world({ configuration, images: found, history }).ports),
      ),
    )
    expect(performance.now() - start).toBeLessThan(1000)
    expect(decisions.map((decision) => [outputs(decision)['outcome'], decision.plan.services.length])).toEqual([
      ['planned', 100],
      ['planned', 100],
      ['planned', 100],
    ])
  })

  it('names the image whose folder the commit does not have', async () => {
    const { ports } = world()
    const source = { ...ports.source, objects: async () => new Map() }
    await expect(planDelivery(push('dev'), { ...ports, source })).rejects.toThrow(
      "image app: the context 'app' is not in the commit; correct 'images.app'",
    )
  })
})
