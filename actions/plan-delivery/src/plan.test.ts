import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { deploymentPlan } from '../../../lib/delivery/plan.ts'
import { objections, outputs } from './outcome.ts'
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
          stack: 'shop-dev-service-api',
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
          stack: 'shop-dev-service-events',
          dependsOn: ['api'],
          target: 'lambda',
          functions: [{ name: 'shop-dev-events', command: ['dist/lambda.handler'] }],
          alias: 'live',
        },
        {
          name: 'edge',
          image: 'app',
          stack: 'shop-dev-service-edge',
          dependsOn: [],
          target: 'ec2',
          tag: { key: 'slipway:service', value: 'shop-dev-edge' },
          document: 'shop-dev-deploy',
          service: 'edge',
        },
      ],
    })
    expect(asked.toSorted()).toEqual([
      'guard 111111111111',
      'guard 222222222222',
      'guard 333333333333',
      'guard 444444444444',
      `image shop/app:${tag}`,
      'open arn:aws:iam::111111111111:role/shop-registry-read eu-west-1',
      'open arn:aws:iam::222222222222:role/shop-dev-read eu-west-1',
      'open arn:aws:iam::333333333333:role/shop-staging-read eu-west-1',
      'open arn:aws:iam::444444444444:role/shop-prod-read eu-west-1',
      'standing /shop/dev/release',
      'standing /shop/prod/release',
      'standing /shop/staging/release',
    ])
  })

  it('says that the image is to be built where it is missing', async () => {
    expect(outputs(await planDelivery(push('dev'), world().ports))).toMatchObject({
      outcome: 'planned',
      environment: 'dev',
      kind: 'first',
      build: 'true',
      services: '["api","events","edge"]',
      images: expect.stringContaining(
        `"name":"app","repository":"111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app","context":"app","tag":"${tag}"`,
      ),
      next: 'staging',
      infra: 'true',
      release: '',
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
      'hold pass',
      'rejected pass',
      'digest-exists pass',
      'verified-upstream pass',
      'soak pass',
      'window pass',
      'freeze pass',
    ])
    expect(outputs(decision)).toMatchObject({ outcome: 'planned', build: 'false', release: release.release, next: 'prod' })
    expect(asked.filter((line) => !/^(guard|open)/.test(line)).toSorted()).toEqual([
      'history /shop/dev/release',
      `image shop/app:${tag}`,
      'standing /shop/prod/release',
      'standing /shop/staging/release',
    ])
  })

  it('takes what differs in its environment', async () => {
    const history = { '/shop/staging/release': [release] }
    const decision = await planDelivery(push('main'), world({ images: found, history }).ports)
    expect(decision.plan.services[0]).toMatchObject({
      count: 4,
      cluster: 'shop-prod',
      url: 'https://api.example.org',
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
    expect(decision.gates.find((each) => each.gate === gate)).toMatchObject({
      result: 'fail',
      reason: expect.stringMatching(reason),
    })
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
    expect(objections(decision)).toMatchObject([{ gate: 'record-size', result: 'fail' }])
  })
})
