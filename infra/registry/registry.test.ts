import { describe, expect, it } from 'vitest'
import { expiryOf, parseLifecycle } from '../../actions/deploy-service/src/lifecycle.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import { lifecycle } from './lifecycle.ts'
import { repositoryPolicy } from './repository-policy.ts'

const DAY = 86_400_000
const now = Date.parse('2026-11-21')

/** As deploy-service reads the rules when it warns. */
const rules = parseLifecycle(JSON.stringify(lifecycle(example())))
const image = (digest: string, tags: string[], days: number) => ({ digest, tags, pushedAt: now - days * DAY })

describe('lifecycle rules', () => {
  it('take what was delivered nowhere after 30 days, and what has no tag after 7', () => {
    const built = image('a', ['src-1'], 31)
    expect(expiryOf(rules, built, [built], now)).toMatchObject({ action: 'expire', left: { days: -1 } })
    const bare = image('b', [], 8)
    expect(expiryOf(rules, bare, [bare], now)).toMatchObject({ left: { days: -1 } })
  })

  it('spare what an environment keeps, however old it is and however much was built since', () => {
    const kept = image('a', ['src-1', 'keep-prod-rel-1'], 900)
    const since = Array.from({ length: 300 }, (_, index) => image(`n${index}`, [`src-${index}`, `keep-dev-rel-${index}`], 1))
    expect(expiryOf(rules, kept, [kept, ...since], now)).toBeUndefined()
  })

  it('let an image that prod keeps outlive its place among those of dev', () => {
    const both = image('a', ['src-1', 'keep-dev-rel-1', 'keep-prod-rel-1'], 900)
    const since = Array.from({ length: 60 }, (_, index) => image(`n${index}`, [`keep-dev-rel-n${index}`], 1))
    expect(expiryOf(rules, both, [both, ...since], now)).toBeUndefined()
    const ofDev = image('b', ['src-2', 'keep-dev-rel-2'], 900)
    expect(expiryOf(rules, ofDev, [ofDev, ...since], now)).toMatchObject({ left: { pushes: -10 } })
  })

  it('each select tags that something pushes', () => {
    const prefixes = rules.flatMap(({ selection }) => selection.tagPrefixList ?? [])
    expect(prefixes).toEqual(['keep-prod-rel-', 'keep-dev-rel-', 'keep-staging-rel-', 'keep-', 'src-'])
  })
})

describe('the policy of a repository', () => {
  it('lets environments pull, deployments alone tag, and Lambda pull for the environments’ functions', () => {
    const accounts = ['222222222222', '333333333333', '444444444444']
    const AWS = accounts.map((account) => `arn:aws:iam::${account}:root`)
    const deployers = ['dev', 'staging', 'prod'].map((name, index) => `arn:aws:iam::${accounts[index]}:role/shop-${name}-deploy`)
    const functions = ['dev', 'staging', 'prod'].map(
      (name, index) => `arn:aws:lambda:eu-west-1:${accounts[index]}:function:shop-${name}-*`,
    )
    expect(repositoryPolicy(example())).toMatchObject({
      Statement: [
        { Principal: { AWS }, Action: expect.not.arrayContaining(['ecr:PutImage']) },
        {
          Principal: { AWS },
          Action: expect.arrayContaining(['ecr:PutImage']),
          Condition: { ArnEquals: { 'aws:PrincipalArn': deployers } },
        },
        { Principal: { Service: 'lambda.amazonaws.com' }, Condition: { ArnLike: { 'aws:sourceArn': functions } } },
      ],
    })
  })

  it('stays as it is when a function or a service on Lambda is added: only a person may change it', () => {
    const more = example()
    const { events } = more.services
    if (events?.target !== 'lambda') throw new Error('the example has changed')
    more.services['mails'] = { ...events, functions: { mails: {}, bounces: {} } }
    expect(repositoryPolicy(more)).toEqual(repositoryPolicy(example()))
  })

  it('names functions that exist already, with their versions', () => {
    const adopted = example()
    const { events } = adopted.services
    if (events?.target !== 'lambda') throw new Error('the example has changed')
    events.names = { function: 'old-events' }
    const text = JSON.stringify(repositoryPolicy(adopted))
    expect(text).toContain('"arn:aws:lambda:eu-west-1:222222222222:function:old-events","')
    expect(text).toContain('"arn:aws:lambda:eu-west-1:222222222222:function:old-events:*"')
  })

  it('does not speak of Lambda where there are no functions, or only in another region', () => {
    const elsewhere = example()
    for (const environment of Object.values(elsewhere.environments)) environment.region = 'eu-central-1'
    for (const configuration of [elsewhere, { ...example(), services: {} }]) {
      expect(JSON.stringify(repositoryPolicy(configuration))).not.toContain('lambda')
    }
  })
})
