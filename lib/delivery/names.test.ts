import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseImage } from '../image.ts'
import { configurations, example } from './configuration.case.ts'
import { derivedNames } from './derived.ts'
import { readDraft } from './draft.ts'
import {
  environmentNames,
  jobEnvironment,
  oidcProviderArn,
  PURPOSES,
  registryHost,
  repositoryUri,
  roleArn,
  roleName,
  serviceNames,
} from './names.ts'
import { checkConfiguration } from './parse.ts'
import { recordNames } from './records.ts'

const account = '111111111111'

describe('names', () => {
  it('are made of project, environment and purpose or service', () => {
    expect(PURPOSES.map((purpose) => roleName('shop', 'prod', purpose))).toEqual([
      'shop-prod-build',
      'shop-prod-deploy',
      'shop-prod-prepare',
      'shop-prod-infra',
      'shop-prod-read',
      'shop-prod-budget',
    ])
    expect(environmentNames('shop', 'prod')).toEqual({
      cluster: 'shop-prod',
      loadBalancer: 'shop-prod',
      document: 'shop-prod-deploy',
    })
    const { function: functionName, schedule, ...names } = serviceNames('shop', 'prod', 'api')
    expect(names).toEqual({
      service: 'api',
      container: 'api',
      family: 'shop-prod-api',
      targetGroup: 'shop-prod-api',
      logGroup: '/shop/prod/api',
      taskRole: 'shop-prod-api-task',
      executionRole: 'shop-prod-api-execution',
      functionRole: 'shop-prod-api-function',
      invokeRole: 'shop-prod-api-invoke',
      deadLetters: 'shop-prod-api-dead-letters',
      scheduleGroup: 'shop-prod-api',
      stateMachine: 'shop-prod-api',
      schedulesRole: 'shop-prod-api-schedules',
      schedulesLog: '/shop/prod/api/schedules',
      api: 'shop-prod-api',
      accessLog: '/shop/prod/api/access',
      secret: 'shop/prod/api',
      hosts: 'shop-prod-api',
      hostRole: 'shop-prod-api-host',
    })
    expect([functionName('api'), functionName('cron')]).toEqual(['shop-prod-api', 'shop-prod-api-cron'])
    expect(schedule('report')).toBe('shop-prod-api-report')
  })

  it('of GitHub environments keep approvals of infrastructure apart', () => {
    const purposes = (['build', 'deploy', 'infra', 'budget'] as const).map((purpose) => jobEnvironment('prod', purpose))
    expect(purposes).toEqual(['build', 'prod', 'prod-infra', 'budget'])
  })

  it.each([
    ['eu-west-1', 'aws', '111111111111.dkr.ecr.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'aws-cn', '111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', '111111111111.dkr.ecr.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', '111111111111.dkr.ecr.eusc-de-east-1.amazonaws.eu'],
  ])('follow the partition of %s', (region, partition, host) => {
    expect(registryHost({ account, region })).toBe(host)
    expect(roleArn({ account, region }, 'x')).toBe(`arn:${partition}:iam::${account}:role/x`)
    expect(oidcProviderArn({ account, region }, 'i')).toBe(`arn:${partition}:iam::${account}:oidc-provider/i`)
  })

  it('of repositories are read back as what they were made of', () => {
    const reference = parseImage(`${repositoryUri({ account, region: 'eu-west-1' }, 'shop', 'app')}:src-1`)
    expect(reference).toMatchObject({ account, region: 'eu-west-1', name: 'shop/app', tag: 'src-1' })
  })
})

/** As AWS states them: pattern and length of each kind. */
const RULES: Record<string, RegExp> = {
  'IAM role': /^[\w+=,.@-]{1,64}$/,
  'IAM policy': /^[\w+=,.@-]{1,128}$/,
  'ECS cluster': /^[A-Za-z0-9][\w-]{0,254}$/,
  'ECS service': /^[A-Za-z0-9][\w-]{0,254}$/,
  container: /^[\w-]{1,255}$/,
  'task definition family': /^[\w-]{1,255}$/,
  'target group': /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/,
  'load balancer': /^(?!-|internal-)[A-Za-z0-9-]{1,32}(?<!-)$/,
  'Lambda function': /^[\w-]{1,64}$/,
  'SQS queue': /^[\w-]{1,80}$/,
  schedule: /^[\w.-]{1,64}$/,
  'SSM document': /^(?!aws|amazon|amzn)[\w.-]{3,128}$/,
  'SSM parameter': /^(?!\/(?:aws|ssm))(?=.{1,1011}$)(?:\/[\w.-]+){1,15}$/,
  'log group': /^(?!aws\/)[\w./#-]{1,512}$/,
  'ECR repository': /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  'host tag': /^[\w+=.:/@-]{1,256}$/,
}

describe('derived names', () => {
  it('fit AWS and are used once, for every valid configuration', () => {
    let valid = 0
    fc.assert(
      fc.property(configurations, (configuration) => {
        if ('problems' in checkConfiguration(JSON.stringify(configuration))) return
        valid++
        const names = derivedNames(readDraft(configuration))
        for (const { kind, name } of names) expect(name).toMatch(RULES[kind] ?? /^$/)
        const ids = names.map(({ kind, scope, name }) => `${kind} ${scope} ${name}`)
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
      }),
    )
    expect(valid).toBeGreaterThan(50)
  })

  it('include the records, each under its environment', () => {
    const names = derivedNames(readDraft(example())).map(({ name }) => name)
    expect(names).toContain(recordNames('shop', 'prod').image('api'))
    expect(names).toContain(recordNames('shop', 'prod').release)
  })

  it('leave out what names says, and only that', () => {
    const configuration = example()
    const { api } = configuration.services
    if (api?.target !== 'ecs') throw new Error('the example has changed')
    api.names = { service: 'old', role: 'old-role' }
    const kinds = derivedNames(readDraft(configuration))
      .filter(({ path, environment }) => path.join('.') === 'services.api' && environment === 'prod')
      .map(({ kind }) => kind)
    expect(kinds).toEqual(['SSM parameter', 'log group', 'container'])
  })

  it.each([
    [19, []],
    [20, [expect.stringMatching(/target group in staging would be "shop-staging-s{20}" with 33 characters, AWS allows 32/)]],
  ])('may be as long as AWS allows, and no longer: a service of %i letters', (length, expected) => {
    const configuration = example()
    configuration.services = { ['s'.repeat(length)]: { image: 'app', target: 'ecs', port: 80 } }
    const checked = checkConfiguration(JSON.stringify(configuration))
    expect('problems' in checked ? checked.problems.map(({ message }) => message) : []).toEqual(expected)
  })

  it('that two services would share are refused', () => {
    const configuration = example()
    const place = { account: '222222222222', region: 'eu-west-1' }
    configuration.environments = { e: { branch: 'dev', ...place }, 'e-a': { branch: 'main', ...place, promotesFrom: 'e' } }
    configuration.services = {
      'a-b': { image: 'app', target: 'ecs', port: 80 },
      b: { image: 'app', target: 'ecs', port: 80 },
    }
    const checked = checkConfiguration(JSON.stringify(configuration))
    const messages = 'problems' in checked ? checked.problems.map(({ path, message }) => `${path} ${message}`) : []
    expect(messages).toContain(
      'services.b would share the target group "shop-e-a-b" in e-a with services.a-b in e; rename one of them',
    )
  })
})
